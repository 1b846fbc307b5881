import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/memory-io.ts';
import { scratch } from '../support/policies.ts';

const folder = scratch();
const wrong = '# Pins\r\n[features]\r\nhoks = true # on\r\nallow_login_shell = false\r\n';
const right = 'allow_login_shell = false\r\n\r\n# Pins\r\n[features]\r\nhooks = true # on\r\n';

function file(name: string, text: string | Uint8Array): string {
  writeFileSync(join(folder, name), text);
  return name;
}
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const validate = (...args: string[]) => runCli(['validate', ...args], { cwd: folder });

test('a file is corrected in its place, with its mode and its byte order mark, and what is left is reported', async () => {
  const name = file('a.toml', `\uFEFF${wrong}`);
  chmodSync(join(folder, name), 0o640);
  const { exit, stdout, stderr } = await validate(name, '--fix');
  expect(text(name)).toBe(`\uFEFF${right}`);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o640);
  expect(stderr).toBe(
    'a.toml: fixed: `allow_login_shell` now stands above the first table, no longer in `[features]`\na.toml: fixed: `features.hoks` is now `hooks`\n',
  );
  expect([exit, stdout]).toEqual([0, expect.stringContaining(' 0 errors')]);
});

test('the exit code is that of what is left, in the format that was asked for', async () => {
  const name = file('b.toml', `${wrong}other = 1\r\n`);
  const { exit, stdout } = await validate(name, '--fix', '--format', 'json');
  expect(exit).toBe(1);
  expect(JSON.parse(stdout).summary).toMatchObject({ errors: 1 });
  expect(text(name)).toBe(`${right}other = 1\r\n`);
});

test('--diff writes nothing, prints what would change, and exits 1 for it', async () => {
  const name = file('c.toml', wrong.replaceAll('\r', ''));
  const clean = file('clean.toml', 'allow_login_shell = false\n');
  const { exit, stdout, stderr } = await validate(name, clean, '--fix', '--diff');
  expect(stdout).toBe(
    '--- c.toml\n+++ c.toml\n@@ -1,4 +1,5 @@\n+allow_login_shell = false\n+\n # Pins\n [features]\n-hoks = true # on\n-allow_login_shell = false\n+hooks = true # on\n',
  );
  expect(stderr).toContain('c.toml: to fix: `features.hoks` is now `hooks`\n');
  expect(stderr).toContain('2 files checked');
  expect([exit, text(name)]).toEqual([1, wrong.replaceAll('\r', '')]);
  expect(await validate(clean, '--fix', '--diff')).toMatchObject({ exit: 0, stdout: '' });
});

test('a diff shows no secret', async () => {
  const token = `ghp_${'a'.repeat(36)}`;
  const name = file('d.toml', `[features]\nhoks = true # ${token}\n`);
  const { stdout } = await validate(name, '--fix', '--diff');
  expect(stdout).toContain('+hooks = true # ****');
  expect(stdout).not.toContain(token);
});

test('standard input goes to standard output, corrected or not, and the report to standard error', async () => {
  for (const [given, wanted] of [
    [`\uFEFF${wrong}`, `\uFEFF${right}`],
    [right, right],
    ['other = 1\n', 'other = 1\n'],
  ]) {
    const { stdout, stderr } = await runCli(['validate', '-', '--fix'], { stdin: given ?? '' });
    expect(stdout).toBe(wanted);
    expect(stderr).toContain('1 file checked');
  }
});

test('a link stays a link, and its file is corrected', async () => {
  const name = file('real.toml', wrong);
  symlinkSync('real.toml', join(folder, 'link.toml'));
  expect((await validate('link.toml', '--fix')).exit).toBe(0);
  expect(lstatSync(join(folder, 'link.toml')).isSymbolicLink()).toBe(true);
  expect(text(name)).toBe(right);
});

test('other files are left alone, and that is said', async () => {
  const name = file('p.yaml', 'versoin: 1\n');
  const { stderr } = await validate(name, '--fix');
  expect(stderr).toBe('p.yaml: not fixed: --fix corrects requirements.toml only\n');
  expect(text(name)).toBe('versoin: 1\n');
});

test('options that contradict each other', async () => {
  const name = file('e.toml', wrong);
  expect(await validate(name, '--diff')).toMatchObject({ exit: 2, stdout: '' });
  expect(await validate(name, '--fix', '--diff', '--format', 'json')).toMatchObject({ exit: 2, stdout: '' });
  expect(text(name)).toBe(wrong);
});

test('broken bytes stay as they are', async () => {
  const bytes = Uint8Array.of(0xff, 0x0a);
  const name = file('f.toml', bytes);
  expect((await validate(name, '--fix')).exit).toBe(1);
  expect(readFileSync(join(folder, name))).toEqual(Buffer.from(bytes));
});
