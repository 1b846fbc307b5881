import { expect, test } from 'vitest';
import type { CodexVersion } from '../../src/contract/version.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { nearest } from '../../src/source/suggest.ts';
import { validate } from '../../src/validate.ts';
import { packageData } from '../support/policies.ts';

function errors(text: string, version = '0.169.0'): Diagnostic[] {
  const { diagnostics } = validate({ name: 'x', text }, [version as CodexVersion], packageData.contract);
  return diagnostics.filter(({ severity }) => severity === 'error');
}

function codes(text: string, version?: string): string[] {
  return errors(text, version).map(({ location, code }) => `${location.line}:${location.column} ${code}`);
}

const swallowed = 'contract/root-key-after-table';

test.each([
  ['windows = [["elevated"]]', '0.136.0', []],
  ['windows = [["elevated"]]', '0.150.0', ['1:11 contract/wrong-type']],
  ['windows = [["elevated"], true]', '0.150.0', []],
  ['windows = [["elevated"]]', '0.156.0', []],
  ['windows = [["other"]]', '0.156.0', ['1:13 contract/unknown-value']],
  ['computer_use = [true]', '0.136.0', []],
  ['permissions = { filesystem = [["/srv/a"]] }', '0.130.0', []],
  ['permissions = { filesystem = [["/srv/a"]] }', '0.133.0', ['1:30 contract/wrong-type']],
  ['[[mcp_servers.a]]\ncommand = "a"\n[[mcp_servers.a]]', '0.136.0', ['3:15 contract/weakened']],
  ['[[mcp_servers.a]]\ncommand = "a"\n[[mcp_servers.a]]', '0.141.0', ['1:1 contract/wrong-type']],
])('a list is read in the place of a table as each release orders its members: %s on %s', (text, version, expected) => {
  expect(codes(text, version)).toEqual(expected);
});

test('hooks that are switched off make no session fail', () => {
  const hooks = '[hooks]\nmanaged_dir = "/h"\n[[hooks.Stop]]\nhooks = [{ type = "command", command = " " }]\n';
  expect(codes(hooks)).toEqual(['4:30 contract/session-fails']);
  expect(codes(`[features]\nhooks = false\n${hooks}`)).toContain('6:30 contract/hook-skipped');
});

test('a root key below a header names the table, its line, and where all of them belong', () => {
  const [first, second] = errors(
    '[features]\napps = false\n\n[hooks]\nmanaged_dir = "/h"\nallowed_sandbox_modes = ["read-only"]\nallow_appshots = false\n',
  );
  expect(first).toMatchObject({
    code: swallowed,
    message:
      '`allowed_sandbox_modes` belongs to the table `hooks` that begins on line 4, so it is no requirement: Codex ignores it without a word',
    help: 'move `allowed_sandbox_modes`, `allow_appshots` above line 1, before the first table (`features`)',
    location: { line: 6, column: 1 },
    related: [{ location: { line: 4 } }],
  });
  expect(second).toMatchObject({ code: swallowed, location: { line: 7 } });
});

test.each([
  ['[features]', 'allow_appshots = true', 'ignores it with a warning'],
  ['[features]', 'allowed_sandbox_modes = ["read-only"]', 'refuses the whole file'],
  ['[apps.a]', 'allow_appshots = true', 'ignores it without a word'],
  ['[mcp_servers]', 'allow_appshots = true', 'refuses the whole file'],
  ['[mcp_servers.a.identity]\ncommand = "a"', 'log_dir = "/x"', 'ignores it without a word'],
  ['[permissions.filesystem]\ndeny_read = ["/x"]', 'allow_appshots = true', 'ignores it with a warning'],
  [
    '[[remote_sandbox_config]]\nhostname_patterns = []\nallowed_sandbox_modes = ["read-only"]',
    'allow_appshots = true',
    'ignores it with a warning',
  ],
  ['[experimental_network]\nenabled = true', 'enforce_residency = "us"', 'ignores it with a warning'],
  ['[experimental_network.domains]\n"a.com" = "allow"', 'enforce_residency = "us"', 'refuses the whole file'],
])('%s swallows %s', (header, key, effect) => {
  const [found, ...more] = errors(`${header}\n${key}\n`);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ code: swallowed });
  expect(found?.message).toContain(effect);
});

test('keys that belong where they stand are not swallowed', () => {
  expect(codes('[mcp_servers.log_dir.identity]\ncommand = "a"\n')).toEqual([]);
  expect(
    codes('[[remote_sandbox_config]]\nhostname_patterns = ["a"]\nallowed_sandbox_modes = ["read-only"]\n'),
  ).toEqual([]);
});

test.each([
  ['managed_dir = "/h"', '[hooks]'],
  ['prefix_rules = []', '[rules]'],
  ['managed_allowed_domains_only = true', '[experimental_network]'],
  ['deny_read = []', '[permissions.filesystem]'],
  ['PreToolUse = []', '[hooks]'],
  ['codex_hooks = true', '[features]'],
])('at the root, %s belongs below %s', (line, table) => {
  const [found] = errors(`${line}\n`);
  expect(found).toMatchObject({ code: 'contract/table-key-at-root', help: expect.stringContaining(`\`${table}\``) });
});

test.each([
  ['approval_policy = "never"', 'write `allowed_approval_policies` if it is to be enforced'],
  ['sandbox_mode = "read-only"', 'write `allowed_sandbox_modes` if it is to be enforced'],
  ['model = "a"', 'write `models.new_thread.model` if it is to be enforced'],
  ['[sandbox_workspace_write]', 'write `permissions.<profile>` if it is to be enforced'],
  ['[tui]', 'move it to config.toml; there is no requirement like it'],
])('%s is a key of config.toml', (line, help) => {
  expect(errors(`${line}\n`)).toMatchObject([{ code: 'contract/config-key', help }]);
});

test.each([
  ['pre_tool_use', 'write `PreToolUse`'],
  ['PreToolUsed', 'write `PreToolUse`'],
  ['BeforeTool', 'write `PreToolUse`'],
  ['beforeSubmitPrompt', 'write `UserPromptSubmit`'],
  ['sessionstart', 'write `SessionStart`'],
  ['Notification', 'remove it: Codex has no such event'],
  ['Whatever', 'remove it; event names are case-sensitive'],
])('the event %s', (event, help) => {
  expect(errors(`[[hooks.${event}]]\n`)).toMatchObject([{ code: 'contract/unknown-event', help }]);
});

test('a handler that lies flat in its group is one mistake', () => {
  expect(codes('[[hooks.Stop]]\nmatcher = "*"\ntype = "command"\ncommand = "/a"\ntimeoutSec = 5\n')).toEqual([
    '3:1 contract/handler-in-group',
  ]);
  expect(errors('[hooks.Stop]\ntype = "command"\n')).toMatchObject([
    { code: 'contract/wrong-type', help: 'write `[[hooks.Stop]]`, with two brackets' },
  ]);
});

test.each([
  ['timeoutSec', '`timeoutSec` is ignored without a word; Codex calls it `timeout`'],
  ['timeout_ms', '`timeout_ms` is ignored without a word; Codex calls it `timeout`'],
  ['status_message', '`status_message` is ignored without a word; Codex calls it `statusMessage`'],
  [
    'additional_context_limit',
    '`additional_context_limit` is ignored without a word; Codex calls it `additionalContextLimit`',
  ],
  ['run', '`run` is ignored without a word; Codex calls it `command`'],
  ['env', 'handlers of Codex have no `env`, and it is ignored without a word'],
  ['once', 'handlers of Codex have no `once`, and it is ignored without a word'],
  ['matcher', 'handlers of Codex have no `matcher`, and it is ignored without a word'],
])('the handler field %s', (field, message) => {
  const text = `[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "/a"\n${field} = "x"\n`;
  expect(errors(text)).toMatchObject([{ code: 'contract/handler-field', message, location: { line: 5, column: 1 } }]);
});

test.each([
  ['allowed_sandbox_modes = "read-only"', 'write `["read-only"]`'],
  ['allow_appshots = "true"', 'write `true`, without quotes'],
  ['feedback = "off"', 'write a table with `enabled`'],
  ['rules = 5', 'write a table with `prefix_rules`'],
  ['[[computer_use]]\nallow_locked_computer_use = true', 'write `[computer_use]`, with one pair of brackets'],
  [
    'computer_use = 5',
    'write a table with one or more of `allow_locked_computer_use`, `allow_persistent_approval`, `default_app_access`, `macos` and 1 more',
  ],
  ['mcp_servers = true', 'write a table'],
  ['log_dir = ["/x"]', 'write `"/x"`, without brackets'],
  ['rules.prefix_rules = [{ pattern = ["git"], decision = "prompt" }]', 'write `{ token = "git" }`'],
  ['[[hooks.Stop]]\nhooks = [{ type = "command", command = "/a", timeout = 1.5 }]', 'write `2`, a whole number'],
  [
    '[[hooks.Stop]]\nhooks = [{ type = "command", command = "/a", timeout = "30s" }]',
    'write `30`, without quotes and unit',
  ],
])('the wrong kind of value in %s', (text, help) => {
  expect(errors(`${text}\n`)).toMatchObject([{ code: 'contract/wrong-type', help }]);
});

test.each([
  ['allowed_approval_policy', 'allowed_approval_policies'],
  ['allowedSandboxModes', 'allowed_sandbox_modes'],
  ['allowed-web-search-mode', 'allowed_web_search_modes'],
  ['sandbox_modes', 'allowed_sandbox_modes'],
  ['managed_hooks_only', 'allow_managed_hooks_only'],
  ['alow_appshots', 'allow_appshots'],
  ['hoosk', 'hooks'],
  ['feature', 'features'],
  ['nothing_like_it', undefined],
])('%s means %s', (name, expected) => {
  expect(nearest(name, packageData.contract.root.members.keys())).toBe(expected);
});

test('each of thousands of swallowed keys is named', () => {
  const tables = Array.from({ length: 2000 }, (_, at) => `[apps.a${at}]\nlog_dir = "/x"\nallow_appshots = true\n`);
  expect(new Set(codes(tables.join(''))).size).toBe(4000);
});
