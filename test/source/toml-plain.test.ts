import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseToml } from '../../src/source/toml.ts';
import { plainToml } from '../../src/source/toml-plain.ts';

const examples = readdirSync('dist-profiles').map((name) =>
  readFileSync(`dist-profiles/${name}/device/requirements.toml`, 'utf8'),
);

const seeds = [
  ...examples.map((text) => text.slice(0, 1500)),
  'a.b = 1\n[x]\ny = {a=1,b.c=[1,2,{d="x"}],}\n[[t]]\nz="""a\\\n  b"""\n[[t.u]]\nk=\'\'\'x\'\'\'\n[t.u.v]\nn=0x1F\nm=1_0.5e-3\nd=2020-01-01T10:00:00Z\n"q q"=true\nf=inf\n',
];

/** Pieces that make and break TOML. */
const pieces =
  '[|]|{|}|=|.|,|\n|\r|\r\n|"|\'|"""|#|\\|\\u00e9|\\ud800|\\x41|\\e|1|0|-|+|_|e|inf|true| |\t|\u0000|\u007f|é|\u2028|[[|]]|a|a.b|hooks|07:32|2020-02-30|0b12|99999999999999999999|\ufeff|\\\n|"" = 1\n'.split(
    '|',
  );

const damaged = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ...pieces), fc.nat(8)), { minLength: 1, maxLength: 4 }),
  )
  .map(([seed, edits]) => {
    let text = seed;
    for (const [offset, piece, gone] of edits) {
      const at = offset % (text.length + 1);
      text = text.slice(0, at) + piece + text.slice(at + gone);
    }
    return text;
  });

describe('the fast reader', () => {
  test('never reads a text otherwise than the one with places', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const plain = plainToml(text);
        if (plain !== undefined) expect(plain).toEqual(parseToml({ name: 'r.toml', text }).value?.value);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 300) },
    );
  });

  test('reads every example by itself', () => {
    for (const text of examples) expect(plainToml(text)).toBeDefined();
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
