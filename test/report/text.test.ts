import { describe, expect, test } from 'vitest';
import { text } from '../../src/report/text.ts';
import { finding, reportOf } from './fixture.ts';

const plain = { color: false, width: 80 };
const show = (files: Record<string, string>, width = 80) => text(reportOf(files), { color: false, width });
/** The source line and the caret line of the only finding. */
const picture = (source: string, width = 80) => show({ 'a.yaml': source }, width).split('\n').slice(2, 4);

describe('text', () => {
  test('the whole form', () => {
    expect(show({ 'r.toml': '[hooks]\n\n[hooks]\n', 'p.yaml': '\n\n\n\n\n\n\n\n\n  a: 017' })).toBe(
      [
        'p.yaml:10:6: error: `017` starts with a zero, and readers disagree about its value [yaml/leading-zero]',
        '   |',
        '10 |   a: 017',
        '   |      ^^^',
        '   = help: write the number without the zero, or `"017"` if it is text',
        '',
        'r.toml:3:2: error: `hooks` is defined twice [toml/duplicate-key]',
        '  |',
        '3 | [hooks]',
        '  |  ^^^^^',
        '  = note: first defined at r.toml:1:2',
        '  = help: remove one of the two, or merge them',
        '',
        '2 files checked',
        '',
      ].join('\n'),
    );
  });

  test('nothing found: notes and summary alone', () => {
    const report = { ...reportOf({ 'a.yaml': 'a: 1' }), notes: ['enforced as written on 0.131.0–0.169.0'] };
    expect(text(report, plain)).toBe('enforced as written on 0.131.0–0.169.0\n1 files checked\n');
  });

  test('without its source a finding has no picture', () => {
    expect(text(reportOf({}, [finding('x', 'warning', 'odd')]), plain)).toBe(
      'x:1:1: warning: odd [yaml/tab]\n  = help: indent with spaces\n\n0 files checked\n',
    );
  });

  test.each([
    ['tabs are repeated below', 'a: ["\t",\t017]', ['1 | a: ["\t",\t017]', '  |      \t  \t^^^']],
    ['wide characters take two columns', '"日本😀": 017', ['1 | "日本😀": 017', '  |           ^^^']],
    ['joined and combining ones none', '"👩‍💻e\u0301": 017', ['1 | "👩‍💻e\u0301": 017', '  |        ^^^']],
    [
      'escape sequences are shown',
      '"\x1b[2J\u202e": 017',
      ['1 | "\\x1b[2J\\u{202e}": 017', '  |                    ^^^'],
    ],
    ['CR is no part of the line', 'a: 017\r\nb: 1', ['1 | a: 017', '  |    ^^^']],
    ['a place over lines is underlined to its end', 'a: "\\ud800\n  x"', ['1 | a: "\\ud800', '  |    ^^^^^^^']],
  ])('%s', (_, source, expected) => {
    expect(picture(source)).toEqual(expected);
  });

  test('long lines are cut around the finding', () => {
    const source = `a: { ${Array.from({ length: 40 }, (_, i) => `k${i}: "${'x'.repeat(20)}"`).join(', ')}, z: 017, ${'y'.repeat(100)}: 1 }`;
    const [line = '', carets = ''] = picture(source, 60);
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('017');
    expect(line).toMatch(/^1 \| ….*…$/);
  });

  test('a line of megabytes costs nothing', () => {
    const [line = '', carets = ''] = picture(`a: ["${'😀'.repeat(1_000_000)}", 017]`, 60);
    expect(line.slice(-4)).toBe('017]');
    expect(carets.endsWith('^^^')).toBe(true);
  });

  test('messages and names cannot steer the terminal', () => {
    const shown = text(reportOf({}, [finding('a\x1b[31m\n.yaml', 'note', 'x\r\ny\x9b')]), plain);
    expect(shown.split('\n')[0]).toBe('a\\x1b[31m\\n.yaml:1:1: note: x\\r\\ny\\x9b [yaml/tab]');
  });

  test('colour only where it is asked for', () => {
    const report = reportOf({ 'a.yaml': 'a: 017' });
    expect(text(report, plain)).not.toContain('\x1b');
    const coloured = text(report, { color: true, width: 80 });
    expect(coloured).toContain('\x1b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(coloured.replaceAll(/\x1b\[[0-9]+m/g, '')).toBe(text(report, plain));
  });
});
