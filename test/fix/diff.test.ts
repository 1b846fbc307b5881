import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/fix/diff.ts';
import { scratch } from '../support/policies.ts';
import { testWith } from '../support/programs.ts';

test('context of three lines, ranges as patch counts them', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n';
  expect(unifiedDiff('x.toml', before, before.replace('e\n', 'E\n'))).toBe(
    '--- x.toml\n+++ x.toml\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
  );
  expect(unifiedDiff('x.toml', before, before)).toBe('');
  expect(unifiedDiff('x.toml', '', 'a\n')).toBe('--- x.toml\n+++ x.toml\n@@ -0,0 +1 @@\n+a\n');
});

test('a last line without a line break is marked', () => {
  expect(unifiedDiff('x.toml', 'a', 'a\n')).toBe(
    '--- x.toml\n+++ x.toml\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n',
  );
});

test('a text of other lines throughout is one block, soon', () => {
  const lines = (word: string): string => Array.from({ length: 20_000 }, (_, at) => `${word} ${at}\n`).join('');
  expect(unifiedDiff('x', lines('a'), lines('b'))).toContain('@@ -1,20000 +1,20000 @@\n-a 0\n');
});

const folder = scratch();

testWith(['patch'], 'patch makes the one text out of the other', () => {
  const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'd\r\n')).map((lines) => lines.join(''));
  let run = 0;
  fc.assert(
    fc.property(text, text, fc.constantFrom('', 'end'), (before, after, end) => {
      fc.pre(before + end !== after);
      const cwd = join(folder, String(run++));
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'x'), before + end);
      const { status, stdout } = spawnSync('patch', ['--binary', '-s', 'x'], {
        cwd,
        input: unifiedDiff('x', before + end, after),
        encoding: 'utf8',
      });
      const result = after === '' ? after : readFileSync(join(cwd, 'x'), 'utf8');
      expect([status, stdout, result]).toEqual([0, '', after]);
    }),
    { numRuns: 100 },
  );
});
