import { readToml, type TomlValue } from '../../../src/codex/observe-leaves.ts';
import { pick, type Random } from './random.ts';

/** A name with one slip: of the fingers, of the case, of the way to part words, of the number. */
export function misspelt(name: string, random: Random): string {
  const at = Math.floor(random() * name.length);
  const letter = name[at] ?? 'x';
  const slips: readonly (() => string)[] = [
    () => name.slice(0, at) + name.slice(at + 1),
    () => name.slice(0, at) + letter + name.slice(at),
    () => name.slice(0, at) + (name[at + 1] ?? '') + letter + name.slice(at + 2),
    () => name.slice(0, at) + (letter === 'e' ? 'a' : 'e') + name.slice(at + 1),
    () => name.toUpperCase(),
    () => (name[0] ?? '').toUpperCase() + name.slice(1),
    () => name.replaceAll(/[_-]([a-z])/g, (_, next: string) => next.toUpperCase()),
    () => name.replaceAll(/(?!^)[A-Z]/g, '_$&').toLowerCase(),
    () => (name.includes('_') ? name.replaceAll('_', '-') : name.replaceAll('-', '_')),
    () => (name.endsWith('s') ? name.slice(0, -1) : `${name}s`),
    () => ` ${name}`,
  ];
  return pick(slips, random)?.() ?? name;
}

type Form = readonly [form: string, value: TomlValue];

/** The same value in another form. */
export function formsOf(value: TomlValue): readonly Form[] {
  const first = Array.isArray(value) ? value[0] : undefined;
  return [
    ['a list of it', [value]],
    ['a table of it', { value }],
    ['its text', String(value)],
    ...(first === undefined ? [] : [['its first item', first] as const]),
  ];
}

/** Each kind of TOML, empty forms, and numbers at limits. */
export const anyValues: readonly Form[] = [
  ['true', true],
  ['false', false],
  ['no text', ''],
  ['a blank', ' '],
  ['a text', 'example'],
  ['0', 0n],
  ['1', 1n],
  ['-1', -1n],
  ...[16n, 31n, 32n, 63n].flatMap((bits): Form[] => {
    const limit = 2n ** bits;
    // No TOML number is larger than a signed one of 64 bits.
    return [[`2^${bits} - 1`, limit - 1n], ...(bits < 63n ? [[`2^${bits}`, limit] as const] : [])];
  }),
  ['-2^63', -(2n ** 63n)],
  ['a fraction', 1.5],
  ['inf', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
  ['[]', []],
  ['{}', {}],
  ['[[]]', [[]]],
  ['[{}]', [{}]],
  ['a list of texts', ['example']],
  ['a list of numbers', [1n]],
  ['a list of many kinds', ['example', 1n, true]],
  ['a table', { example: 1n }],
  ['a table of tables', { example: {} }],
  ...['1979-05-27T07:32:00Z', '1979-05-27', '07:32:00'].map(
    (text): Form => ['a date', readToml(`date = ${text}`)?.['date'] ?? text],
  ),
];
