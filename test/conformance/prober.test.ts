import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Fact, Release } from '../../src/contract/contract.ts';
import { readContract } from '../../src/contract/tree.ts';
import { parseVersion } from '../../src/contract/version.ts';
import { casesOf } from '../../src/prober/cases.ts';
import { openCodex } from '../../src/prober/codex.ts';
import { differences, remarksOn, seenOf } from '../../src/prober/facts-seen.ts';
import { askAll } from '../../src/prober/probe.ts';
import { testWith } from '../support/programs.ts';

const read = (name: string) => JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'));
const facts: readonly Fact[] = read('codex-contract').facts;
const releases: readonly Release[] = read('codex-releases').releases;
const [version] = (process.env['CONFORMANCE_VERSIONS'] ?? '').split(',').flatMap((text) => parseVersion(text) ?? []);

// Some of the questions: all of them are `npm run contract:probe`.
testWith(
  ['root namespaces'],
  `the prober sees on Codex ${version} what the contract says of prefix rules`,
  async () => {
    if (!version) throw new Error('these checks are run by: npm run conformance');
    const contract = readContract(releases, facts);
    const cases = casesOf(contract).filter(({ subject }) => /^(?:<unknown>|rules)/.test(subject));
    const codex = await openCodex(version);
    try {
      const outcomes = await askAll(codex, cases);
      const seen = seenOf(cases, outcomes);
      expect(seen.size).toBeGreaterThan(20);
      expect(differences(contract, seen, version)).toEqual([]);
      expect(remarksOn(cases, outcomes, seen, version)).toEqual([]);
    } finally {
      await codex.close();
    }
  },
  300_000,
);
