import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, test } from 'vitest';
import { kindOf } from '../../src/cli/files.ts';
import { expandGlob } from '../../src/cli/glob.ts';
import { base64, profile, signed, toBinary } from '../profile/support.ts';
import { runCli } from '../support/memory-io.ts';
import { policyWith, scratch } from '../support/policies.ts';
import { testWith } from '../support/programs.ts';

const home = scratch();
let cwd = '';
let number = 0;
beforeEach(() => {
  cwd = join(home, String(number++));
  mkdirSync(cwd);
});

/** Files below the working folder, with what stands in them. */
function put(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content);
  }
}

interface JsonReport {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly path: string;
    readonly location: Readonly<Record<string, unknown>>;
  }[];
  readonly files: readonly { readonly file: string; readonly kind: string; readonly ranges: readonly unknown[] }[];
}

const isReport = new Ajv2020({ strict: true, allowUnionTypes: true }).compile<JsonReport>(
  JSON.parse(readFileSync('schemas/report.schema.json', 'utf8')),
);

/** The report in JSON, which fits its schema. */
async function report(args: readonly string[], stdin: string | Uint8Array = '') {
  const { exit, stdout, stderr } = await runCli(['validate', '--format', 'json', ...args], { cwd, stdin });
  const json: unknown = JSON.parse(stdout);
  if (!isReport(json)) throw new Error(JSON.stringify(isReport.errors));
  return { exit, stderr, ...json, codes: json.diagnostics.map(({ code }) => code) };
}

const good = 'allowed_sandbox_modes = ["read-only"]\n';
const misspelt = '# first\n\n  allowed_sandbox_mode = ["read-only"]\n';

describe('what a file is', () => {
  const kind = (name: string, content = '') => kindOf(name, new TextEncoder().encode(content));

  test.each([
    ['requirements.toml', 'requirements'],
    ['policies/acme.TOML', 'requirements'],
    ['config.toml', 'config'],
    ['C:\\ProgramData\\managed_config.toml', 'config'],
    ['work.config.toml', 'config'],
    ['my-config.toml', 'requirements'],
    ['a.mobileconfig', 'profile'],
    ['com.openai.codex.plist', 'profile'],
    ['policy.yaml', 'policy'],
    ['p.YML', 'policy'],
  ])('%s is %s by its name, whatever it holds', (name, expected) => {
    expect(kind(name, 'bplist00')).toBe(expected);
  });

  test.each([
    ['bplist00…', 'profile'],
    ['<?xml version="1.0"?><plist/>', 'profile'],
    ['\uFEFF\n<plist version="1.0">', 'profile'],
    ['<!DOCTYPE plist>', 'profile'],
    ['<key>a</key>', 'profile'],
    ['-----BEGIN PKCS7-----\n', 'profile'],
    ['MIME-Version: 1.0\nContent-Type: application/x-pkcs7-mime; smime-type=signed-data\n\nMII', 'profile'],
    ['# a policy\n---\nversion: 1\n', 'policy'],
    ['"name": a\n', 'policy'],
    ['allowed_sandbox_modes = ["read-only"]\n', 'requirements'],
    ['[hooks]\n', 'requirements'],
    ['a = """\nversion: 1\n"""\n', 'requirements'],
    ['', 'requirements'],
  ])('%j is %s by its content', (content, expected) => {
    expect(kind('-', content)).toBe(expected);
    expect(kind('download', content)).toBe(expected);
  });

  test('DER by its first bytes', () => {
    expect(kindOf('-', Uint8Array.of(0x30, 0x82, 1, 1))).toBe('profile');
    expect(kindOf('-', Uint8Array.of(0x30, 0x80))).toBe('profile');
  });

  test('--as wins over the name', async () => {
    put({ 'requirements.toml': profile(), 'a.plist': good });
    expect((await report(['requirements.toml', '--as', 'profile'])).codes).toEqual([]);
    expect((await report(['a.plist', '--as', 'requirements'])).files[0]?.kind).toBe('requirements');
    expect((await report(['--as', 'config', '-'], good)).codes).toEqual(['config/requirements-key']);
  });
});

describe('a profile', () => {
  const forms: readonly (readonly [string, readonly string[], () => string | Uint8Array, object])[] = [
    ['XML', [], () => profile({ value: base64(misspelt) }), { line: 17, column: 22 }],
    ['binary', ['python3'], () => toBinary(profile({ value: base64(misspelt) })), { line: 1, column: 1 }],
    [
      'signed',
      ['openssl'],
      () => signed(profile({ value: base64(misspelt) }), ['cms', '-nodetach', '-binary', '-outform', 'der']),
      { line: 1, column: 1 },
    ],
  ];
  for (const [name, programs, content, place] of forms)
    testWith(programs, `${name}: the finding stands at the key, and says where in the TOML`, async () => {
      put({ 'a.mobileconfig': content() });
      const { exit, diagnostics, files } = await report(['a.mobileconfig']);
      expect(exit).toBe(1);
      expect(diagnostics).toMatchObject([
        {
          code: 'contract/unknown-key',
          path: 'allowed_sandbox_mode',
          location: {
            file: 'a.mobileconfig',
            ...place,
            decoded: { key: 'requirements_toml_base64', line: 3, column: 3, endLine: 3, endColumn: 23 },
          },
        },
      ]);
      expect(diagnostics[0]?.message).toMatch(/ \(requirements_toml_base64:3:3\)$/);
      expect(files).toMatchObject([{ file: 'a.mobileconfig', kind: 'profile' }]);
    });

  test('is judged for macOS and its own channel', async () => {
    const stdin = profile();
    expect((await report(['-', '--codex', '0.77.0,0.79.0'], stdin)).codes).toEqual(['contract/channel-too-new']);
    expect((await report(['-', '--codex', '0.79.0', '--platform', 'macos,linux'], stdin)).exit).toBe(0);
    for (const flags of [
      ['--platform', 'linux'],
      ['--channel', 'cloud'],
    ]) {
      const { exit, stderr } = await runCli(['validate', '-', ...flags], { stdin });
      expect([exit, stderr]).toEqual([2, expect.stringContaining('is a profile')]);
    }
  });

  test('its config_toml_base64 is a managed configuration', async () => {
    const managed = base64('sandbox_mode = "workspace-write"\nallowed_sandbox_modes = []\nx = \n');
    const more = `<key>config_toml_base64</key><string>${managed}</string>`;
    expect((await report(['-'], profile({ more }))).codes).toEqual(['profile/config-beside', 'toml/syntax']);
    const valid = `<key>config_toml_base64</key><string>${base64('sandbox_mode = "read-only"\nrules = {}\n')}</string>`;
    const { codes, diagnostics, exit } = await report(['-'], profile({ more: valid }));
    expect(codes).toEqual(['profile/config-beside', 'config/acts-as-requirement', 'config/requirements-key']);
    expect(diagnostics[0]?.message).toContain('its `sandbox_mode` become');
    expect(exit).toBe(0);
  });

  test('moves of lines in the TOML do not change what a system recognises a finding by', async () => {
    const prints = async (toml: string) => {
      const { stdout } = await runCli(['validate', '-', '--format', 'gitlab'], {
        stdin: profile({ value: base64(toml) }),
      });
      return (JSON.parse(stdout) as readonly { fingerprint: string }[]).map(({ fingerprint }) => fingerprint);
    };
    expect(await prints(misspelt)).toEqual(await prints(`# one\n# two\n${misspelt}`));
  });
});

describe('channels and platforms', () => {
  test.each([
    ['a Windows path', 'C:\\secret', [], 1],
    ['a Windows path', 'C:\\secret', ['--platform', 'linux'], 1],
    ['a Windows path', 'C:\\secret', ['--platform', 'windows,macos'], 1],
    ['a Windows path', 'C:\\secret', ['--platform', 'windows'], 0],
    ['a pattern at the root', '/*.env', [], 1],
    ['a pattern at the root', '/*.env', ['--platform', 'linux'], 1],
    ['a pattern at the root', '/*.env', ['--platform', 'macos'], 0],
    ['a broken pattern', '/a/*.{env', ['--platform', 'windows'], 1],
  ])('deny_read with %s: %s %j', async (_, path, options, exit) => {
    put({ 'requirements.toml': `[permissions.filesystem]\ndeny_read = [${JSON.stringify(path)}]\n` });
    expect((await report(['requirements.toml', ...options])).exit).toBe(exit);
  });

  const managed = 'allow_managed_hooks_only = true\n';

  test.each([
    [['--platform', 'windows', '--codex', '0.100.0'], ['contract/channel-too-new']],
    [['--platform', 'linux', '--codex', '0.100.0'], []],
    [['--platform', 'linux,windows', '--codex', '0.100.0'], ['contract/channel-too-new']],
    [['--platform', 'macos', '--codex', '0.77.0'], []],
    [['--platform', 'macos', '--channel', 'profile', '--codex', '0.77.0'], ['contract/channel-too-new']],
    [['--channel', 'profile', '--codex', '0.79.0'], []],
    [['--channel', 'cloud', '--codex', '0.87.0,0.93.0'], ['contract/channel-too-new']],
  ])('%j', async (flags, codes) => {
    expect((await report(['-', ...flags], good)).codes).toEqual(codes);
  });

  test('of a file that is not read nothing else is said; one platform that reads it brings all back', async () => {
    const codes = async (platform: string) =>
      (await report(['-', '--codex', '0.100.0', '--platform', platform], managed)).codes;
    expect(await codes('windows')).toEqual(['contract/channel-too-new']);
    expect(await codes('windows,linux')).toEqual(['contract/channel-too-new', 'contract/key-too-new']);
  });

  test('the ranges are those of the channel', async () => {
    const { files } = await report(['-', '--platform', 'windows'], good);
    expect(files).toEqual([
      {
        file: '<stdin>',
        kind: 'requirements',
        ranges: [
          { from: '0.20.0', to: '0.100.0', effect: 'ignored' },
          { from: '0.101.0', to: '0.169.0', effect: 'enforced' },
        ],
      },
    ]);
  });

  test('the cloud cannot set how people sign in', async () => {
    const toml = `allowed_login_methods = ["api"]\n${good}`;
    expect((await report(['-', '--channel', 'cloud'], toml)).codes).toEqual(['contract/not-by-channel']);
    expect((await report(['-', '--channel', 'system'], toml)).codes).toEqual([]);
  });

  test('what does not exist is exit 2', async () => {
    for (const flags of [
      ['--platform', 'solaris'],
      ['--channel', 'mail'],
      ['--channel', 'profile', '--platform', 'linux'],
    ])
      expect((await runCli(['validate', '-', ...flags], { stdin: good })).exit).toBe(2);
  });
});

describe('config.toml and managed_config.toml', () => {
  test('only the syntax is judged, and keys that have to do with requirements', async () => {
    put({ 'config.toml': 'sandbox_mode = "danger-full-access"\nanything = 1\nallow_managed_hooks_only = true\n' });
    const { codes, exit, files } = await report(['config.toml']);
    expect([codes, exit]).toEqual([['config/requirements-key'], 0]);
    expect(files).toEqual([{ file: 'config.toml', kind: 'config', ranges: [] }]);
    put({ 'config.toml': 'a = \n' });
    expect(await report(['config.toml'])).toMatchObject({ codes: ['toml/syntax'], exit: 1 });
  });

  test('three keys of a managed_config.toml act as requirements', async () => {
    put({
      'managed_config.toml':
        'approval_policy = "never"\napprovals_reviewer = "user"\nsandbox_mode = "workspace-write"\n',
    });
    const { diagnostics, exit } = await report(['managed_config.toml']);
    expect(exit).toBe(0);
    expect(diagnostics.map(({ message }) => message.replace(/.* acts as /, ''))).toEqual([
      '`allowed_approval_policies = ["never"]`',
      '`allowed_approvals_reviewers = ["user"]`',
      '`allowed_sandbox_modes = ["read-only", "workspace-write"]`',
    ]);
  });

  test('one that lies beside the requirements and loosens them is found, where it wins', async () => {
    put({ 'requirements.toml': good, 'managed_config.toml': '# old\nsandbox_mode = "workspace-write"\n' });
    expect(await report(['requirements.toml', '--codex', '0.136.0'])).toMatchObject({ codes: [], exit: 0 });
    const { diagnostics, exit } = await report(['requirements.toml', '--codex', '0.136.0,0.137.0']);
    expect(exit).toBe(1);
    expect(diagnostics).toMatchObject([
      {
        code: 'config/loosens-requirements',
        message: expect.stringMatching(/^on Codex 0\.137\.0 `sandbox_mode` .* allows `"workspace-write"` as well$/),
        path: 'sandbox_mode',
        location: { file: 'managed_config.toml', line: 2, column: 1 },
        related: [{ location: { file: 'requirements.toml', line: 1 } }],
      },
    ]);
    // By a profile they outrank it.
    expect((await report(['requirements.toml', '--channel', 'profile'])).codes).toEqual([]);
  });

  test('one that allows no more than the requirements is no mistake', async () => {
    put({ 'requirements.toml': 'allowed_sandbox_modes = ["read-only", "workspace-write"]\n' });
    put({ 'managed_config.toml': 'sandbox_mode = "workspace-write"\napproval_policy = "never"\n' });
    expect((await report(['requirements.toml'])).codes).toEqual([]);
  });

  test.each([
    ['on-failure', '["on-request"]', '0.142.5,0.143.0', '0.142.5'],
    ['on-failure', '["never"]', '0.147.0', '0.147.0'],
    ['on-request', '["on-failure"]', '0.169.0', undefined],
    ['untrusted', '["untrusted", "never"]', '0.141.0', undefined],
  ])('approval_policy %s beside %s on %s loosens on %s', async (value, list, codex, where) => {
    put({ 'requirements.toml': `allowed_approval_policies = ${list}\n` });
    put({ 'managed_config.toml': `approval_policy = "${value}"\n` });
    const { diagnostics } = await report(['requirements.toml', '--codex', codex]);
    expect(diagnostics.map(({ message }) => message.split(' ')[2])).toEqual(where === undefined ? [] : [where]);
  });

  test('both named: from two folders as a pair, one of each; from many folders each its own', async () => {
    put({ 'a/requirements.toml': good, 'b/managed_config.toml': 'sandbox_mode = "workspace-write"\n' });
    expect((await report(['a/requirements.toml', 'b/managed_config.toml'])).codes).toEqual([
      'config/acts-as-requirement',
      'config/loosens-requirements',
    ]);
    put({ 'b/requirements.toml': 'allowed_sandbox_modes = ["read-only", "workspace-write"]\n' });
    put({ 'c/managed_config.toml': '' });
    expect((await report(['b/requirements.toml', 'b/managed_config.toml', 'c/managed_config.toml'])).codes).toEqual([
      'config/acts-as-requirement',
      'input/empty',
    ]);
  });
});

describe('bytes and modes', () => {
  test.each([
    ['no bytes', '', 'input/empty', 1],
    ['a mark alone', '\uFEFF', 'input/empty', 1],
    ['a line end', '\n', 'advice/nothing-said', 0],
    ['blank lines', ' \r\n\t\r\n', 'advice/nothing-said', 0],
    ['comments', '# allowed_sandbox_modes = ["read-only"]\n\n', 'advice/nothing-said', 0],
  ])('a file of %s', async (_, text, code, exit) => {
    const found = await report(['-', '--as', 'requirements'], text);
    expect([found.codes.filter((one) => one !== 'input/crlf' && one !== 'input/byte-order-mark'), found.exit]).toEqual([
      [code],
      exit,
    ]);
  });

  test('a mark and the line ends of Windows are told, and harm nothing', async () => {
    const { codes, exit } = await report(['-'], `\uFEFF${good.replace('\n', '\r\n')}`);
    expect([codes, exit]).toEqual([['input/byte-order-mark', 'input/crlf'], 0]);
  });

  test('a file that only root can read is told by its mode', async () => {
    put({ 'requirements.toml': good, 'config.toml': 'a = 1\n' });
    chmodSync(join(cwd, 'requirements.toml'), 0o640);
    chmodSync(join(cwd, 'config.toml'), 0o600);
    const { diagnostics, exit } = await report(['requirements.toml', 'config.toml']);
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['input/not-world-readable', 'others may not read the file (mode 0640)'],
    ]);
    expect(exit).toBe(0);
    expect((await report(['requirements.toml', '--platform', 'windows'])).codes).toEqual([]);
  });

  testWith(['mkfifo'], 'of a pipe nobody asks who may read it', async () => {
    put({ 'text.toml': good });
    const pipe = join(cwd, 'pipe.toml');
    execFileSync('mkfifo', ['-m', '600', pipe]);
    const writer = spawn('sh', ['-c', 'cat text.toml >pipe.toml'], { cwd });
    expect(await report(['pipe.toml'])).toMatchObject({ codes: [], exit: 0 });
    writer.kill();
  });
});

describe('patterns', () => {
  test('name files in a fixed order, below folders and across kinds', async () => {
    put({ 'p/b.toml': good, 'p/a.toml': good, 'p/x/y/c.toml': misspelt, 'p/.d/e.toml': good, 'p/.f.toml': good });
    put({ 'p/policy.yaml': policyWith('targets: {}\n'), 'q/g.toml': good });
    symlinkSync('..', join(cwd, 'p/up'));
    const { exit, files } = await report(['p/**/*.toml', 'p/*.yaml']);
    expect(files.map(({ file }) => file)).toEqual(['p/a.toml', 'p/b.toml', 'p/x/y/c.toml', 'p/policy.yaml']);
    expect(exit).toBe(1);
  });

  test('one that matches nothing is exit 2, and the others are still checked', async () => {
    put({ 'a.toml': good });
    const { exit, stderr, stdout } = await runCli(['validate', '*.toml', 'no/**/*.toml'], { cwd });
    expect([exit, stderr]).toEqual([2, 'codex-mdm: no file matches `no/**/*.toml`\n']);
    expect(stdout).toContain('1 file checked');
  });

  test('a file of that very name is no pattern, and a file named twice is checked once', async () => {
    put({ 'a[1].toml': good, 'a1.toml': misspelt });
    expect((await report(['a[1].toml'])).files.map(({ file }) => file)).toEqual(['a[1].toml']);
    expect((await report(['a1.toml', '*1.toml'])).files.map(({ file }) => file)).toEqual(['a1.toml']);
  });

  test.each([
    ['*', ['a.toml', 'ab.toml', 'b.txt']],
    ['?.*', ['a.toml', 'b.txt']],
    ['[!a]*', ['b.txt']],
    ['[a-b].t[ox]*', ['a.toml', 'b.txt']],
    ['{a,b}.{toml,txt}', ['a.toml', 'b.txt']],
    ['{a,x{b,c}}.toml', ['a.toml']],
    ['**', ['a.toml', 'ab.toml', 'b.txt', 'd/a.toml', 'd/e/a.toml']],
    ['**/a.toml', ['a.toml', 'd/a.toml', 'd/e/a.toml']],
    ['d/**/**/a.toml', ['d/a.toml', 'd/e/a.toml']],
    ['./*.txt', ['./b.txt']],
    ['d/../*.txt', ['d/../b.txt']],
    ['.*', ['.hidden']],
    ['*/', []],
    ['[', []],
  ])('%s', (pattern, expected) => {
    put({ 'a.toml': '', 'ab.toml': '', 'b.txt': '', '.hidden': '', 'd/a.toml': '', 'd/e/a.toml': '' });
    expect(expandGlob(pattern, cwd)).toEqual(expected);
    const root = `${cwd}/`;
    expect(expandGlob(root + pattern, '/')).toEqual(expected.map((name) => root + name));
  });

  test('stars do not multiply the time', () => {
    put({ [`${'a'.repeat(200)}.toml`]: '' });
    const start = performance.now();
    expect(expandGlob(`${'*a'.repeat(100)}b`, cwd)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
