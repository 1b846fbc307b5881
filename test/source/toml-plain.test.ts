import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseToml } from '../../src/source/toml.ts';
import { plainToml } from '../../src/source/toml-plain.ts';
import { builtRequirements, damagedToml } from '../support/damaged-toml.ts';

describe('the fast reader', () => {
  test('never reads a text otherwise than the one with places', () => {
    fc.assert(
      fc.property(damagedToml, (text) => {
        const plain = plainToml(text);
        if (plain !== undefined) expect(plain).toEqual(parseToml({ name: 'r.toml', text }).value?.value);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 300) },
    );
  });

  test('reads every example by itself', () => {
    for (const text of builtRequirements) expect(plainToml(text)).toBeDefined();
  });

  test.each([
    ['a date', 'a = 2020-01-01\n'],
    ['an integer beyond 64 bits', 'a = 9223372036854775808\n'],
    ['infinity', 'a = inf\n'],
    ['a byte order mark', '\ufeffa = 1\n'],
    ['a line end of Windows in a text of several lines', 'a = """x\r\ny"""\n'],
    ['a mistake', 'a = 1\na = 2\n'],
    ['tables beyond the depth that we follow', `${'[a'.repeat(1)}${'.a'.repeat(64)}]\nb = 1\n`],
  ])('leaves %s to the other', (_, text) => {
    expect(plainToml(text)).toBeUndefined();
  });
});
