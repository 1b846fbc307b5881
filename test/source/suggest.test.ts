import { expect, test } from 'vitest';
import { nearest } from '../../src/source/suggest.ts';

test.each([
  ['sandbox_modes', ['sandbox-modes', 'sandbox'], 'sandbox-modes'],
  ['PreToolUSE', ['PreToolUse', 'PostToolUse'], 'PreToolUse'],
  ['matchers', ['matcher', 'hooks'], 'matcher'],
  ['macther', ['matcher'], 'matcher'],
  ['relya', ['relay', 'rules'], 'relay'],
  ['tls', ['tld'], 'tld'],
  ['a', ['b'], undefined],
  ['ab', ['ac'], undefined],
  ['log', ['tls'], undefined],
  ['hook', ['hooks', 'hooky'], undefined],
  ['completely', ['different'], undefined],
  ['same', ['same'], undefined],
  ['', ['a'], undefined],
])('%j among %j is %j', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});
