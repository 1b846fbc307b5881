import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../support/memory-io.ts';
import { policyWith, scratch } from '../support/policies.ts';

const home = scratch();
let cwd = '';
let number = 0;
beforeEach(() => {
  cwd = join(home, String(number++));
  mkdirSync(cwd);
});

const good = 'allowed_sandbox_modes = ["read-only"]\n';
const misspelt = 'allowed_sandbox_mode = ["read-only"]\n';

test('a good file: the range line, the summary, exit 0', async () => {
  const { exit, stdout, stderr } = await runCli(['validate', '-'], { stdin: good });
  expect(stderr).toBe('');
  expect(stdout).toBe(
    'enforced as written on 0.77.0–0.169.0; ignored in part on 0.20.0–0.75.0\n1 file checked for Codex 0.169.0: 0 errors, 0 warnings\n',
  );
  expect(exit).toBe(0);
});

test('a bad file: the place, the fix, exit 1', async () => {
  const { exit, stdout } = await runCli(['validate', '-'], { stdin: misspelt });
  expect(stdout).toContain(
    '<stdin>:1:1: error: `allowed_sandbox_mode` is not a key of requirements.toml; nearest is `allowed_sandbox_modes` [contract/unknown-key]\n',
  );
  expect(stdout).toContain('\n  = help: write `allowed_sandbox_modes`\n');
  expect(exit).toBe(1);
});

test('only an explicit --codex turns older releases into errors', async () => {
  const stdin = 'allow_managed_hooks_only = true\n';
  expect((await runCli(['validate', '-'], { stdin })).exit).toBe(0);
  const older = await runCli(['validate', '--codex', '0.130.0,0.131.0', '-'], { stdin });
  expect(older.stdout).toContain(
    'error: Codex 0.130.0 does not read `allow_managed_hooks_only`, which came with 0.131.0, and ignores it without a word',
  );
  expect(older.exit).toBe(1);
});

test.each([
  ['versions and ranges', ['--codex', '0.141.0', '--codex', '0.142'], 'Codex 0.141.0 to 0.142.5 (7 releases)'],
  ['latest', ['--codex', 'latest'], 'Codex 0.169.0:'],
])('--codex takes %s', async (_name, flags, words) => {
  expect((await runCli(['validate', ...flags, '-'], { stdin: good })).stdout).toContain(words);
});

test('a version that does not exist, an unreadable file and a missing argument are exit 2', async () => {
  expect(await runCli(['validate', '--codex', '9.9.9', '-'], { stdin: good })).toMatchObject({ exit: 2, stdout: '' });
  const unreadable = await runCli(['validate', 'absent.toml', '.'], { cwd });
  expect(unreadable.exit).toBe(2);
  expect(unreadable.stderr).toBe(
    'codex-mdm: cannot read `absent.toml`: no such file\ncodex-mdm: cannot read `.`: it is a folder\n',
  );
  expect((await runCli(['validate'])).exit).toBe(2);
});

test('of several files each is checked, and the higher exit code wins', async () => {
  writeFileSync(join(cwd, 'a.toml'), good);
  writeFileSync(join(cwd, 'b.toml'), misspelt);
  const { exit, stdout } = await runCli(['validate', 'a.toml', 'b.toml'], { cwd });
  expect(exit).toBe(1);
  expect(stdout).toContain('a.toml: enforced as written');
  expect(stdout).toContain('b.toml:1:1: error:');
  expect((await runCli(['validate', 'a.toml', 'absent.toml', 'b.toml'], { cwd })).exit).toBe(2);
});

test('a policy is checked by its name or by --as, and nothing is written', async () => {
  const policy = policyWith('requirements: { allowed_sandbox_mode: [read-only] }\n');
  writeFileSync(join(cwd, 'policy.yml'), policy);
  for (const args of [['policy.yml'], ['--as', 'policy', '-']]) {
    const { exit, stdout } = await runCli(['validate', ...args], { cwd, stdin: policy });
    expect(stdout).toContain(':6:17: error:');
    expect(exit).toBe(1);
  }
});

describe('formats', () => {
  test('json', async () => {
    const { stdout } = await runCli(['validate', '--format', 'json', '-'], { stdin: misspelt });
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      diagnostics: [
        {
          code: 'contract/unknown-key',
          severity: 'error',
          location: { file: '<stdin>', line: 1, column: 1, endLine: 1, endColumn: 21 },
          path: 'allowed_sandbox_mode',
        },
      ],
      summary: { errors: 1, warnings: 0, files: 1 },
    });
  });

  test.each(['sarif', 'github', 'junit', 'gitlab'])('%s names the code', async (format) => {
    const { exit, stdout } = await runCli(['validate', '--format', format, '-'], { stdin: misspelt });
    expect(stdout).toContain('contract/unknown-key');
    expect(exit).toBe(1);
  });
});

test('--severity changes warnings only, --max-warnings counts them', async () => {
  writeFileSync(join(cwd, 'p.yaml'), policyWith('accept: [{ finding: a/b, path: c, reason: d }]\ntargets: {}\n'));
  const validate = (...flags: string[]) => runCli(['validate', ...flags, 'p.yaml'], { cwd });
  expect((await validate()).exit).toBe(0);
  expect((await validate('--max-warnings', '0')).exit).toBe(1);
  expect((await validate('--max-warnings', '1')).exit).toBe(0);
  expect((await validate('--severity', 'policy/unused-accept=error')).exit).toBe(1);
  expect((await validate('--severity', 'policy/unused-accept=off', '--max-warnings', '0')).exit).toBe(0);
  expect((await validate('--severity', 'contract/unknown-key=warning')).exit).toBe(2);
  expect((await validate('--severity', 'no/code=off')).exit).toBe(2);
});

test('--quiet prints errors only', async () => {
  expect((await runCli(['validate', '--quiet', '-'], { stdin: good })).stdout).toBe('');
  expect((await runCli(['validate', '--quiet', '-'], { stdin: misspelt })).stdout).toContain('error:');
});

test('colour: a flag wins, then NO_COLOR, then FORCE_COLOR, then the terminal', async () => {
  const hasColor = async (flags: string[], env: Record<string, string>, isTerminal: boolean) =>
    (await runCli(['validate', ...flags, '-'], { stdin: misspelt, env, isTerminal })).stdout.includes('\u001b[');
  expect(await hasColor([], {}, false)).toBe(false);
  expect(await hasColor([], {}, true)).toBe(true);
  expect(await hasColor([], { NO_COLOR: '1' }, true)).toBe(false);
  expect(await hasColor([], { FORCE_COLOR: '1' }, false)).toBe(true);
  expect(await hasColor(['--color'], { NO_COLOR: '1' }, false)).toBe(true);
  expect(await hasColor(['--no-color'], { FORCE_COLOR: '1' }, true)).toBe(false);
});
