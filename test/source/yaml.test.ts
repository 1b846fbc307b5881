import { describe, expect, test } from 'vitest';
import { formatPath, isTable, locate, valueAt } from '../../src/source/document.ts';
import { parseYaml } from '../../src/source/yaml.ts';

const read = (text: string) => parseYaml({ name: 'p.yaml', text });
const value = (text: string) => read(text).value?.value;
/** `code line:column-line:column`, one for each finding. */
const found = (text: string) =>
  read(text).diagnostics.map(({ code, location: l }) => `${code} ${l.line}:${l.column}-${l.endLine}:${l.endColumn}`);

describe('values', () => {
  test.each([
    ['30', 30n],
    ['+5', 5n],
    ['-0', 0n],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['30.0', 30],
    ['0.5', 0.5],
    ['1e3', 1000],
    ['0.1', 0.1],
    ['1_000', '1_000'],
    ['0b11', '0b11'],
    ['1:30', '1:30'],
    ['2026-11-01', '2026-11-01'],
    ['true', true],
    ['False', false],
    ['yes', 'yes'],
    ['on', 'on'],
    ['n', 'n'],
    ['"017"', '017'],
    ["'~'", '~'],
    ['""', ''],
    ['"\\uD83D\\uDE00"', '😀'],
    ['"\\0\\x07"', '\0\x07'],
    ['>-\n  folded\n  text', 'folded text'],
    ['|\n  two\n  lines', 'two\nlines\n'],
    ['C:\\ProgramData\\x', 'C:\\ProgramData\\x'],
  ])('%j', (text, expected) => {
    const read = value(`a: ${text}\n`)?.['a'];
    expect(read).toBe(expected);
    expect(typeof read).toBe(typeof expected);
  });

  test('names that objects inherit are ordinary keys', () => {
    const table = value('__proto__: { a: 1 }\nconstructor: 2\n"<<": 3\n1: x\ntrue: y\n');
    expect(table?.['toString']).toBeUndefined();
    expect(Object.keys(table ?? {})).toEqual(['1', '__proto__', 'constructor', '<<', 'true']);
    const inner = table && valueAt(table, ['__proto__']);
    expect(isTable(inner) && inner['toString']).toBeUndefined();
  });
});

describe('places', () => {
  const text = '\n# a comment\nhooks:\n  "odd key": [a, { b: ünï }]\r\n  emoji: "😀" # x\n  tab:\t1\n';
  const document = read(text).value;
  test.each([
    [['hooks'], '3:1-3:6', '4:3-6:9'],
    [['hooks', 'odd key'], '4:3-4:12', '4:14-4:29'],
    [['hooks', 'odd key', 0], '4:15-4:16', '4:15-4:16'],
    [['hooks', 'odd key', 1, 'b'], '4:20-4:21', '4:23-4:26'],
    [['hooks', 'emoji'], '5:3-5:8', '5:10-5:14'],
    [['hooks', 'tab'], '6:3-6:6', '6:8-6:9'],
    [[], '3:1-3:1', '3:1-6:9'],
    [['hooks', 'absent', 3], '3:1-3:6', '4:3-6:9'],
  ])('%j', (path, key, whole) => {
    if (!document) throw new Error('not read');
    const shown = (part: 'key' | 'value') => {
      const l = locate(document, path, part);
      return `${l.line}:${l.column}-${l.endLine}:${l.endColumn}`;
    };
    expect([shown('key'), shown('value')]).toEqual([key, whole]);
  });
  test('values stand at their paths', () => {
    expect(document && valueAt(document.value, ['hooks', 'odd key', 1, 'b'])).toBe('ünï');
  });
});

describe('refused', () => {
  test.each([
    // Numbers that readers disagree about, or that would change.
    ['a: 017', 'yaml/leading-zero 1:4-1:7'],
    ['a: -012', 'yaml/leading-zero 1:4-1:8'],
    ['a: 01.5', 'yaml/leading-zero 1:4-1:8'],
    ['a: 0o17', 'yaml/number-base 1:4-1:8'],
    ['a: 0x1F', 'yaml/number-base 1:4-1:8'],
    ['a: 9223372036854775808', 'yaml/number-range 1:4-1:23'],
    ['a: -9223372036854775809', 'yaml/number-range 1:4-1:24'],
    ['a: 1e400', 'yaml/number-range 1:4-1:9'],
    ['a: 0.12345678901234567890', 'yaml/number-range 1:4-1:26'],
    ['a: .inf', 'yaml/not-finite 1:4-1:8'],
    ['a: -.INF', 'yaml/not-finite 1:4-1:9'],
    ['a: .NaN', 'yaml/not-finite 1:4-1:8'],
    // Nothing is null.
    ['a: null', 'yaml/null 1:4-1:8'],
    ['a: ~', 'yaml/null 1:4-1:5'],
    ['b: 1\na:', 'yaml/null 2:1-2:2'],
    ['a: {b}', 'yaml/null 1:5-1:6'],
    ['a:\n  - \n  - x', 'yaml/null 2:5-2:5'],
    // What hides what a line says.
    ['a: &x 1', 'yaml/anchor 1:4-1:6'],
    ['&x a: 1', 'yaml/anchor 1:1-1:3'],
    ['a: *x', 'yaml/alias 1:4-1:6'],
    ['matcher: *', 'yaml/alias 1:10-1:11'],
    ['a: [*.acme.com]', 'yaml/alias 1:5-1:15'],
    ['*x : 1', 'yaml/alias 1:1-1:3'],
    ['<<: { a: 1 }', 'yaml/merge-key 1:1-1:3'],
    ['a: !!binary eA==', 'yaml/tag 1:4-1:12'],
    ['a: !!str 1', 'yaml/tag 1:4-1:9'],
    ['a: !foo [1]', 'yaml/tag 1:4-1:8'],
    ['!t a: 1', 'yaml/tag 1:1-1:3'],
    ['%YAML 1.1\n---\na: 1', 'yaml/directive 1:1-1:10'],
    ['%TAG ! tag:x,2000:\n---\na: 1', 'yaml/directive 1:1-1:19'],
    ['%FOO\na: 1', 'yaml/directive 1:1-1:5'],
    ['a: 1\n---\nb: 2', 'yaml/second-document 2:1-2:4'],
    ['a: 1\n...\nb: 2', 'yaml/second-document 3:1-3:3'],
    // Keys.
    ['a: 1\nb: 2\na: 3', 'yaml/duplicate-key 3:1-3:2'],
    ['a: { b: 1, "b": 2 }', 'yaml/duplicate-key 1:12-1:15'],
    ['1: a\n"1": b', 'yaml/duplicate-key 2:1-2:4'],
    [': a', 'yaml/key 1:1-1:1'],
    ['a: [b]: c', 'yaml/key 1:7-1:7'],
    ['? [a]\n: b', 'yaml/key 1:3-1:4'],
    ['a: "\\uD800"', 'yaml/lone-surrogate 1:4-1:12'],
    ['"\\uDC00": a', 'yaml/lone-surrogate 1:1-1:9'],
    // The top.
    ['[1]', 'yaml/not-a-mapping 1:1-1:4'],
    ['text', 'yaml/not-a-mapping 1:1-1:5'],
    ['# only a comment', 'yaml/not-a-mapping 1:1-1:1'],
    ['---\n', 'yaml/not-a-mapping 1:4-1:4'],
    // Syntax.
    ['a: 1\n\tb: 2', 'yaml/tab 2:1-2:2'],
    ['a: {b: 1,\n\tc: 2}', 'yaml/tab 2:1-2:2'],
    ['a: "x\nb: 1\n', 'yaml/syntax 1:4-1:5'],
    ["a: 'x", 'yaml/syntax 1:4-1:5'],
    ['a: [1, [2]\nb: 3', 'yaml/syntax 1:4-1:5'],
    ['a: {b: 1\nc: 2', 'yaml/syntax 1:4-1:5'],
    ['a: [1,,2]', 'yaml/syntax 1:7-1:8'],
    ['a: b: c', 'yaml/syntax 1:4-1:6'],
    ['a:\n  b: 1\n c: 2', 'yaml/syntax 3:1-3:1'],
    ['a:1\nb: 2', 'yaml/syntax 1:1-1:4'],
    ['a: @x', 'yaml/syntax 1:4-1:6'],
    ['a: %x', 'yaml/syntax 1:4-1:6'],
    ['a: - b', 'yaml/syntax 1:4-1:5'],
    ['a: "C:\\Windows"', 'yaml/syntax 1:7-1:16'],
    ['a: "x" y', 'yaml/syntax 1:8-1:9'],
    ['- a\nb: 1', 'yaml/syntax 2:1-2:3'],
  ])('%j', (text, expected) => {
    expect(found(text)).toEqual([expected]);
    expect(read(text).value).toBeUndefined();
  });

  test('several in one run, each at its place and path', () => {
    const { diagnostics } = read('a: 017\nb:\n  - { c: ~ }\n  - &x 1\na: 2\n');
    expect(diagnostics.map((d) => `${d.code} ${d.location.line} ${formatPath(d.path)}`).sort()).toEqual([
      'yaml/anchor 4 ',
      'yaml/duplicate-key 5 a',
      'yaml/leading-zero 1 a',
      'yaml/null 3 b[0].c',
    ]);
  });

  test('a duplicate names the first definition', () => {
    const [first] = read('x: { a: 1,\n  a: 2 }').diagnostics;
    expect(first?.related.map((r) => [r.location.line, r.location.column])).toEqual([[1, 6]]);
  });

  test('tabs are reported on each line, what follows from a broken line is not', () => {
    expect(found('a:\n\tb: 1\n\tc: 2\n')).toEqual(['yaml/tab 2:1-2:2', 'yaml/tab 3:1-3:2']);
    expect(found('a: 1\n  b: 2\n  c: 3\nd: ]\n')).toHaveLength(1);
  });
});

describe('hostile sizes end soon, with a diagnostic and no exception', () => {
  const million = 1_000_000;
  test.each([
    ['brackets', '['.repeat(4 * million), 'input/too-deep'],
    ['braces', 'a: '.concat('{'.repeat(4 * million)), 'input/too-deep'],
    ['dashes', '- '.repeat(100_000), 'input/too-deep'],
    ['question marks', '? '.repeat(100_000), 'input/too-deep'],
    ['closing brackets', ']'.repeat(4 * million), 'input/too-complex'],
    ['keys', Array.from({ length: 200_000 }, (_, i) => `k${i}: 1\n`).join(''), 'input/too-complex'],
    [
      '65 levels',
      Array.from({ length: 65 }, (_, i) => `${' '.repeat(i)}a:\n`)
        .join('')
        .concat(' '.repeat(66), 'b'),
      'input/too-deep',
    ],
    ['lists in lists', `a: ${'['.repeat(64)}b${']'.repeat(64)}`, 'input/too-deep'],
  ])('%s', (_, text, code) => {
    const { diagnostics } = read(text);
    expect(new Set(diagnostics.map((d) => d.code))).toEqual(new Set([code]));
    expect(diagnostics.length).toBeLessThanOrEqual(100);
  });
  test('63 levels and many distinct keys are fine', () => {
    expect(read(`a: ${'['.repeat(63)}${']'.repeat(63)}`).diagnostics).toEqual([]);
    expect(read(Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join('')).diagnostics).toEqual([]);
  });
});
