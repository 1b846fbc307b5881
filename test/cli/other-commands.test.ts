import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { catalog } from '../../src/diagnostics/catalog.ts';
import { runCli } from '../support/memory-io.ts';

test('--help names every command, with examples', async () => {
  const { exit, stdout, stderr } = await runCli(['--help']);
  for (const name of ['build', 'validate', 'schema', 'codes', 'targets', 'versions', 'completion'])
    expect(stdout).toContain(`codex-mdm ${name}`);
  expect(stdout).toContain('Examples:');
  expect([exit, stderr]).toEqual([0, '']);
});

test.each(['build', 'validate'])('%s --help describes each option, with examples', async (name) => {
  const { exit, stdout } = await runCli([name, '--help']);
  for (const option of name === 'build'
    ? ['--out', '--target', '--check', '--zip', '--format', '--quiet']
    : ['--codex', '--as', '--format', '--severity', '--max-warnings'])
    expect(stdout).toContain(option);
  expect(stdout).toContain('Examples:');
  expect(exit).toBe(0);
});

test('--version', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await runCli(['--version'])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
});

test('completion prints a script', async () => {
  const { exit, stdout } = await runCli(['completion']);
  expect(stdout).toContain('codex-mdm');
  expect(stdout).toContain('--get-yargs-completions');
  expect(exit).toBe(0);
});

test('codes lists every code and explains one', async () => {
  const all = (await runCli(['codes'])).stdout;
  for (const code of Object.keys(catalog)) expect(all).toContain(`${code} `);
  expect((await runCli(['codes', 'contract/key-too-new'])).stdout).toMatch(/^contract\/key-too-new \(error\)\n\n\S/);
  expect(await runCli(['codes', 'contract/key-too-mew'])).toMatchObject({ exit: 2, stdout: '' });
});

test('targets and versions list what there is', async () => {
  expect((await runCli(['targets'])).stdout).toMatch(/^jamf .*\nintune .*\nsalt .*\n$/);
  const { stdout } = await runCli(['versions']);
  expect(stdout).toContain('0.169.0');
  expect(stdout).toContain('What no file can mend:\n- Codex ');
});

test('the policy schema takes every example and refuses mistakes at any depth', async () => {
  const { stdout } = await runCli(['schema', 'policy']);
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(stdout));
  const examples = readdirSync('templates/policies').filter((name) => name.endsWith('.yaml'));
  expect(examples.length).toBeGreaterThan(5);
  for (const name of examples) {
    const value = parse(readFileSync(`templates/policies/${name}`, 'utf8'));
    expect([name, validate(value), validate.errors ?? []]).toEqual([name, true, []]);
    expect(validate({ ...value, requirements: { ...value.requirements, allowed_sandbox_mode: [] } })).toBe(false);
    expect(validate({ ...value, relay: { endpoint: 'https://a.example', events: { Pretooluse: 'observe' } } })).toBe(
      false,
    );
  }
});

test('the requirements schema follows the versions that it is asked for', async () => {
  const keysFor = async (...flags: string[]) =>
    Object.keys(JSON.parse((await runCli(['schema', 'requirements', ...flags])).stdout).properties);
  expect(await keysFor('--codex', '0.100.0')).not.toContain('allow_managed_hooks_only');
  expect(await keysFor()).toContain('allow_managed_hooks_only');
  expect((await runCli(['schema', 'nothing'])).exit).toBe(2);
});
