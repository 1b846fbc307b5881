import { expect, test } from 'vitest';
import { checkMacos, macosFiles, macosRunbook, profile } from '../../src/targets/macos.ts';
import { enterpriseBundle, exampleBundle, hostileTexts, requirementsOnlyBundle, textOf } from '../support/bundle.ts';
import { readWithPlistlib, xmllintFaults } from '../support/plist-readers.ts';
import { testWith } from '../support/programs.ts';

test('two files, equal when made again, LF, without a mark', () => {
  const made = macosFiles(exampleBundle());
  expect(made.map(({ path, mode }) => [path, mode])).toEqual([
    ['macos/codex.mobileconfig', 0o644],
    ['macos/com.openai.codex.plist', 0o644],
  ]);
  expect(macosFiles(exampleBundle())).toEqual(made);
  for (const artifact of made) {
    expect(textOf(artifact)).not.toContain('\r');
    expect(textOf(artifact).startsWith('<?xml')).toBe(true);
  }
});

testWith(
  ['python3'],
  'the profile carries the exact bytes of requirements.toml as a string, in the form that Jamf keeps',
  () => {
    const bundle = exampleBundle();
    const value = Buffer.from(bundle.requirementsToml).toString('base64');
    expect(profile(bundle)).toContain(`<string>${value}</string>`);
    expect(readWithPlistlib(profile(bundle))).toEqual({
      PayloadContent: [
        {
          PayloadContent: {
            'com.openai.codex': { Forced: [{ mcx_preference_settings: { requirements_toml_base64: value } }] },
          },
          PayloadDisplayName: 'Codex requirements',
          PayloadIdentifier: 'com.acme.codex.acme-engineering.preferences',
          PayloadType: 'com.apple.ManagedClient.preferences',
          PayloadUUID: '8AF359CA-A105-517B-8A0D-D4E6016DA0DC',
          PayloadVersion: 1,
        },
      ],
      PayloadDescription:
        'Codex requirements, policy acme-engineering 2026.11.1. Managed Codex for engineering laptops',
      PayloadDisplayName: 'Codex - Managed requirements (acme-engineering)',
      PayloadIdentifier: 'com.acme.codex.acme-engineering',
      PayloadOrganization: 'Acme GmbH',
      PayloadRemovalDisallowed: true,
      PayloadScope: 'System',
      PayloadType: 'Configuration',
      PayloadUUID: 'E70BAE41-F241-57CE-9341-C21BF79CCFF8',
      PayloadVersion: 1,
      TargetDeviceType: 5,
    });
    const bare = macosFiles(bundle)[1];
    expect(bare && readWithPlistlib(textOf(bare))).toEqual({ requirements_toml_base64: value });
  },
);

testWith(['xmllint'], 'both are valid property lists', () => {
  for (const artifact of macosFiles(exampleBundle())) expect(xmllintFaults(textOf(artifact))).toBe('');
});

test('only the name decides identity: another version keeps the identifiers, another name changes all', () => {
  const idsOf = (text: string): string[] =>
    [...text.matchAll(/Payload(?:Identifier|UUID)<\/key>\s*<string>([^<]+)/g)].map(([, id]) => id ?? '');
  const base = idsOf(profile(exampleBundle()));
  expect(base).toHaveLength(4);
  expect(new Set(base).size).toBe(4);
  const nextVersion = {
    policy: { policyVersion: '2', description: 'x' },
    contents: { requirementsToml: 'allow_managed_hooks_only = false\n' },
  };
  expect(idsOf(profile(exampleBundle(nextVersion)))).toEqual(base);
  for (const id of idsOf(profile(exampleBundle({ policy: { name: 'pilot' } })))) expect(base).not.toContain(id);
});

testWith(['python3'], 'hostile texts stay text', () => {
  for (const text of [...hostileTexts, 'bell \u0007']) {
    const policy = { organization: { name: text, identifier: 'com.acme' }, description: text, policyVersion: text };
    expect(readWithPlistlib(profile(exampleBundle({ policy })))).toMatchObject({
      PayloadOrganization: text.replace('\u0007', '\ufffd'),
    });
  }
});

test('a profile above 900,000 bytes is an error, one below is not', () => {
  const withLength = (length: number) => exampleBundle({ contents: { requirementsToml: '#'.repeat(length) } });
  expect(checkMacos(withLength(670_000))).toEqual([]);
  expect(checkMacos(withLength(680_000)).map(({ code, path }) => [code, path])).toEqual([
    ['target/profile-too-large', ['requirements']],
  ]);
});

test('the runbook names the files and the identifier', () => {
  const text = macosRunbook(exampleBundle());
  expect(text).toMatch(/^## macOS\n/);
  for (const word of ['macos/codex.mobileconfig', 'macos/com.openai.codex.plist', 'com.acme.codex.acme-engineering'])
    expect(text).toContain(word);
});

test('the runbook speaks of files only where there are some, and warns of a folder that macOS cannot make', () => {
  expect(macosRunbook(exampleBundle())).toContain('carries no scripts');
  expect(macosRunbook(requirementsOnlyBundle())).not.toContain('carries no scripts');
  expect(macosRunbook(enterpriseBundle())).toContain('synthetic.conf');
  expect(macosRunbook(exampleBundle())).not.toContain('synthetic.conf');
});
