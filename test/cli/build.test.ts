import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

const good = policyWith('requirements: { allowed_sandbox_modes: [read-only] }\ntargets: {}\n');
const bad = policyWith('requirements: { allowed_sandbox_mode: [read-only] }\n');

function put(name: string, text: string | Uint8Array): void {
  writeFileSync(join(cwd, name), text);
}

test('a good policy: the files on stdout, nothing on stderr but what was asked', async () => {
  put('policy.yaml', good.replace('">=0.150.0"', '"0.169.0"'));
  const { exit, stdout, stderr } = await runCli(['build'], { cwd });
  expect(stderr).toBe('');
  expect(exit).toBe(0);
  expect(stdout.split('\n').slice(0, -1)).toEqual([
    'dist-profiles/test/README.md',
    'dist-profiles/test/SHA256SUMS',
    'dist-profiles/test/bundle.json',
    'dist-profiles/test/device/requirements.toml',
    '4 files written to dist-profiles/test',
  ]);
  expect(readFileSync(join(cwd, 'dist-profiles/test/device/requirements.toml'), 'utf8')).toBe(
    'allowed_sandbox_modes = [ "read-only" ]\n',
  );
});

test('an open range says up to which release it was judged', async () => {
  put('policy.yaml', good);
  expect((await runCli(['build'], { cwd })).stderr).toBe(
    '`clients` is open: judged up to Codex 0.169.0, the newest known release\n',
  );
  expect((await runCli(['build', '--quiet'], { cwd })).stderr).toBe('');
});

test('a bad policy: exit 1, the diagnostic on stderr, nothing written, not even the folder', async () => {
  put('policy.yaml', bad);
  const { exit, stdout, stderr } = await runCli(['build'], { cwd });
  expect(exit).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain(
    'policy.yaml:6:17: error: `allowed_sandbox_mode` is not a key of requirements.toml; nearest is `allowed_sandbox_modes` [contract/unknown-key]',
  );
  expect(readdirSync(cwd)).toEqual(['policy.yaml']);
});

test('--format json: the diagnostics on stdout, for a good policy as well', async () => {
  put('policy.yaml', bad);
  const failed = JSON.parse((await runCli(['build', '--format', 'json'], { cwd })).stdout);
  expect(failed).toMatchObject({
    schemaVersion: 1,
    tool: { name: 'codex-mdm' },
    diagnostics: [
      { code: 'contract/unknown-key', path: 'requirements.allowed_sandbox_mode', location: { line: 6, column: 17 } },
    ],
  });
  put('policy.yaml', good);
  expect(JSON.parse((await runCli(['build', '--format', 'json'], { cwd })).stdout)).toMatchObject({ diagnostics: [] });
});

test('standard input, and flags in any order', async () => {
  const { exit } = await runCli(['build', '--out', 'there', '--quiet', '-'], { cwd, stdin: good });
  expect(exit).toBe(0);
  expect(existsSync(join(cwd, 'there/test/bundle.json'))).toBe(true);
  expect((await runCli(['build', '--out=there', '--check', '--quiet', '-'], { cwd, stdin: good })).exit).toBe(0);
});

test('--check writes nothing and tells what is stale', async () => {
  put('policy.yaml', good);
  const before = await runCli(['build', '--check'], { cwd });
  expect(before.exit).toBe(1);
  expect(before.stdout).toContain('missing dist-profiles/test/device/requirements.toml');
  expect(existsSync(join(cwd, 'dist-profiles'))).toBe(false);
  await runCli(['build'], { cwd });
  expect((await runCli(['build', '--check'], { cwd })).exit).toBe(0);
  put('policy.yaml', good.replace('[read-only]', '[read-only, workspace-write]'));
  const after = await runCli(['build', '--check'], { cwd });
  expect(after.exit).toBe(1);
  expect(after.stdout).toContain('changed dist-profiles/test/device/requirements.toml');
});

test('--check with JSON says on stderr what is stale', async () => {
  put('policy.yaml', good);
  const { exit, stdout, stderr } = await runCli(['build', '--check', '--format', 'json'], { cwd });
  expect(exit).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [] });
  expect(stderr).toContain('missing dist-profiles/test/device/requirements.toml');
});

test('a warning stands on stderr, the files on stdout', async () => {
  put('policy.yaml', `${good}accept: [{ finding: a/b, path: c, reason: d }]\n`);
  const { exit, stdout, stderr } = await runCli(['build'], { cwd });
  expect(exit).toBe(0);
  expect(stderr).toContain('warning: nothing to accept');
  expect(stderr).not.toContain('files written');
  expect(stdout).toContain('4 files written');
});

test('--target builds for one product, and refuses one that serves no platform', async () => {
  put('policy.yaml', good);
  await runCli(['build', '--target', 'salt'], { cwd });
  expect(readdirSync(join(cwd, 'dist-profiles/test')).sort()).toEqual([
    'README.md',
    'SHA256SUMS',
    'bundle.json',
    'device',
    'salt',
  ]);
  const refused = await runCli(['build', '--target', 'jamf'], { cwd });
  expect(refused.exit).toBe(1);
  expect(refused.stderr).toContain('[policy/target-platform]');
});

test('--zip adds one archive for each product, the same bytes each time', async () => {
  put('policy.yaml', good.replace('targets: {}', 'targets: { salt: {} }'));
  await runCli(['build', '--zip'], { cwd });
  const first = readFileSync(join(cwd, 'dist-profiles/test-salt.zip'));
  await runCli(['build', '--zip'], { cwd });
  expect(readFileSync(join(cwd, 'dist-profiles/test-salt.zip')).equals(first)).toBe(true);
  expect((await runCli(['build', '--zip', '--check'], { cwd })).exit).toBe(0);
});

describe('what cannot be done is exit 2, in one line', () => {
  test.each([
    ['no file', ['build', 'absent.yaml'], 'cannot read `absent.yaml`: no such file'],
    ['a folder', ['build', '.'], 'cannot read `.`: it is a folder'],
    ['an unknown option', ['build', '--fast'], 'fast'],
    ['an unknown product', ['build', '--target', 'kandji'], 'target'],
    ['an unknown command', ['biuld'], 'build'],
    ['no command', [], 'command'],
    ['two policies', ['build', 'a.yaml', 'b.yaml'], 'b.yaml'],
    ['a switch with a value', ['build', '--check=no'], '--check takes no value'],
    ['an option without its value', ['build', '--out'], 'out'],
  ])('%s', async (_name, args, words) => {
    const { exit, stdout, stderr } = await runCli(args, { cwd });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(exit).toBe(2);
  });

  test('a foreign file where a file of ours would be', async () => {
    put('policy.yaml', good);
    mkdirSync(join(cwd, 'dist-profiles/test'), { recursive: true });
    writeFileSync(join(cwd, 'dist-profiles/test/README.md'), 'mine');
    const { exit, stderr } = await runCli(['build'], { cwd });
    expect(exit).toBe(2);
    expect(stderr).toContain('was not written by codex-mdm');
    expect(readdirSync(join(cwd, 'dist-profiles/test'))).toEqual(['README.md']);
  });

  test('a source behind a link that leads out of the folder', async () => {
    writeFileSync(join(home, 'outside.sh'), 'x');
    symlinkSync(join(home, 'outside.sh'), join(cwd, 'a.sh'));
    put('policy.yaml', policyWith('files: [{ source: a.sh, name: a.sh }]\ntargets: {}\n'));
    const { exit, stderr } = await runCli(['build'], { cwd });
    expect([exit, stderr.includes('leads out')]).toEqual([2, true]);
  });
});

describe('bytes that are no policy are exit 1', () => {
  test.each([
    ['empty', new Uint8Array(), 'input/empty'],
    ['binary', new Uint8Array([1, 0, 2, 255, 254]), 'input/binary'],
    ['Latin-1', new Uint8Array([...new TextEncoder().encode('name: caf'), 0xe9, 10]), 'input/not-utf8'],
    ['huge', new Uint8Array(4 * 1024 * 1024 + 1).fill(0x20), 'input/too-large'],
    ['deep', '['.repeat(100_000), 'input/too-deep'],
  ])('%s', async (_name, bytes, code) => {
    put('policy.yaml', bytes);
    const { exit, stderr } = await runCli(['build'], { cwd });
    expect(stderr).toContain(code);
    expect(exit).toBe(1);
    expect(readdirSync(cwd)).toEqual(['policy.yaml']);
  });

  test('a byte order mark and CRLF are fine, and change no byte of the bundle', async () => {
    put('policy.yaml', good);
    await runCli(['build'], { cwd });
    put('policy.yaml', `\ufeff${good.replaceAll('\n', '\r\n')}`);
    expect((await runCli(['build', '--check'], { cwd })).exit).toBe(0);
  });
});
