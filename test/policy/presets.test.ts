import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { readPolicy } from '../../src/policy/read.ts';
import { parseYaml } from '../../src/source/yaml.ts';
import { codesOf, packageData, policyWith, tomlOf } from '../support/policies.ts';

const script = new Map([['mint.sh', new TextEncoder().encode('#!/bin/sh\n')]]);
const akto = (more: string): string => `relay: { preset: akto, endpoint: "https://a.example"${more} }\ntargets: {}\n`;

/** What the reader makes of a relay section. */
function relayOf(body: string) {
  const document = parseYaml({ name: 'policy.yaml', text: policyWith(body) }).value;
  const relay = document && readPolicy(document, packageData.contract).value?.relay;
  if (!relay) throw new Error('no relay');
  return relay;
}

test("akto has the vendor's hooks, limits and form of the token, and fails open", async () => {
  const relay = relayOf(akto(', auth: { token_file: { posix: /etc/t } }'));
  expect(relay.auth).toMatchObject({ header: 'Authorization', scheme: '' });
  expect([...relay.events].map(([name, { mode, onFailure }]) => [name, mode, onFailure])).toEqual([
    ['SessionStart', 'observe', 'open'],
    ['UserPromptSubmit', 'enforce', 'open'],
    ['PreToolUse', 'enforce', 'open'],
    ['PostToolUse', 'replace', 'open'],
    ['Stop', 'continue', 'open'],
  ]);
  const { hooks } = parse(await tomlOf(policyWith(akto('')))) as {
    hooks: Record<string, { hooks: { timeout: number }[] }[]>;
  };
  expect(hooks['PreToolUse']?.[0]?.hooks[0]?.timeout).toBe(10);
});

test.each([
  [akto(', settings: { MODE: Atlas }'), ['6:73 policy/wrong-format']],
  [akto(', settings: { DEVICE_ID: x }'), ['6:67 policy/setting-unknown']],
  [akto(', settings: { CONTEXT_SOURCE: "a b" }'), ['6:83 policy/wrong-format']],
  [akto(', settings: { MODE: atlas, CONTEXT_SOURCE: ENDPOINT, AKTO_CONNECTOR: codex_cli }'), []],
  ['relay: { preset: akto }\n', ['6:1 policy/relay-needs']],
  ['relay: { preset: akto, endpoint: "https://a.example/?x=1" }\n', ['6:34 policy/bad-endpoint']],
  ['relay: { preset: mintmcp, script: mint.sh, settings: { MINTMCP_USER: x } }\n', []],
  ['relay: { preset: mintmcp }\n', ['6:1 policy/relay-needs']],
  ['relay: { preset: mintmcp, script: mint.sh, endpoint: "https://a.example" }\n', ['6:44 policy/option-not-here']],
  ['relay: { preset: mintmcp, endpoint: "https://a.example" }\n', []],
  [
    'relay: { preset: mintmcp, endpoint: "https://a.example", settings: { MINTMCP_USER: x } }\n',
    ['6:70 policy/setting-unknown'],
  ],
  ['relay: { preset: custom, command: { posix: /opt/x }, script: mint.sh }\n', ['6:54 policy/option-not-here']],
])('%j', async (body, codes) => {
  const text = policyWith(body.includes('targets') ? body : `${body}targets: {}\n`);
  expect((await codesOf(text, script)).filter((line) => !/ advice\//.test(line))).toEqual(codes);
});

test('mintmcp with an address waits for the answer; on clients below 0.141.0 build warns', async () => {
  const modes = [...relayOf('relay: { preset: mintmcp, endpoint: "https://a.example" }\n').events.values()];
  expect(modes.map(({ mode, timeoutSeconds }) => [mode, timeoutSeconds])).toEqual([
    ['enforce', 5],
    ['replace', 5],
    ['enforce', 5],
  ]);
  const text = policyWith('relay: { preset: mintmcp, script: mint.sh }\ntargets: {}\n', { clients: '>=0.140.0' });
  expect(await codesOf(text, script)).toContain('6:18 policy/preset-clients');
});
