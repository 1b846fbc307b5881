import { describe, expect, test } from 'vitest';
import { readToml } from '../../../src/codex/observe-leaves.ts';
import { allCases } from './cases.ts';
import { type Mutant, mutantOf, sourcesOf } from './mutants.ts';
import { randomFrom } from './random.ts';

const files = allCases()
  .filter(({ name }) => name.startsWith('samples/'))
  .map(({ bytes }) => new TextDecoder().decode(bytes));

function drawn(seed: number, count: number): Mutant[] {
  const random = randomFrom(seed);
  const sources = sourcesOf(files, ['read-only']);
  return Array.from({ length: count }, () => mutantOf(sources, random)).filter((mutant) => mutant !== undefined);
}

describe('mutants', () => {
  const some = drawn(1, 2000);

  test('the same seed gives the same, another one others', () => {
    expect(drawn(1, 200)).toEqual(some.slice(0, drawn(1, 200).length));
    expect(drawn(2, 200)).not.toEqual(drawn(1, 200));
  });

  test('hardly a draw is lost, and hardly two are alike', () => {
    expect(some.length).toBeGreaterThan(1600);
    expect(new Set(some.map(({ toml }) => toml)).size).toBeGreaterThan(0.8 * some.length);
  });

  test.each([
    'drop',
    'move',
    'rename',
    'swap the value',
    'duplicate an item',
    'add an item',
    'duplicate under another name',
    'duplicate a line',
    'nest in itself',
    'nest deeper',
    'combine',
    'retype to []',
    'retype to {}',
    'retype to no text',
    'retype to a date',
    'retype to 2^63 - 1',
    'retype to its first item',
  ])('%s', (kind) => expect(some.some((mutant) => mutant.kind === kind)).toBe(true));

  test('all are TOML but for some where a line stands twice', () => {
    const broken = some.filter(({ toml }) => readToml(toml) === undefined).map(({ kind }) => kind);
    expect([...new Set(broken)]).toEqual(['duplicate a line']);
  });

  test('the files that they are made of stay as they are', () => {
    const sources = sourcesOf(files, []);
    const before = JSON.stringify(sources, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    const random = randomFrom(3);
    for (let draw = 0; draw < 500; draw += 1) mutantOf(sources, random);
    expect(JSON.stringify(sources, (_, value) => (typeof value === 'bigint' ? String(value) : value))).toBe(before);
  });
});
