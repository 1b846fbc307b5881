import { expect, test } from 'vitest';
import type { CodexVersion } from '../../src/contract/version.ts';
import { validate } from '../../src/validate.ts';
import { packageData } from '../support/policies.ts';

function codesOn(toml: string, version = '0.169.0'): string[] {
  const { diagnostics } = validate({ name: 'x', text: toml }, [version as CodexVersion], packageData.contract);
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

// Each was given to the real binary of the release.
test('a date is a text from 0.147.0 on, and refused before', () => {
  expect(codesOn('guardian_policy_config = 2020-01-01\n', '0.146.1')).toEqual(['contract/wrong-type']);
  expect(codesOn('guardian_policy_config = 2020-01-01\n', '0.147.0')).toEqual([]);
  expect(codesOn('[mcp_servers.a.identity]\nurl = 07:32:00\n')).toEqual([]);
  expect(codesOn('enforce_residency = 2020-01-01\n')).toEqual(['contract/wrong-type']);
  expect(codesOn('[experimental_network]\nenabled = 2020-01-01\n')).toEqual(['contract/wrong-type']);
});

test('a word of an enumeration may stand as a table with nothing in it', () => {
  expect(codesOn('allowed_sandbox_modes = [{ read-only = {} }]\n')).toEqual([]);
  expect(codesOn('enforce_residency = { us = {} }\n')).toEqual([]);
  expect(codesOn('enforce_residency = { eu = {} }\n')).toEqual(['contract/unknown-value']);
  expect(codesOn('allowed_approval_policies = [{ never = {} }]\n')).toEqual([]);
  expect(codesOn('allowed_approval_policies = [{}]\n')).not.toEqual([]);
});
