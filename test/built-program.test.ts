import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runCli } from './support/memory-io.ts';

// The program is several bundles, each with its own copy of the modules that it shares with the others, and a contract
// in another form: what the sources say, these have to say too.

const cases = readdirSync('test/conformance/cases', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.toml'))
  .map((name) => `test/conformance/cases/${name}`)
  .sort();

test.each(['text', 'json'])(
  'the built program says of the whole corpus what its sources say, as %s',
  async (format) => {
    const args = ['validate', '--format', format, '--codex', '0.133.0,latest', ...cases];
    const built = spawnSync(process.execPath, ['dist/main.cjs', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const { exit, stdout, stderr } = await runCli(args);
    expect(cases.length).toBeGreaterThan(800);
    expect(built.status).toBe(exit);
    expect(built.stderr).toBe(stderr);
    // Not toBe: a difference of megabytes takes minutes to print.
    expect(built.stdout === stdout || firstDifference(built.stdout, stdout)).toBe(true);
  },
);

function firstDifference(one: string, other: string): string {
  const lines = other.split('\n');
  const at = one.split('\n').findIndex((line, index) => line !== lines[index]);
  return `${one.split('\n')[at]} / ${lines[at]}`;
}
