import { expect, test } from 'vitest';
import { psLiteral } from '../../src/artifacts/script.ts';
import { intune } from '../../src/targets/intune.ts';
import { macosFiles } from '../../src/targets/macos.ts';
import { relayPolicy } from '../relay/support.ts';
import {
  emittedFile,
  emittedFiles,
  enterpriseBundle,
  exampleBundle,
  requirementsOnlyBundle,
  textOf,
} from '../support/bundle.ts';
import { powershellFaults } from '../support/powershell.ts';
import { testWith } from '../support/programs.ts';
import { shellFaults, shellLinters } from '../support/shell-linters.ts';

const windows = ['Detect', 'Remediate', 'Uninstall'].map((verb) => `intune/windows/${verb}-CodexPolicy.ps1`);

async function pathsOf(bundle: Parameters<typeof emittedFiles>[1]): Promise<string[]> {
  return (await emittedFiles(intune, bundle)).map(({ path }) => path);
}

test('the whole set for three platforms, shell scripts executable, equal when made again', async () => {
  const made = await emittedFiles(intune, exampleBundle());
  expect(made.map(({ path }) => path)).toEqual([
    'intune/macos/codex.mobileconfig',
    'intune/macos/codex-policy-state.sh',
    'intune/macos/codex-install.sh',
    'intune/macos/codex-uninstall.sh',
    ...windows,
    'intune/linux/codex-install.sh',
    'intune/linux/codex-uninstall.sh',
  ]);
  for (const { path, mode } of made) expect([path, mode]).toEqual([path, path.endsWith('.sh') ? 0o755 : 0o644]);
  expect(await emittedFiles(intune, exampleBundle())).toEqual(made);
});

test('only what the platforms need', async () => {
  expect(await pathsOf(exampleBundle({ policy: { platforms: ['windows'] } }))).toEqual(windows);
  expect(await pathsOf(requirementsOnlyBundle({ policy: { platforms: ['macos'] } }))).toEqual([
    'intune/macos/codex.mobileconfig',
    'intune/macos/codex-policy-state.sh',
  ]);
});

test('a script for a pilot PC goes with a relay that speaks our own protocol', async () => {
  const path = 'intune/windows/Test-CodexRelay.ps1';
  const bundle = exampleBundle({ policy: { platforms: ['windows'], relay: relayPolicy() } });
  expect(await pathsOf(bundle)).toEqual([...windows, path]);
  expect(textOf(await emittedFile(intune, bundle, path))).toContain(
    psLiteral('C:\\ProgramData\\OpenAI\\Codex\\hooks\\codex-relay.ps1'),
  );
  expect(intune.runbook(bundle)).toContain('Test-CodexRelay.ps1');
  for (const policy of [
    { platforms: ['windows'] as const, relay: relayPolicy({ preset: 'custom' }) },
    { platforms: ['macos'] as const, relay: relayPolicy() },
  ])
    expect(await pathsOf(exampleBundle({ policy }))).not.toContain(path);
});

test('the profile is that of macos/, byte for byte', async () => {
  const bundle = exampleBundle();
  expect((await emittedFile(intune, bundle, 'intune/macos/codex.mobileconfig')).bytes).toEqual(
    macosFiles(bundle)[0]?.bytes,
  );
});

test('the custom attribute prints the bare value', async () => {
  const script = textOf(await emittedFile(intune, exampleBundle(), 'intune/macos/codex-policy-state.sh'));
  expect(script).not.toContain('<result>');
  expect(script).toContain("opening=''\nclosing=''\n");
});

test('Intune finds no token to replace in any script', async () => {
  for (const script of (await emittedFiles(intune, exampleBundle())).filter(
    ({ path }) => !path.endsWith('.mobileconfig'),
  ))
    expect(textOf(script)).not.toMatch(/\{\{|\}\}/);
});

testWith(shellLinters, 'every shell script passes the linters', async () => {
  for (const bundle of [exampleBundle(), enterpriseBundle()])
    for (const script of (await emittedFiles(intune, bundle)).filter(({ path }) => path.endsWith('.sh')))
      expect([script.path, shellFaults(textOf(script))]).toEqual([script.path, []]);
});

test('every PowerShell script is fit for 5.1, without a byte order mark', async () => {
  for (const bundle of [exampleBundle(), enterpriseBundle()])
    for (const script of (await emittedFiles(intune, bundle)).filter(({ path }) => path.endsWith('.ps1'))) {
      expect([script.path, await powershellFaults(textOf(script))]).toEqual([script.path, []]);
      expect(script.bytes[0]).toBe('#'.charCodeAt(0));
    }
});

test('files too large for an inlined script are an error, named once for each script that carries them', () => {
  const bundle = exampleBundle({
    contents: { files: [{ name: 'big.ps1', platforms: ['windows'], bytes: Buffer.alloc(140_000) }] },
  });
  expect(intune.check?.(exampleBundle())).toEqual([]);
  expect(intune.check?.(bundle).map(({ code, message }) => [code, message.includes('Remediate')])).toEqual([
    ['target/script-too-large', true],
  ]);
});

test('the runbook names every emitted file', async () => {
  const bundle = exampleBundle();
  const text = intune.runbook(bundle);
  expect(text).toMatch(/^## Microsoft Intune\n/);
  for (const { path } of await emittedFiles(intune, bundle)) expect(text).toContain(`\`${path}\``);
  expect(intune.runbook(exampleBundle({ policy: { platforms: ['windows'] } }))).not.toContain('### macOS');
});
