import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { powershellFaults } from './support/powershell.ts';
import { testWith } from './support/programs.ts';

/** Every file of every golden build. */
const files = readdirSync('dist-profiles', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const kinds = {
  plist: files.filter((path) => /\.(?:plist|mobileconfig)$/.test(path)),
  sh: files.filter((path) => /\.sh$|\/codex-relay$/.test(path)),
  ps1: files.filter((path) => path.endsWith('.ps1')),
  toml: files.filter((path) => path.endsWith('.toml')),
  json: files.filter((path) => path.endsWith('.json')),
  yaml: files.filter((path) => /\.example$|\/FORMULA$/.test(path)),
  sls: files.filter((path) => path.endsWith('.sls')),
  python: files.filter((path) => path.endsWith('.py')),
  text: files.filter((path) => /\.md$|\/SHA256SUMS$/.test(path)),
};

/** Runs one Python program over many files: a line for each that it cannot open. */
function python(program: string, paths: readonly string[]): string {
  return execFileSync(
    'python3',
    [
      '-c',
      `import sys\nfor path in sys.argv[1:]:\n  try:\n    ${program}\n  except Exception as e: print(path, e)`,
      ...paths,
    ],
    { encoding: 'utf8' },
  );
}

/** Runs a program that says by its exit code whether it takes a file. */
function opens(program: string, args: readonly string[]): string {
  try {
    execFileSync(program, args, { stdio: 'pipe', encoding: 'utf8' });
    return '';
  } catch (error) {
    return error instanceof Error && 'stdout' in error
      ? `${String(error.stdout)}${String(Reflect.get(error, 'stderr'))}`
      : String(error);
  }
}

test('each file is of a kind that is opened below', () => {
  const known = new Set(Object.values(kinds).flat());
  expect(files.filter((path) => !known.has(path))).toEqual([]);
  for (const paths of Object.values(kinds)) expect(paths.length).toBeGreaterThan(0);
});

test('texts are UTF-8 with LF, without a byte order mark, and end in a line break', () => {
  for (const path of files) {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    expect([path, text.startsWith('\ufeff'), text.includes('\r'), text.endsWith('\n')]).toEqual([
      path,
      false,
      false,
      true,
    ]);
  }
});

test('nothing names a place of the machine that built it', () => {
  const home = [process.cwd(), process.env['HOME'] ?? '/root'].filter((path) => path.length > 4);
  for (const path of files)
    for (const place of home) expect(readFileSync(path, 'utf8').includes(`${place}/`)).toBe(false);
});

describe('property lists', () => {
  testWith(['xmllint'], 'xmllint takes each, by the DTD', () => {
    const catalog = resolve('test/fixtures/plist-dtd/catalog.xml');
    expect(
      execFileSync('xmllint', ['--noout', '--valid', '--nonet', ...kinds.plist], {
        env: { ...process.env, XML_CATALOG_FILES: catalog },
        encoding: 'utf8',
      }),
    ).toBe('');
  });
  testWith(['python3'], 'plistlib takes each', () =>
    expect(python('import plistlib; plistlib.load(open(path, "rb"))', kinds.plist)).toBe(''),
  );
});

describe('shell scripts', () => {
  testWith(['shellcheck'], 'shellcheck has nothing to say', () =>
    expect(opens('shellcheck', ['-s', 'sh', ...kinds.sh])).toBe(''),
  );
  for (const [program, ...flags] of [
    ['dash', '-n'],
    ['bash', '--posix', '-n'],
    ['busybox', 'sh', '-n'],
    ['zsh', '-n'],
    ['ksh', '-n'],
  ] as const)
    testWith([program], `${program} parses each`, () => {
      for (const path of kinds.sh) expect(opens(program, [...flags, path])).toBe('');
    });
});

test('a PowerShell grammar takes each script', async () => {
  for (const path of kinds.ps1) expect([path, await powershellFaults(readFileSync(path, 'utf8'))]).toEqual([path, []]);
});

testWith(['poshtree-check'], 'a second grammar of PowerShell reads each script, and none that is broken', () => {
  expect(execFileSync('poshtree-check', kinds.ps1, { encoding: 'utf8' })).toBe('');
  const broken = "echo 'if ($a) {' | poshtree-check /dev/stdin";
  expect(spawnSync('/bin/sh', ['-c', broken], { encoding: 'utf8' }).stdout).toContain("expected '}'");
});

testWith(['pwsh'], 'PowerShell itself parses each script', () => {
  const program =
    '$found = $null; foreach ($path in $env:SCRIPTS -split [char]10) { $null = [Management.Automation.Language.Parser]::ParseFile($path, [ref]$null, [ref]$found); $found }';
  const env = { ...process.env, SCRIPTS: kinds.ps1.map((path) => resolve(path)).join('\n') };
  expect(execFileSync('pwsh', ['-NoProfile', '-Command', program], { env, encoding: 'utf8' })).toBe('');
});

describe('TOML', () => {
  test('smol-toml takes each', () => {
    for (const path of kinds.toml) expect(Object.keys(parseToml(readFileSync(path, 'utf8'))).length).toBeGreaterThan(0);
  });
  testWith(['python3'], 'tomllib takes each', () =>
    expect(python('import tomllib; tomllib.load(open(path, "rb"))', kinds.toml)).toBe(''),
  );
  test('root keys stand before the first table', () => {
    for (const path of kinds.toml) {
      const lines = readFileSync(path, 'utf8').split('\n');
      const value = parseToml(lines.join('\n'));
      const first = lines.findIndex((line) => line.startsWith('['));
      for (const [key, member] of Object.entries(value))
        if (typeof member !== 'object')
          expect(lines.findIndex((line) => line.startsWith(`${key} =`))).toBeLessThan(first < 0 ? lines.length : first);
    }
  });
});

describe('the rest', () => {
  testWith(['jq'], 'jq takes each JSON', () => expect(opens('jq', ['.', ...kinds.json])).toBe(''));
  test('a YAML parser takes each example of pillar and top file', () => {
    for (const path of kinds.yaml) expect(() => parseYaml(readFileSync(path, 'utf8'))).not.toThrow();
  });
  testWith(['python3'], 'Python compiles each script', () =>
    expect(python('compile(open(path).read(), path, "exec")', kinds.python)).toBe(''),
  );
  testWith(['sha256sum'], 'sha256sum --check takes each SHA256SUMS', () => {
    for (const path of kinds.text.filter((one) => one.endsWith('SHA256SUMS')))
      expect(
        execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], {
          cwd: path.replace(/\/SHA256SUMS$/, ''),
          encoding: 'utf8',
        }),
      ).toBe('');
  });
});
