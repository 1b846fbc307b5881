import { describe, expect, test } from 'vitest';
import { type KeyPath, locate } from '../../src/source/document.ts';
import type { SourceLocation } from '../../src/source/source-file.ts';
import { parseToml, type TomlOptions } from '../../src/source/toml.ts';

const read = (text: string, options?: TomlOptions) => parseToml({ name: 'r.toml', text }, options);
const place = (l: SourceLocation) => `${l.line}:${l.column}-${l.endLine}:${l.endColumn}`;
const found = (text: string, options?: TomlOptions) =>
  read(text, options).diagnostics.map((d) => `${d.code} ${place(d.location)}`);

describe('values', () => {
  test.each([
    ['30', 30n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
    ['0x1F', 31n],
    ['1_000', 1000n],
    ['30.0', 30],
    ['true', true],
    ['"ü\\u00fc😀"', 'üü😀'],
    ["'C:\\x'", 'C:\\x'],
    ['"""\na\n"b"\n"""', 'a\n"b"\n'],
    ['1979-05-27T07:32:00Z', { dateTime: '1979-05-27T07:32:00Z' }],
    ['07:32:00', { dateTime: '07:32:00' }],
    ['[1, [2]]', [1n, [2n]]],
  ])('%s', (text, expected) => {
    expect(read(`a = ${text}\n`).value?.value['a']).toEqual(expected);
  });

  test('tables of all kinds, with names that objects inherit', () => {
    const text =
      'x.y = 1\n[a.b]\nc = { __proto__ = { d.e = 2 } }\n[[l]]\n[l.m]\nn = 3\n[[l]]\n[a]\nz = 4\n["constructor"]\n';
    const value = read(text).value?.value;
    const show = (data: unknown) => JSON.stringify(data, (_, x) => (typeof x === 'bigint' ? Number(x) : x));
    expect(show(value)).toBe(
      '{"x":{"y":1},"a":{"b":{"c":{"__proto__":{"d":{"e":2}}}},"z":4},"l":[{"m":{"n":3}},{}],"constructor":{}}',
    );
    expect(value?.['toString']).toBeUndefined();
  });

  test('TOML 1.1 unless 1.0 is asked for', () => {
    const text = 'a = {\n  b = 1,\n}\nc = "\\e"\nd = 07:32\n';
    expect(found(text)).toEqual([]);
    expect(found(text, { dialect: '1.0' })).toEqual(['toml/syntax 2:3-2:4']);
  });
});

describe('places', () => {
  const text =
    '# 😀\r\ntop.inner = "😀" # x\r\n[ hooks . "odd key" ]\r\nk\t=\t[1, { b = 2 }]\r\n[[list]]\r\nx = 1\r\n[[list]]\r\n[list.sub]\r\ny = 2\r\n[hooks]\r\n';
  const document = read(text).value;
  const cases: [KeyPath, string, string][] = [
    [['top'], '2:1-2:4', '2:1-2:4'],
    [['top', 'inner'], '2:5-2:10', '2:13-2:17'],
    [['hooks'], '10:2-10:7', '10:1-10:8'],
    [['hooks', 'odd key'], '3:11-3:20', '3:1-3:22'],
    [['hooks', 'odd key', 'k'], '4:1-4:2', '4:5-4:19'],
    [['hooks', 'odd key', 'k', 0], '4:6-4:7', '4:6-4:7'],
    [['hooks', 'odd key', 'k', 1, 'b'], '4:11-4:12', '4:15-4:16'],
    [['list'], '5:3-5:7', '5:1-5:9'],
    [['list', 1], '7:3-7:7', '7:1-7:9'],
    [['list', 1, 'sub'], '8:7-8:10', '8:1-8:11'],
    [['list', 1, 'sub', 'y'], '9:1-9:2', '9:5-9:6'],
    [['list', 5], '5:3-5:7', '5:1-5:9'],
  ];
  test.each(cases)('%j', (path, key, value) => {
    if (!document) throw new Error('not read');
    expect([place(locate(document, path, 'key')), place(locate(document, path, 'value'))]).toEqual([key, value]);
  });
});

describe('refused', () => {
  test.each([
    ['a = never', 'toml/syntax 1:5-1:10'],
    ['a = True', 'toml/syntax 1:5-1:9'],
    ['a = “x”', 'toml/syntax 1:5-1:8'],
    ['a = ', 'toml/syntax 1:5-1:5'],
    ['a', 'toml/syntax 1:2-1:2'],
    ['a b = 1', 'toml/syntax 1:3-1:4'],
    ['[a', 'toml/syntax 1:3-1:3'],
    ['[a]b=1', 'toml/syntax 1:4-1:5'],
    ['a = "x', 'toml/syntax 1:5-1:6'],
    ['b = "\\""\na = """x\n', 'toml/syntax 2:5-2:6'],
    ['a = "\\q"', 'toml/syntax 1:7-1:8'],
    ['a = 01', 'toml/syntax 1:5-1:7'],
    ['a = 1__0', 'toml/syntax 1:7-1:9'],
    ['a = [1 2]', 'toml/syntax 1:8-1:9'],
    ['a = 2026-13-01', 'toml/syntax 1:5-1:15'],
    ['a = "\\uD800"', 'toml/syntax 1:11-1:12'],
    ['# \x07', 'toml/syntax 1:3-1:4'],
    ['a = 1\rb = 2', 'toml/syntax 1:6-1:7'],
    ['a: 1', 'toml/syntax 1:2-1:3'],
    ['a = 9223372036854775808', 'toml/number-range 1:5-1:24'],
    ['a = 1e400', 'toml/number-range 1:5-1:10'],
    ['a = [-9223372036854775809]', 'toml/number-range 1:6-1:26'],
  ])('%j', (text, expected) => {
    expect(found(text)).toEqual([expected]);
    expect(read(text).value).toBeUndefined();
  });

  test.each([
    ['a=1\na=2', '2:1-2:2', '1:1-1:2'],
    ['[a]\n[a]', '2:2-2:3', '1:2-1:3'],
    ['[a.b]\nx=1\n[a]\nb.c=2', '4:1-4:2', '1:4-1:5'],
    ['[a.b.c]\n[a]\nb.d = 1', '3:1-3:2', '1:4-1:5'],
    ['a.b = 1\n[a]\n', '2:2-2:3', '1:1-1:2'],
    ['a = [{ b = 1, "b" = 2 }]', '1:15-1:18', '1:8-1:9'],
    ['[[a]]\n[a]', '2:2-2:3', '1:3-1:4'],
    ['a = []\n[[a]]', '2:3-2:4', '1:1-1:2'],
    ['[[a]]\n[a.b]\nc=1\n[[a]]\n[a.b]\nc=1\nc=2', '7:1-7:2', '6:1-6:2'],
    ['"duplicate-0" = 1\nb = 1\nb = 2', '3:1-3:2', '2:1-2:2'],
  ])('twice: %j', (text, second, first) => {
    const { value, diagnostics } = read(text);
    expect(value).toBeUndefined();
    expect(diagnostics.map((d) => [d.code, place(d.location), ...d.related.map((r) => place(r.location))])).toEqual([
      ['toml/duplicate-key', second, first],
    ]);
  });

  test('several duplicates, and what is wrong behind them', () => {
    const shown = read('[a]\nx=1\nx=2\n[b]\n[a]\ny=9223372036854775808\n[b]\n').diagnostics.map((d) => [
      d.code,
      place(d.location),
      ...d.related.map((r) => place(r.location)),
    ]);
    expect(shown.sort()).toEqual([
      ['toml/duplicate-key', '3:1-3:2', '2:1-2:2'],
      ['toml/duplicate-key', '5:2-5:3', '1:2-1:3'],
      ['toml/duplicate-key', '7:2-7:3', '4:2-4:3'],
      ['toml/number-range', '6:3-6:22'],
    ]);
    expect(found('[a]\n[a]\nb =\n')).toEqual(['toml/duplicate-key 2:2-2:3', 'toml/syntax 4:1-4:1']);
  });
});

test('integers that need all 64 bits are data for whoever takes them, larger ones for nobody', () => {
  const options = { takesUnsigned: true };
  expect(read('a = 18446744073709551615', options).value?.value['a']).toBe(2n ** 64n - 1n);
  expect(found('a = 18446744073709551616', options)).toEqual(['toml/number-range 1:5-1:25']);
  expect(found('a = -9223372036854775809', options)).toEqual(['toml/number-range 1:5-1:25']);
});

describe('hostile sizes end soon, with a diagnostic and no exception', () => {
  const million = 1_000_000;
  test.each([
    ['brackets', `a = ${'['.repeat(4 * million)}`, 'input/too-complex'],
    ['closed brackets', `a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'input/too-deep'],
    ['65 lists', `a = ${'['.repeat(65)}1${']'.repeat(65)}`, 'input/too-deep'],
    ['dotted key', `${'a.'.repeat(1000)}b = 1`, 'input/too-deep'],
    ['header', `[${'a.'.repeat(1000)}b]`, 'input/too-deep'],
    ['array of tables', `[[${'a.'.repeat(63)}b]]\nc = 1`, 'input/too-deep'],
    ['text', `b = 1\na = "${'x'.repeat(4 * million)}"`, 'toml/text-too-long'],
    ['digits', `a = ${'1'.repeat(4 * million)}`, 'toml/text-too-long'],
    ['line breaks', '\n'.repeat(million), 'input/too-complex'],
  ])('%s', (_, text, code) => {
    expect(read(text).diagnostics.map((d) => d.code)).toEqual([code]);
  });
});
