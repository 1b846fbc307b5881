import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { codesOf, compileText, policyWith, tomlOf } from '../support/policies.ts';

type Toml = {
  features?: Record<string, boolean>;
  hooks: Record<
    string,
    { matcher?: string; hooks: { command: string; command_windows?: string; timeout: number }[] }[]
  >;
};

async function requirements(text: string, files?: ReadonlyMap<string, Uint8Array>): Promise<Toml> {
  return parse(await tomlOf(text, files)) as unknown as Toml;
}

const endpoint = 'endpoint: "https://a.example"';

test('without events, every event that all clients know is observed', async () => {
  const { hooks } = await requirements(policyWith(`relay: { ${endpoint} }\ntargets: {}\n`, { clients: '>=0.141.0' }));
  expect(Object.keys(hooks).sort()).toEqual(
    [
      'managed_dir',
      'PermissionRequest',
      'PostCompact',
      'PostToolUse',
      'PreCompact',
      'PreToolUse',
      'SessionStart',
      'Stop',
      'SubagentStart',
      'SubagentStop',
      'UserPromptSubmit',
    ].sort(),
  );
});

test.each([
  ['>=0.129.0', { hooks: true }],
  ['>=0.125.0', { codex_hooks: true }],
])('clients %s are pinned by %j', async (clients, features) => {
  const toml = await requirements(
    policyWith(`relay: { ${endpoint}, events: { Stop: observe } }\ntargets: {}\n`, { clients }),
  );
  expect(toml.features).toEqual(features);
});

test("the administrator's own pin, other features and hooks stay, and the relay's groups follow", async () => {
  const { features, hooks } = await requirements(
    policyWith(
      `requirements: { features: { hooks: true, apps: false }, hooks: { managed_dir: /opt/h, Stop: [{ hooks: [{ type: command, command: /own }] }] } }\nrelay: { ${endpoint}, events: { Stop: observe } }\ntargets: {}\n`,
    ),
  );
  expect(features).toEqual({ hooks: true, apps: false });
  expect(hooks['managed_dir']).toBe('/opt/h');
  expect(hooks['Stop']?.map((group) => group.hooks[0]?.command.includes('/opt/h/codex-relay'))).toEqual([false, true]);
});

test("the hook's own limit is 5 s above the exchange's, and 1 s at the short events", async () => {
  const { hooks } = await requirements(
    policyWith(
      `relay: { ${endpoint}, timeout: 7s, events: { Stop: observe, PreToolUse: { mode: enforce, timeout: 2s, matcher: "^Bash$" }, SessionEnd: observe, Interrupt: observe } }\ntargets: {}\n`,
    ),
  );
  const limits = ['Stop', 'PreToolUse', 'SessionEnd', 'Interrupt'].map((event) => hooks[event]?.[0]?.hooks[0]?.timeout);
  expect(limits).toEqual([12, 7, 1, 1]);
  expect(hooks['PreToolUse']?.[0]?.matcher).toBe('^Bash$');
  expect(hooks['Stop']?.[0]?.matcher).toBeUndefined();
});

test("a finding about the relay stands at the policy's key, and can be accepted there", async () => {
  const relay = `relay: { ${endpoint}, events: { Stop: observe, SessionEnd: observe } }\ntargets: {}\n`;
  expect(await codesOf(policyWith(relay, { clients: '>=0.141.0' }))).toEqual([
    '4:10 policy/clients-split',
    '6:66 contract/key-too-new',
  ]);
  const refused = (await compileText(policyWith(relay, { clients: '>=0.141.0' }))).diagnostics.at(-1);
  expect(refused?.help).toContain('`- { finding: contract/key-too-new, path: relay.events.SessionEnd, reason: … }`');
  const accepted = `${relay}accept: [{ finding: contract/key-too-new, path: relay.events.SessionEnd, reason: soon gone }]\n`;
  const { value, diagnostics } = await compileText(policyWith(accepted, { clients: '>=0.141.0' }));
  expect(diagnostics).toEqual([]);
  const read = (path: string) => new TextDecoder().decode(value?.artifacts.find((one) => one.path === path)?.bytes);
  expect(JSON.parse(read('bundle.json')).accepted).toEqual([
    { finding: 'contract/key-too-new', path: 'relay.events.SessionEnd', reason: 'soon gone' },
  ]);
  expect(read('README.md')).toContain('soon gone');
});

test('the vendor preset ships its script unchanged and has its own events', async () => {
  const files = new Map([['v/mint.sh', new TextEncoder().encode('#!/bin/sh\nexit 0\n')]]);
  const text = policyWith('relay: { preset: mintmcp, script: v/mint.sh }\ntargets: {}\n');
  const { hooks } = await requirements(text, files);
  expect(Object.keys(hooks).sort()).toEqual(['PostToolUse', 'PreToolUse', 'UserPromptSubmit', 'managed_dir']);
  expect(hooks['PreToolUse']?.[0]).toMatchObject({ matcher: '*', hooks: [{ timeout: 600 }] });
  const { value } = await compileText(text, files);
  expect(value?.artifacts.find(({ path }) => path === 'device/mint.sh')).toMatchObject({
    mode: 0o755,
    bytes: files.get('v/mint.sh'),
  });
});
