import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isRefusedExpression, isRefusedRegex } from '../../src/contract/regex.ts';

/** Each was given to hooks/list of the real 0.147.0, as a matcher of its own. */
const measured: { readonly accepted: readonly string[]; readonly refused: readonly string[] } = JSON.parse(
  readFileSync(new URL('regex-cases.json', import.meta.url), 'utf8'),
);

test('what the real binary accepts as a matcher, and nothing else', () => {
  expect(measured.accepted.filter(isRefusedRegex)).toEqual([]);
  expect(measured.refused.filter((pattern) => !isRefusedRegex(pattern))).toEqual([]);
});

test('nesting and size have the limits of the real binary', () => {
  const groups = (count: number): boolean => isRefusedRegex(`${'('.repeat(count)}a${')'.repeat(count)}`);
  expect([groups(250), groups(251), groups(100_000)]).toEqual([false, true, true]);
  const classes = (count: number, inner: string): boolean =>
    isRefusedRegex('['.repeat(count) + inner + ']'.repeat(count));
  expect([classes(250, 'a'), classes(251, 'a'), classes(250, 'ab')]).toEqual([false, true, true]);
  expect(['\\w{209}', '\\w{210}', 'a{327673}', 'a{400000}'].map(isRefusedRegex)).toEqual([false, true, false, true]);
});

// Each was given to the real 0.169.0 as the expression of an MCP server.
test.each([
  ['', false],
  ['[[:alpha:]]', false],
  ['\\x{41}', false],
  ['\\d{10000}', false],
  ['(?-u)\\W', false],
  ['\\p{L}', true],
  ['[a&&b]', true],
  ['[[a]]', true],
  ['[[:foo:]]', true],
  ['(?x) a # b', true],
  ['a)(b', true],
  ['(?!a)', true],
  ['a{1000000}', true],
])('the expression %s of an identity is refused: %s', (expression, refused) => {
  expect(isRefusedExpression(expression)).toBe(refused);
});
