import type { Release } from '../../src/contract/contract.ts';
import { type CodexVersion, parseVersion } from '../../src/contract/version.ts';

/** A Codex version by its text. Throws for what is none. */
export function v(text: string): CodexVersion {
  const version = parseVersion(text);
  if (!version) throw new Error(`${text} is no version`);
  return version;
}

/** Releases of these versions, made up for a test. */
export function releasesOf(...versions: readonly string[]): Release[] {
  return versions.map((text) => ({ version: v(text), date: '2026-01-01', linux: true }));
}
