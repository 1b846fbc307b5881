import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CliError } from '../../src/cli-error.ts';
import { codexCache, obtainCodex } from '../../src/codex/binary.ts';
import { testWith } from '../support/programs.ts';
import { v } from '../support/versions.ts';

const path = process.env['PATH'] ?? '';
const cpu = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const npmArch = process.arch === 'arm64' ? 'arm64' : 'x64';
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codex-mdm-test-'));
  process.env['PATH'] = `${folder}/bin:${path}`;
});
afterEach(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true, force: true });
});

/** An npm that notes what it is asked for, and packs these files below vendor/<triple>/. */
function fakeNpm(files: readonly string[]): void {
  mkdirSync(join(folder, 'bin'));
  const made = files.map((file) => `mkdir -p "$d/$(dirname ${file})"; echo ${file} > "$d/${file}"`).join('; ');
  const script = `#!/bin/sh
echo "$2" >> ${folder}/asked
d=package/vendor/${cpu}-unknown-linux-musl; mkdir -p $d; ${made || ':'}
tar -czf codex.tgz package
`;
  writeFileSync(
    join(folder, 'bin/npm'),
    files.length === 0 ? '#!/bin/sh\necho "npm error code ETARGET" >&2\nexit 1\n' : script,
  );
  chmodSync(join(folder, 'bin/npm'), 0o755);
}

const asked = (): string[] => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

testWith(['tar'], 'only the binary, its sandbox and its shell are kept, once, and nothing else is left', async () => {
  const resources = ['codex-package.json', 'codex-resources/bwrap', 'codex-resources/zsh/bin/zsh'];
  fakeNpm(['bin/codex', 'bin/codex-code-mode-host', 'codex-path/rg', ...resources]);
  const cache = join(folder, 'cache');
  const binary = await obtainCodex(v('0.169.0'), cache);
  expect(await obtainCodex(v('0.169.0'), cache)).toBe(binary);
  expect(asked()).toEqual([`@openai/codex@0.169.0-linux-${npmArch}`]);
  expect(readFileSync(binary, 'utf8')).toBe('bin/codex\n');
  const kept = readdirSync(join(cache, 'codex'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(kept.map(({ name }) => name).sort()).toEqual(['bwrap', 'codex', 'codex-package.json', 'zsh']);
  expect(resources.every((file) => existsSync(join(binary, '../..', file)))).toBe(true);
  expect(readdirSync(join(cache, 'codex'))).toEqual([`0.169.0-linux-${npmArch}`]);
});

testWith(['tar'], 'older releases come from the main package, with the binary in its older place', async () => {
  fakeNpm(['codex/codex']);
  expect(readFileSync(await obtainCodex(v('0.98.0'), join(folder, 'cache')), 'utf8')).toBe('codex/codex\n');
  expect(asked()).toEqual(['@openai/codex@0.98.0']);
});

testWith(['tar'], 'two at once both get it', async () => {
  fakeNpm(['bin/codex']);
  const both = await Promise.all([1, 2].map(() => obtainCodex(v('0.141.0'), join(folder, 'cache'))));
  expect(new Set(both).size).toBe(1);
  expect(readdirSync(join(folder, 'cache/codex'))).toEqual([`0.141.0-linux-${npmArch}`]);
});

testWith(['tar'], 'a refusal names the version and leaves nothing behind', async () => {
  fakeNpm([]);
  const refused = obtainCodex(v('0.142.1'), join(folder, 'cache'));
  await expect(refused).rejects.toThrow(CliError);
  await expect(refused).rejects.toThrow(/0\.142\.1/);
  expect(readdirSync(join(folder, 'cache/codex'))).toEqual([]);
});

testWith(['tar'], 'a package without a Linux binary is a refusal too', async () => {
  fakeNpm(['README']);
  await expect(obtainCodex(v('0.150.0'), join(folder, 'cache'))).rejects.toThrow(/0\.150\.0 holds no Linux binary/);
});

test.each([
  [{ CODEX_MDM_CACHE: '/c', XDG_CACHE_HOME: '/x' }, /^\/c$/],
  [{ XDG_CACHE_HOME: '/x' }, /^\/x\/codex-mdm$/],
  [{ CODEX_MDM_CACHE: '', XDG_CACHE_HOME: '' }, /\/\.cache\/codex-mdm$/],
])('the cache of %j', (env, expected) => expect(codexCache(env)).toMatch(expected));
