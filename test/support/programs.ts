import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'vitest';

/**
 * Programs that no registry in reach carries: absent even under REQUIRE_ALL=1, and each run says so. `poshtree-check` is
 * built by `.ci/run` from test/support/poshtree, for which the machine needs Rust.
 */
const unobtainable = new Set(['pwsh', 'powershell.exe', 'poshtree-check']);

const known = new Map<string, boolean>();

/** A file that `.ci/run` installs with the editors' checkers, by its path in their node_modules. */
export function toolFile(path: string): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'codex-mdm/tools/editors/node_modules', path);
}

/** Whether a program is on the PATH; of a path, whether the file is there. */
export function hasProgram(name: string): boolean {
  let present = known.get(name);
  if (present === undefined) {
    present = name.startsWith('/')
      ? existsSync(name)
      : spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0;
    known.set(name, present);
  }
  return present;
}

/** Whether this process may make private mount namespaces (root on Linux). */
function canUnshare(): boolean {
  return spawnSync('unshare', ['-m', 'true']).status === 0;
}

/**
 * A test that needs programs. Where one is absent the run names the check and the program; with REQUIRE_ALL=1
 * absence is a failure, except of programs that cannot be had.
 */
export function testWith(
  programs: readonly string[],
  name: string,
  body: () => void | Promise<void>,
  timeout?: number,
): void {
  const absent = programs.filter((program) => !(program === 'root namespaces' ? canUnshare() : hasProgram(program)));
  if (absent.length === 0) {
    test(name, body, timeout);
    return;
  }
  const title = `${name} [not run: ${absent.map((program) => basename(program)).join(', ')} absent]`;
  if (process.env['REQUIRE_ALL'] === '1' && !absent.every((program) => unobtainable.has(program)))
    test(title, () => {
      throw new Error(`REQUIRE_ALL=1, and absent: ${absent.join(', ')}`);
    });
  else test.skip(title, body);
}
