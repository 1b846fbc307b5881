import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../support/policies.ts';

const home = scratch();
const main = resolve('dist/main.cjs');

/** What one file may be; every kind of outcome is among them. */
const texts = [
  'allowed_sandbox_modes = ["read-only"]\n',
  'allowed_sandbox_mode = ["read-only"]\n',
  'allowed_sandbox_modes = [\n',
  '',
  '[features]\nhooks = true\n\n[hooks]\nmanaged_dir = "relative"\n',
];

function validate(names: readonly string[]): { readonly outcome: unknown; readonly stderr: string; exit: unknown } {
  const args = [main, 'validate', '--format', 'json', ...names];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: home, encoding: 'utf8' });
  return { outcome: JSON.parse(stdout), stderr, exit: status };
}

test('many files, which several threads check, come out as few do, and in the order of their names', () => {
  mkdirSync(join(home, 'fleet'));
  const names = Array.from({ length: 300 }, (_, at) => `fleet/${at}.toml`);
  for (const [at, name] of names.entries()) {
    // Some names have no file.
    if (at % 17 !== 5) writeFileSync(join(home, name), `# ${at}\n${texts[at % texts.length]}`);
  }
  writeFileSync(join(home, 'fleet/7.toml'), '');
  const halves = [names.slice(0, 150), names.slice(150)].map(validate);
  const whole = validate(names);
  const parts = (which: 'files' | 'diagnostics'): unknown[] =>
    halves.flatMap(({ outcome }) => (outcome as Record<typeof which, unknown[]>)[which]);
  expect(whole.outcome).toMatchObject({ files: parts('files') });
  const found = (whole.outcome as { diagnostics: unknown[] }).diagnostics;
  expect(new Set(found.map((one) => JSON.stringify(one)))).toEqual(
    new Set(parts('diagnostics').map((one) => JSON.stringify(one))),
  );
  expect(whole.stderr).toBe(halves.map(({ stderr }) => stderr).join(''));
  expect(whole.exit).toBe(2);
});
