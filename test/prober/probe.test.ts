import { expect, test } from 'vitest';
import { readContract } from '../../src/contract/tree.ts';
import { casesOf } from '../../src/prober/cases.ts';
import type { Codex, Depth } from '../../src/prober/codex.ts';
import { askAll } from '../../src/prober/probe.ts';
import { releasesOf, v } from '../support/versions.ts';

const version = v('0.77.0');
const common = { ranges: [{ from: version, effect: 'enforced' }], evidence: 'a test' } as const;
const cases = casesOf(
  readContract(releasesOf('0.77.0'), [
    { subject: 'config_server', kind: 'key', type: 'table', ...common },
    { subject: 'config_server.base_url', kind: 'key', type: 'string', ...common },
    { subject: '<unknown>', kind: 'unknown', ...common },
  ]),
);

/** How deep a release is asked about the address of a configuration server, and what is seen of it. */
async function asked(knowsServers: boolean) {
  const depths: Depth[] = [];
  const codex: Codex = {
    version,
    binary: '',
    ask: async (text, depth) => {
      if (text.includes('base_url = "')) depths.push(depth);
      const isFault = /config_server = 5|base_url = 5/.test(text);
      if (knowsServers && isFault) return { what: 'refused', message: 'invalid type' };
      return depth === 'cli' ? { what: 'taken' } : { what: 'warned', message: 'ignored' };
    },
    flags: async () => new Map(),
    warnings: async () => [],
    close: async () => undefined,
  };
  const outcomes = await askAll(codex, cases);
  return { depths: new Set(depths), seen: outcomes.get('config_server.base_url (good)')?.what };
}

test('a release that knows a key which needs a server is not started with it', async () => {
  expect(await asked(true)).toEqual({ depths: new Set(['cli']), seen: 'taken' });
});

test('one that passes over the key is: its warning shows there', async () => {
  expect(await asked(false)).toEqual({ depths: new Set(['cli', 'start']), seen: 'warned' });
});
