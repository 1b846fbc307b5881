import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Fact, Release } from '../../src/contract/contract.ts';
import { parseVersion } from '../../src/contract/version.ts';
import { disagreements, withoutNewest } from '../../src/prober/without-release.ts';

const read = (name: string) => JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'));
const facts: readonly Fact[] = read('codex-contract').facts;
const releases: readonly Release[] = read('codex-releases').releases;
const newest = releases.at(-1)?.version ?? parseVersion('0.0.0');

test('what only the newest release takes is gone, and all else stays open', () => {
  const before = withoutNewest(facts, releases);
  const since = facts.filter(({ ranges }) => ranges.some(({ from }) => from === newest)).map(({ subject }) => subject);
  expect(since.length).toBeGreaterThan(0);
  expect(before.flatMap(({ ranges }) => ranges).filter(({ from, to }) => from === newest || to === newest)).toEqual([]);
  for (const { subject, ranges } of before)
    expect(ranges.filter(({ to }) => to === undefined).length, subject).toBeGreaterThan(0);
});

test('two contracts that say the same disagree nowhere, and a lost fact shows', () => {
  if (!newest) throw new Error('no release');
  expect(disagreements(facts, facts, newest)).toEqual([]);
  expect(disagreements(facts, facts.slice(1), newest)).toHaveLength(1);
});
