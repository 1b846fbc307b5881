import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalog } from '../../src/diagnostics/catalog.ts';
import type { Example } from '../../src/diagnostics/example.ts';
import { examples } from '../../src/diagnostics/examples.ts';
import { runCli } from '../support/memory-io.ts';
import { scratch } from '../support/policies.ts';

const folder = scratch();

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

/** What `validate` says about a file of an example that lies on the disk under its own name, with the files beside it. */
async function findings(code: string, which: 'bad' | 'fixed', example: Example): Promise<readonly Found[]> {
  const cwd = join(folder, code, which);
  mkdirSync(cwd, { recursive: true });
  for (const [name, text] of Object.entries(example.beside ?? {})) writeFileSync(join(cwd, name), text);
  writeFileSync(join(cwd, example.file), example[which]);
  chmodSync(join(cwd, example.file), (which === 'bad' ? example.mode : undefined) ?? 0o644);
  const args = ['validate', example.file, '--format', 'json', ...(example.options ?? [])];
  const { exit, stdout, stderr } = await runCli(args, { cwd });
  const { diagnostics } = JSON.parse(stdout);
  expect([stderr, exit]).toEqual(['', diagnostics.some((one: Found) => one.severity === 'error') ? 1 : 0]);
  return diagnostics;
}

test.each(Object.entries(examples))('%s', async (code, example) => {
  const bad = await findings(code, 'bad', example);
  expect(bad.map((found) => found.code)).toContain(code);
  const fixed = await findings(code, 'fixed', example);
  expect(fixed.map((found) => found.code)).not.toContain(code);
  // Nobody learns from a correction that is wrong itself.
  expect(fixed.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test('each code has an example of its own', () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys(catalog).sort());
  const texts = Object.values(examples).map(({ bad, options }) => JSON.stringify([String(bad), options]));
  expect(new Set(texts).size).toBe(texts.length);
});
