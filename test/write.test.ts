import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type FileArtifact, file } from '../src/artifacts/artifact.ts';
import { isCliError } from '../src/cli-error.ts';
import { compareBundle, writeBundle } from '../src/write.ts';
import { scratch } from './support/policies.ts';

const home = scratch();
let folder = '';
let number = 0;
beforeEach(() => {
  folder = join(home, String(number++), 'bundle');
});

/** A bundle whose bundle.json lists its files, as ours do. */
function bundle(files: Record<string, string>): FileArtifact[] {
  const listed = Object.entries(files).map(([path, text]) => file(path, text, path.endsWith('.sh') ? 0o755 : 0o644));
  const json = JSON.stringify({ schemaVersion: 1, files: listed.map(({ path }) => ({ path })) });
  return [...listed, file('bundle.json', json), file('SHA256SUMS', '')];
}

function read(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

test('files have their bytes and modes, and nothing is left beside the bundle', async () => {
  await writeBundle(folder, bundle({ 'a.txt': 'a', 'deep/er/b.sh': 'b' }));
  expect(read('a.txt')).toBe('a');
  expect(statSync(join(folder, 'deep/er/b.sh')).mode & 0o777).toBe(0o755);
  expect(readdirSync(join(folder, '..'))).toEqual(['bundle']);
});

test('stale files of the former bundle go, foreign files and links stay', async () => {
  await writeBundle(folder, bundle({ 'old.txt': 'old', 'same.txt': '1' }));
  mkdirSync(join(folder, 'notes'));
  writeFileSync(join(folder, 'notes/mine.md'), 'mine');
  symlinkSync('notes/mine.md', join(folder, 'link'));
  await writeBundle(folder, bundle({ 'same.txt': '2' }));
  expect(existsSync(join(folder, 'old.txt'))).toBe(false);
  expect(read('same.txt')).toBe('2');
  expect(read('notes/mine.md')).toBe('mine');
  expect(readlinkSync(join(folder, 'link'))).toBe('notes/mine.md');
});

test.each([['a.txt'], ['A.TXT'], ['deep']])('a foreign %s in the way is refused and left alone', async (name) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), 'foreign');
  const refused = await writeBundle(folder, bundle({ 'a.txt': 'a', 'deep/b.txt': 'b' })).catch(
    (error: unknown) => error,
  );
  expect(isCliError(refused)).toBe(true);
  expect(read(name)).toBe('foreign');
  expect(readdirSync(folder)).toEqual([name]);
});

test('a run that was killed between its two renames is put right', async () => {
  await writeBundle(folder, bundle({ 'a.txt': 'a' }));
  writeFileSync(join(folder, 'mine.md'), 'mine');
  renameSync(folder, join(folder, '../.bundle.old'));
  mkdirSync(join(folder, '../.bundle.new'));
  await writeBundle(folder, bundle({ 'a.txt': 'b' }));
  expect(read('a.txt')).toBe('b');
  expect(read('mine.md')).toBe('mine');
  expect(readdirSync(join(folder, '..'))).toEqual(['bundle']);
});

test('a run that was killed before it removed the former bundle is put right', async () => {
  await writeBundle(folder, bundle({ 'a.txt': 'new' }));
  mkdirSync(join(folder, '../.bundle.old'));
  writeFileSync(join(folder, '../.bundle.old/a.txt'), 'old');
  await writeBundle(folder, bundle({ 'a.txt': 'newer' }));
  expect(read('a.txt')).toBe('newer');
  expect(readdirSync(join(folder, '..'))).toEqual(['bundle']);
});

test('a bundle.json of somebody else owns nothing', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'bundle.json'), '{"files":[{"path":"a.txt"}]}');
  const refused = await writeBundle(folder, bundle({ 'a.txt': 'a' })).catch((error: unknown) => error);
  expect(isCliError(refused)).toBe(true);
});

test('a link in the place of the folder is refused and stays', async () => {
  mkdirSync(join(folder, '../real'), { recursive: true });
  symlinkSync('real', folder);
  const refused = await writeBundle(folder, bundle({ 'a.txt': 'a' })).catch((error: unknown) => error);
  expect(isCliError(refused)).toBe(true);
  expect(readlinkSync(folder)).toBe('real');
});

test('a file where a folder should be is refused', async () => {
  mkdirSync(join(folder, '..'), { recursive: true });
  writeFileSync(folder, 'x');
  const refused = await writeBundle(folder, bundle({ 'a.txt': 'a' })).catch((error: unknown) => error);
  expect(isCliError(refused)).toBe(true);
  expect(readFileSync(folder, 'utf8')).toBe('x');
});

test('the comparison names what is missing, changed, stale or not executable', async () => {
  await writeBundle(folder, bundle({ 'a.txt': 'a', 'b.sh': 'b', 'c.txt': 'c', 'd.txt': 'd' }));
  rmSync(join(folder, 'a.txt'));
  chmodSync(join(folder, 'b.sh'), 0o644);
  writeFileSync(join(folder, 'c.txt'), 'x');
  const differences = await compareBundle(folder, bundle({ 'a.txt': 'a', 'b.sh': 'b', 'c.txt': 'c' }));
  expect(differences.filter(({ path }) => path !== 'bundle.json')).toEqual([
    { path: 'a.txt', kind: 'missing' },
    { path: 'b.sh', kind: 'mode' },
    { path: 'c.txt', kind: 'changed' },
    { path: 'd.txt', kind: 'stale' },
  ]);
});
