import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

/** The requirements of every built example. */
export const builtRequirements = readdirSync('dist-profiles').map((name) =>
  readFileSync(`dist-profiles/${name}/device/requirements.toml`, 'utf8'),
);

const seeds = [
  ...builtRequirements.map((text) => text.slice(0, 1500)),
  'a.b = 1\n[x]\ny = {a=1,b.c=[1,2,{d="x"}],}\n[[t]]\nz="""a\\\n  b"""\n[[t.u]]\nk=\'\'\'x\'\'\'\n[t.u.v]\nn=0x1F\nm=1_0.5e-3\nd=2020-01-01T10:00:00Z\n"q q"=true\nf=inf\n',
];

/** Pieces that make and break TOML, and what they may part. */
const pieces = [
  ...['[', ']', '{', '}', '=', '.', ',', '\n', '\r', '\r\n', '"', "'", '"""', '#', '|', ' ', '\t', '[[', ']]', '\\\n'],
  ...['\\', '\\u00e9', '\\ud800', '\\x41', '\\e', '\u0000', '\u007f', 'é', '\u2028', '\ufeff', '😀'],
  ...['1', '0', '-', '+', '_', 'e', 'inf', 'true', '07:32', '2020-02-30', '0b12', '99999999999999999999'],
  ...['a', 'a.b', 'hooks', 'features', 'allowed_sandbox_modes = ["read-only"]\n', '"" = 1\n', 'timeoutSec = 5\n'],
];

/** A TOML file of Codex with a few pieces put in, taken out or put over others. */
export const damagedToml = fc
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
