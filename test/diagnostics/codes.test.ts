import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.ts';
import { runCli } from '../support/memory-io.ts';

const codes = async (...args: string[]) => (await runCli(['codes', ...args])).stdout;

test('without a code: all of them, one line each, with severity and reason', async () => {
  const lines = (await codes()).trimEnd().split('\n');
  expect(lines).toHaveLength(Object.keys(catalog).length);
  for (const line of lines) expect(line).toMatch(/^[a-z]+\/[a-z0-9-]+ +(?:error|warning|note) {2,}\S/);
});

test('a code is explained by a wrong file, what is said of it, and the right file', async () => {
  expect(await codes('contract/unknown-key')).toBe(
    [
      'contract/unknown-key (error)',
      '',
      'Codex ignores unknown keys, mostly without a word: the restriction never exists.',
      '',
      'For example `codex-mdm validate requirements.toml`, where the file is:',
      '',
      '    allowed_sandbox_mode = ["read-only"]',
      '',
      'requirements.toml:1:1: error: `allowed_sandbox_mode` is not a key of requirements.toml; nearest is `allowed_sandbox_modes`',
      '  help: write `allowed_sandbox_modes`',
      '',
      'Corrected:',
      '',
      '    allowed_sandbox_modes = ["read-only"]',
      '',
      '`codex-mdm validate --fix` corrects it.',
      '',
    ].join('\n'),
  );
});

test('the options that the example needs stand in its command', async () => {
  expect(await codes('contract/key-too-new')).toContain('`codex-mdm validate requirements.toml --codex 0.125.0`');
});

test('what cannot be shown is described', async () => {
  const text = await codes('input/binary');
  expect(text).toContain('  A requirements.toml that holds a NUL byte');
  expect(text).not.toContain('\0');
  expect(text).not.toContain('Corrected:');
});

test('as data, one code or all', async () => {
  const one = JSON.parse(await codes('contract/unknown-key', '--format', 'json'));
  expect(one).toMatchObject({
    schemaVersion: 1,
    codes: [
      {
        code: 'contract/unknown-key',
        severity: 'error',
        fixable: true,
        example: { file: 'requirements.toml', options: [], finding: { line: 1, column: 1 } },
      },
    ],
  });
  const all = JSON.parse(await codes('--format', 'json'));
  expect(all.codes.map(({ code }: { code: string }) => code)).toEqual(Object.keys(catalog).sort());
  for (const { example } of all.codes) expect(example.finding.message).toMatch(/\S/);
});

test('the page shows each example', () => {
  const page = readFileSync('docs/diagnostics.md', 'utf8');
  for (const code of Object.keys(catalog)) {
    expect(page).toContain(`\n### ${code}\n`);
    expect(page).toContain(`| [\`${code}\`](#${code.replace('/', '')}) |`);
  }
});
