import { describe, expect, test } from 'vitest';
import { type Contract, effectOn, type Fact } from '../../src/contract/contract.ts';
import { readContract } from '../../src/contract/tree.ts';
import { changed } from '../../src/prober/changes.ts';
import type { Codex } from '../../src/prober/codex.ts';
import { askFlags, flagDifferences, flagNames } from '../../src/prober/flags.ts';
import { proposal } from '../../src/prober/report.ts';
import { releasesOf, v } from '../support/versions.ts';

const newest = v('0.79.0');
const releases = releasesOf('0.77.0', '0.78.0', '0.79.0');
const flag = (name: string): Fact => ({
  subject: `features.${name}`,
  kind: 'flag',
  stages: [{ from: v('0.77.0'), stage: 'stable', default: true }],
  ranges: [
    { from: v('0.77.0'), to: v('0.77.0'), effect: 'ignored' },
    { from: v('0.78.0'), effect: 'enforced' },
  ],
  evidence: 'a test',
});
const contract = readContract(releases, [
  {
    subject: 'features',
    kind: 'key',
    type: 'map',
    ranges: [{ from: v('0.77.0'), effect: 'enforced' }],
    evidence: 'a test',
  },
  flag('kept'),
  flag('off_only'),
]);

/** A release that keeps some flags off, whatever is pinned. */
function release(keptOff: readonly string[]): Codex {
  return {
    version: newest,
    binary: '',
    ask: async () => ({ what: 'taken' }),
    flags: async (text) =>
      new Map(
        ['kept', 'off_only'].map((name) => {
          const pin = new RegExp(`^"${name}" = (true|false)$`, 'm').exec(text)?.[1];
          return [name, { stage: 'stable', isOn: pin !== 'false' && !keptOff.includes(name) }];
        }),
      ),
    warnings: async () => [],
    close: async () => undefined,
  };
}

async function proposed(codex: Codex, of: Contract) {
  const flags = await askFlags(codex, flagNames(of), true);
  const probe = {
    version: newest,
    cases: [],
    outcomes: new Map(),
    seen: new Map(),
    flags: { ...flags, listed: new Map() },
    differences: flagDifferences(of, flags, newest),
    discoveries: [],
    remarks: [],
  };
  return changed(of.facts, proposal(probe, of, undefined).changes, releases);
}

test.each([0, 1, 4])('a pin that stops the release is found though no message names it (%i)', async (at) => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const stopper = names[at] ?? '';
  const codex: Codex = {
    ...release([]),
    ask: async (text) =>
      text.includes(`"${stopper}"`) ? { what: 'refused', message: 'use the other name' } : { what: 'taken' },
  };
  const { pins } = await askFlags(codex, names, true);
  expect(names.filter((name) => pins.get(name) === 'refused')).toEqual([stopper]);
});

test('a pin that stops the app-server alone is found as well', async () => {
  const names = ['a', 'b', 'c'];
  const codex: Codex = {
    ...release([]),
    ask: async (text, depth) =>
      depth === 'start' && text.includes('"b" = true') ? { what: 'no-start', message: 'sign in' } : { what: 'taken' },
  };
  const { values } = await askFlags(codex, names, true);
  expect([...values].filter(([, became]) => became === 'refused')).toEqual([['features.b=true', 'refused']]);
});

describe('a pin that holds one way only', () => {
  test('is a fact about that value, from this release on, and the flag stays as it was', async () => {
    const facts = await proposed(release(['off_only']), contract);
    const value = facts.find(({ subject }) => subject === 'features.off_only=true');
    expect(value?.ranges).toEqual([
      { from: '0.77.0', to: '0.77.0', effect: 'ignored' },
      { from: '0.78.0', to: '0.78.0', effect: 'enforced' },
      { from: '0.79.0', effect: 'ignored' },
    ]);
    expect(facts.filter(({ subject }) => subject !== 'features.off_only=true')).toEqual(contract.facts);
    const again = readContract(releases, facts);
    expect(flagDifferences(again, await askFlags(release(['off_only']), flagNames(again), true), newest)).toEqual([]);
  });

  test('shows when it holds again', async () => {
    const before = readContract(releases, await proposed(release(['off_only']), contract));
    const facts = await proposed(release([]), before);
    const value = facts.find(({ subject }) => subject === 'features.off_only=true');
    expect(value && effectOn(value, newest)).toBe('enforced');
  });

  test('is no difference where both hold', async () => {
    expect(await proposed(release([]), contract)).toEqual(contract.facts);
  });
});
