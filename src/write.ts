import { constants, type Dirent, existsSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { byCodeUnit, type FileArtifact } from './artifacts/artifact.ts';
import { CliError, isCliError } from './cli-error.ts';

/** How a bundle on disk differs from the one in memory, one path each; empty = the same. */
export interface Difference {
  readonly path: string;
  readonly kind: 'missing' | 'changed' | 'mode' | 'stale';
}

/**
 * Puts a bundle in place of the folder's former one. It is written whole beside the folder and swapped in by two
 * renames; what a killed run left behind is put right first. Files that the former bundle.json does not list are
 * carried over. Throws CliError where a foreign file stands in the way or the disk refuses.
 */
export async function writeBundle(folder: string, files: readonly FileArtifact[]): Promise<void> {
  const fresh = besides(folder, 'new');
  const former = besides(folder, 'old');
  await refusing(folder, async () => {
    await refuseLink(folder);
    await recover(folder);
    const owned = await ownedPaths(folder);
    const foreign = (await listing(folder)).filter((entry) => !owned.has(entry.path));
    refuseForeign(folder, files, foreign);
    await mkdir(dirname(folder), { recursive: true });
    await mkdir(fresh);
    try {
      for (const { path, bytes, mode } of files) {
        const target = join(fresh, path);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, bytes);
        await chmod(target, mode);
      }
      for (const entry of foreign) await carryOver(folder, fresh, entry);
      if (existsSync(folder)) await rename(folder, former);
      await rename(fresh, folder);
    } catch (error) {
      await rm(fresh, { recursive: true, force: true });
      if (!existsSync(folder) && existsSync(former)) await rename(former, folder);
      throw error;
    }
    await rm(former, { recursive: true, force: true });
  });
}

/** Writes one file beside its place and renames it in. Throws CliError. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  await refusing(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const fresh = besides(path, 'new');
    await writeFile(fresh, bytes);
    await rename(fresh, path);
  });
}

/**
 * Puts other bytes into a file that is there: written beside it and renamed in, with its mode and owner; through a
 * link to the file itself. Throws CliError, also where the file may not be written to.
 */
export async function rewriteFile(path: string, bytes: Uint8Array): Promise<void> {
  await refusing(path, async () => {
    const file = await realpath(path);
    await access(file, constants.W_OK);
    const { mode, uid, gid } = await stat(file);
    const fresh = besides(file, 'new');
    try {
      await writeFile(fresh, bytes);
      // Only root can give a file away; for all others it is theirs already, or stays with them.
      await chown(fresh, uid, gid).catch(() => undefined);
      await chmod(fresh, mode & 0o7777);
      await rename(fresh, file);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  });
}

/** Compares a bundle with what lies in its folder, for --check. Throws CliError where the folder cannot be read. */
export async function compareBundle(folder: string, files: readonly FileArtifact[]): Promise<Difference[]> {
  return refusing(folder, async () => {
    const present = new Set((await listing(folder)).map((entry) => entry.path));
    const ours = new Set(files.map(({ path }) => path));
    const differences: Difference[] = [...(await ownedPaths(folder))]
      .filter((path) => !ours.has(path) && present.has(path))
      .map((path) => ({ path, kind: 'stale' }));
    for (const { path, bytes, mode } of files) {
      if (!present.has(path)) differences.push({ path, kind: 'missing' });
      else if (!(await readFile(join(folder, path))).equals(bytes)) differences.push({ path, kind: 'changed' });
      else if (process.platform !== 'win32' && ((await lstat(join(folder, path))).mode & 0o100) !== (mode & 0o100))
        differences.push({ path, kind: 'mode' });
    }
    return differences.sort((a, b) => byCodeUnit(a.path, b.path));
  });
}

function besides(path: string, suffix: string): string {
  const parts = path.split(/[\\/]/);
  return join(dirname(path), `.${parts.at(-1)}.${suffix}`);
}

/** Puts right what a run that was killed between its two renames left, and drops what it had begun. */
async function recover(folder: string): Promise<void> {
  const former = besides(folder, 'old');
  if (existsSync(former)) {
    if (existsSync(folder)) await rm(former, { recursive: true, force: true });
    else await rename(former, folder);
  }
  await rm(besides(folder, 'new'), { recursive: true, force: true });
}

/** A link in the bundle's place leads to a folder of somebody else: renaming would replace it without a word. */
async function refuseLink(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => undefined);
  if (found?.isSymbolicLink()) throw new CliError(`\`${folder}\` is a link; name the folder itself with --out`);
}

interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'link' | 'other';
}

/** All that is no folder below a folder, and empty folders, with '/' separators; nothing when there is no folder. */
async function listing(folder: string, below = ''): Promise<Entry[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(join(folder, below), { withFileTypes: true });
  } catch (error) {
    if (below === '' && code(error) === 'ENOENT') return [];
    throw error;
  }
  const found: Entry[] = [];
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await listing(folder, path)));
    else found.push({ path, kind: entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other' });
  }
  return found;
}

/** The paths that the former bundle.json lists, and the two files that it does not list. */
async function ownedPaths(folder: string): Promise<Set<string>> {
  let text: string;
  try {
    text = await readFile(join(folder, 'bundle.json'), 'utf8');
  } catch (error) {
    if (code(error) === 'ENOENT') return new Set();
    throw error;
  }
  const listed = filesOf(text);
  return listed ? new Set([...listed, 'bundle.json', 'SHA256SUMS']) : new Set();
}

/** The `files` of a bundle.json, or undefined when it is not one of ours. */
function filesOf(text: string): readonly string[] | undefined {
  try {
    const bundle = JSON.parse(text) as { schemaVersion?: unknown; files?: readonly { path?: unknown }[] };
    if (bundle.schemaVersion !== 1 || !Array.isArray(bundle.files)) return undefined;
    return bundle.files.flatMap(({ path }) => (typeof path === 'string' ? [path] : []));
  } catch {
    return undefined;
  }
}

function refuseForeign(folder: string, files: readonly FileArtifact[], foreign: readonly Entry[]): void {
  const ours = files.map(({ path }) => path.toLowerCase());
  for (const { path, kind } of foreign) {
    const lower = path.toLowerCase();
    const inTheWay = ours.some((own) => own === lower || own.startsWith(`${lower}/`) || lower.startsWith(`${own}/`));
    if (inTheWay)
      throw new CliError(`\`${join(folder, path)}\` was not written by codex-mdm and stands where it would write`);
    if (kind === 'other')
      throw new CliError(`\`${join(folder, path)}\` is neither a file nor a link and cannot be carried over`);
  }
}

async function carryOver(folder: string, fresh: string, { path, kind }: Entry): Promise<void> {
  const target = join(fresh, path);
  await mkdir(dirname(target), { recursive: true });
  if (kind === 'link') await symlink(await readlink(join(folder, path)), target);
  else await copyFile(join(folder, path), target);
}

function code(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

/** Turns what the disk refuses into one line with the path. */
async function refusing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCliError(error) || code(error) === undefined) throw error;
    throw new CliError(`cannot write \`${path}\`: ${reasons[code(error) ?? ''] ?? code(error)}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'something is there already',
  EISDIR: 'a folder is there',
};
