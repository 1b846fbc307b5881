import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Compilation, compile } from '../../src/compile.ts';
import type { Result } from '../../src/diagnostics/diagnostic.ts';
import { loadPackageData } from '../../src/package-data.ts';

export const packageData = loadPackageData();

/** A whole policy around some lines, which begin on line 6. */
export function policyWith(body: string, { clients = '>=0.150.0', platforms = '[linux]' } = {}): string {
  return `version: 1\nname: test\norganization: { name: Test, identifier: com.test }\nclients: "${clients}"\nplatforms: ${platforms}\n${body}`;
}

/** Compiles a text as policy.yaml. */
export function compileText(
  text: string,
  files: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Result<Compilation>> {
  return compile({ name: 'policy.yaml', text }, files, packageData);
}

/** The diagnostics of a text, one line each: `line:column code`. */
export async function codesOf(text: string, files?: ReadonlyMap<string, Uint8Array>): Promise<string[]> {
  const { diagnostics } = await compileText(text, files);
  return diagnostics.map(({ location, code }) => `${location.line}:${location.column} ${code}`);
}

/** The requirements.toml that a policy becomes; fails with the diagnostics when it becomes none. */
export async function tomlOf(text: string, files?: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const { value, diagnostics } = await compileText(text, files);
  const found = value?.artifacts.find(({ path }) => path === 'device/requirements.toml');
  if (!found) throw new Error(diagnostics.map(({ message }) => message).join('\n') || 'no requirements.toml');
  return new TextDecoder().decode(found.bytes);
}

/** A folder of its own, removed when the test file is done. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'codex-mdm-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
