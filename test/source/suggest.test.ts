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
  ['hook', ['hooks', 'hooky'], 'hooks'],
  ['hookz', ['hooks', 'hooky'], undefined],
  ['approval_policy', ['allowed_approval_policies', 'allowed_approvals_reviewers'], 'allowed_approval_policies'],
  ['sandboxModes', ['allowed_sandbox_modes', 'features'], 'allowed_sandbox_modes'],
  ['sandbox_modes', ['allowed_sandbox_modes', 'denied_sandbox_modes'], undefined],
  ['completely', ['different'], undefined],
  ['same', ['same'], undefined],
  ['', ['a'], undefined],
])('%j among %j is %j', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});
