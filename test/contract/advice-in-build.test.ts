import { expect, test } from 'vitest';
import { codesOf, compileText, policyWith } from '../support/policies.ts';

const hooks = (group: string): string =>
  policyWith(`requirements:\n  features: { hooks: true }\n  hooks:\n    managed_dir: /etc/codex/hooks\n    ${group}\n`);

test('build gives the advice of validate at the policy’s own key', async () => {
  expect(
    await codesOf(hooks('PreToolUse: [{ matcher: shell, hooks: [{ type: command, command: ~/a.sh, timeout: 30m }] }]')),
  ).toEqual(['10:29 advice/matcher-matches-nothing', '10:70 advice/command-home', '10:87 advice/timeout-long']);
});

test('build says in its own words what it states itself, and says it once', async () => {
  expect(
    await codesOf(hooks('Stop: [{ matcher: x, hooks: [{ type: command, command: /etc/codex/hooks/a }] }]')),
  ).toEqual(['10:14 policy/matcher-ignored']);
  expect(
    await codesOf(
      policyWith(
        'requirements:\n  features: { hooks: false }\n  hooks: { Stop: [{ hooks: [{ type: command, command: /a }] }] }\n',
      ),
    ),
  ).toEqual(['7:22 policy/hooks-switched-off']);
  expect(
    await codesOf(
      policyWith(
        'requirements:\n  mcp_servers: { a: { identity: { command: a, url: "https://a.example" } } }\n  mcp_servers_: {}\n',
      ),
    ),
  ).toEqual(['7:47 policy/mcp-identity-both', '8:3 contract/unknown-key']);
});

test('a policy has no table headers: a key of the root belongs to `requirements`', async () => {
  const { diagnostics } = await compileText(
    policyWith('requirements:\n  features: { hooks: true }\n  apps: { a: { allow_appshots: false } }\n'),
  );
  expect(diagnostics).toMatchObject([
    {
      code: 'contract/root-key-after-table',
      help: 'move `allow_appshots` to the root of the requirements',
      location: { line: 8, column: 16 },
    },
  ]);
});
