import { expect, test } from 'vitest';
import { jamf } from '../../src/targets/jamf.ts';
import { macosFiles } from '../../src/targets/macos.ts';
import {
  emittedFile,
  emittedFiles,
  enterpriseBundle,
  exampleBundle,
  hostileTexts,
  requirementsOnlyBundle,
  textOf,
} from '../support/bundle.ts';
import { readWithPlistlib, xmllintFaults } from '../support/plist-readers.ts';
import { testWith } from '../support/programs.ts';
import { shellFaults, shellLinters } from '../support/shell-linters.ts';

const profiles = ['codex.mobileconfig', 'com.openai.codex.plist', 'com.openai.codex.schema.json'].map(
  (name) => `jamf/profiles/${name}`,
);
const state = 'jamf/extension-attributes/codex-policy-state.sh';

test('the whole set, scripts executable, equal when made again', async () => {
  const made = await emittedFiles(jamf, exampleBundle());
  expect(made.map(({ path, mode }) => [path, mode])).toEqual([
    ...profiles.map((path) => [path, 0o644]),
    ['jamf/scripts/codex-install.sh', 0o755],
    ['jamf/scripts/codex-uninstall.sh', 0o755],
    [state, 0o755],
  ]);
  expect(await emittedFiles(jamf, exampleBundle())).toEqual(made);
});

test('without files for macOS no script that would do nothing', async () => {
  expect((await emittedFiles(jamf, requirementsOnlyBundle())).map(({ path }) => path)).toEqual([...profiles, state]);
});

testWith(['xmllint', 'python3'], 'the profiles are those of macos/, byte for byte, and valid', async () => {
  const bundle = exampleBundle();
  for (const original of macosFiles(bundle)) {
    const copy = await emittedFile(jamf, bundle, original.path.replace('macos/', 'jamf/profiles/'));
    expect(copy.bytes).toEqual(original.bytes);
    expect(xmllintFaults(textOf(copy))).toBe('');
    expect(JSON.stringify(readWithPlistlib(textOf(copy)))).toContain(
      Buffer.from(bundle.requirementsToml).toString('base64'),
    );
  }
});

test('the custom schema comes with the value filled in, and the value fits its pattern', async () => {
  const bundle = exampleBundle();
  const schema = JSON.parse(textOf(await emittedFile(jamf, bundle, profiles[2] ?? '')));
  const key = schema.properties.requirements_toml_base64;
  expect(Buffer.from(key.default, 'base64').toString()).toBe(bundle.requirementsToml);
  expect(key.default).toMatch(new RegExp(key.pattern));
  expect(`${key.default}\n`).not.toMatch(new RegExp(key.pattern));
});

testWith(shellLinters, 'every script passes the linters', async () => {
  for (const bundle of [exampleBundle(), enterpriseBundle(), requirementsOnlyBundle()])
    for (const script of (await emittedFiles(jamf, bundle)).filter(({ path }) => path.endsWith('.sh')))
      expect([script.path, shellFaults(textOf(script))]).toEqual([script.path, []]);
});

test('the requirements never travel as a file beside the profile', async () => {
  const bundle = exampleBundle();
  const requirements = bundle.device.find(({ role }) => role === 'requirements');
  expect(textOf(await emittedFile(jamf, bundle, 'jamf/scripts/codex-install.sh'))).not.toContain(requirements?.sha256);
});

test('JamfUploader and Jamf find nothing to substitute in scripts', async () => {
  for (const text of hostileTexts) {
    const bundle = exampleBundle({ policy: { policyVersion: text, description: text } });
    for (const script of (await emittedFiles(jamf, bundle)).filter(({ path }) => path.endsWith('.sh')))
      expect(textOf(script)).not.toMatch(/%|\{\{/);
  }
});

test('files too large for an inlined script are an error', () => {
  const withFile = (size: number) =>
    exampleBundle({ contents: { files: [{ name: 'big.sh', platforms: ['macos'], bytes: Buffer.alloc(size) }] } });
  expect(jamf.check?.(withFile(120_000))).toEqual([]);
  expect(jamf.check?.(withFile(140_000)).map(({ code, path }) => [code, path])).toEqual([
    ['target/script-too-large', ['files']],
  ]);
});

test('the runbook names every emitted file and gives the order of work', async () => {
  const bundle = exampleBundle();
  const text = jamf.runbook(bundle);
  expect(text).toMatch(/^## Jamf Pro\n/);
  for (const { path } of await emittedFiles(jamf, bundle)) expect(text).toContain(`\`${path}\``);
  expect(text.indexOf('jamf/scripts/codex-install.sh')).toBeLessThan(text.indexOf('jamf/profiles/codex.mobileconfig'));
  expect(jamf.runbook(requirementsOnlyBundle())).not.toContain('jamf/scripts/');
});
