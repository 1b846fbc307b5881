import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/contract/contract.ts';
import { type Change, changed, contractText, releasesText } from '../../src/prober/changes.ts';
import { releasesOf, v } from '../support/versions.ts';

const releases = releasesOf('0.77.0', '0.78.0', '0.79.0', '0.80.0');
const fact: Fact = {
  subject: 'b',
  kind: 'key',
  type: 'boolean',
  ranges: [
    { from: v('0.77.0'), to: v('0.78.0'), effect: 'ignored' },
    { from: v('0.79.0'), effect: 'enforced' },
  ],
  evidence: 'measured',
};
const effect = (from: string, to: string | undefined, what: 'ignored' | 'enforced'): Change => ({
  kind: 'effect',
  subject: 'b',
  from: v(from),
  ...(to === undefined ? {} : { to: v(to) }),
  effect: what,
  evidence: 'seen',
});
const rangesAfter = (change: Change) =>
  changed([fact], [change], releases)[0]?.ranges.map(({ from, to, effect: what }) => `${from}-${to ?? ''} ${what}`);

describe('a change of ranges', () => {
  test('closes the open range and opens another', () => {
    expect(rangesAfter(effect('0.80.0', undefined, 'ignored'))).toEqual([
      '0.77.0-0.78.0 ignored',
      '0.79.0-0.79.0 enforced',
      '0.80.0- ignored',
    ]);
  });
  test('moves a boundary, and joins neighbours that say the same', () => {
    expect(rangesAfter(effect('0.78.0', '0.78.0', 'enforced'))).toEqual(['0.77.0-0.77.0 ignored', '0.78.0- enforced']);
    expect(rangesAfter(effect('0.79.0', undefined, 'ignored'))).toEqual(['0.77.0- ignored']);
  });
  test('tells how it is known', () => {
    expect(changed([fact], [effect('0.80.0', undefined, 'ignored')], releases)[0]?.evidence).toBe('measured; seen');
  });
});

test('a new fact takes its place in the order of code units, and never replaces one', () => {
  const add = (subject: string): Change => ({ kind: 'add', fact: { ...fact, subject, evidence: 'new' } });
  const after = changed([fact], [add('c'), add('B'), add('b')], releases);
  expect(after.map(({ subject, evidence }) => `${subject} ${evidence}`)).toEqual(['B new', 'b measured', 'c new']);
});

test('a new stage of a flag is added to those before', () => {
  const flag: Fact = { ...fact, kind: 'flag', stages: [{ from: v('0.77.0'), stage: 'beta', default: false }] };
  const stage: Change = { kind: 'stage', subject: 'b', from: v('0.80.0'), stage: 'stable', default: true };
  expect(changed([flag], [stage], releases)[0]?.stages?.map((one) => one.stage)).toEqual(['beta', 'stable']);
});

test('the files on disk are what the writers write: an update without news changes no byte', () => {
  const contract = readFileSync('schemas/codex-contract.json', 'utf8');
  const registry = readFileSync('schemas/codex-releases.json', 'utf8');
  const { schemaVersion, facts } = JSON.parse(contract);
  expect(contractText(schemaVersion, changed(facts, [], JSON.parse(registry).releases))).toBe(contract);
  expect(releasesText(JSON.parse(registry).releases)).toBe(registry);
});
