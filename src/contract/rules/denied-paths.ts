import { Buffer } from 'node:buffer';
import { type DataTable, isArray, type KeyPath, valueAt } from '../../source/document.ts';
import { once } from '../once.ts';
import { hasEmptyClass, isRefusedGlob } from './file-glob.ts';

// What Codex makes of the paths that nobody may read: `deny_read`, and `deny` in the default profile.

/** Entries of `deny_read` that Codex refuses on Linux and macOS: Windows paths, brackets and braces, backslashes. */
export function refusedDenials(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => {
    const fixed = fixedPart(text);
    const isRefused = /[{}\]\\]|^[A-Za-z]:\//.test(fixed) || text.includes('\0') || beginsWithDrive(fixed);
    return isRefused ? [path] : [];
  });
}

/** Entries of `deny_read` that are patterns, and broken ones. */
export function brokenPatterns(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => (isPattern(text) && isRefusedGlob(text) ? [path] : []));
}

/** Entries of `deny_read` that are patterns with an empty class. */
export function emptyClasses(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => (hasEmptyClass(text) ? [path] : []));
}

/** Entries of `deny_read` that cover the folder from which Codex runs its own helpers. */
export function ownFolders(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => (coversOwnFolder(text) ? [path] : []));
}

/** Entries of `deny_read` that are the folder of these helpers: where it lies depends on the release. */
export function ownHelpers(table: DataTable, folder: HelperFolder): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => (isHelperFolder(text, folder) ? [path] : []));
}

/**
 * Patterns of `deny_read` that begin at the root of the disk: nobody could list what they mean. A closing bracket there
 * counts as one where a wildcard follows (measured on 0.150.0 and 0.155.1).
 */
export function rootPatterns(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) =>
    /[*?[]/.test(text) && /[*?[\]]/.test(firstName(text)) ? [path] : [],
  );
}

/** Patterns of `deny_read` from which `..` takes every wildcard. */
export function lostWildcards(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => (losesWildcards(text) ? [path] : []));
}

/** Patterns of `deny_read` below a folder that no disk can have. */
export function longFolders(table: DataTable): KeyPath[] {
  return oddDenials(table).flatMap(({ text, path }) => (hasLongFolder(text) ? [path] : []));
}

/** Most entries are plain folders, of which no rule has anything to say. */
const plainDenial = /^(?=.{0,255}$)(?:\/[A-Za-z0-9_-][\w.-]*)+(?:\/\*\*)?$/;

const oddDenials = once((table): readonly { readonly text: string; readonly path: KeyPath }[] => {
  const path = ['permissions', 'filesystem', 'deny_read'];
  const list = valueAt(table, path);
  return isArray(list)
    ? list.flatMap((text, index) =>
        typeof text === 'string' && !plainDenial.test(text) ? [{ text, path: [...path, index] }] : [],
      )
    : [];
});

/** Whether `..` takes every wildcard of a path: Codex takes it for a pattern, and then finds none in it. */
export function losesWildcards(text: string): boolean {
  return /[*?[]/.test(text) && !namesOf(text).names.some((name) => /[*?[\]]/.test(name));
}

/** Whether a pattern begins with a folder whose name, or whose whole path, is longer than Linux takes. */
export function hasLongFolder(text: string): boolean {
  const { names } = namesOf(text);
  const folders = names.slice(
    0,
    Math.max(
      0,
      names.findIndex((name) => /[*?[]/.test(name)),
    ),
  );
  const isLong = (name: string, most: number): boolean => name.length * 4 > most && Buffer.byteLength(name) > most;
  return folders.some((name) => isLong(name, 255)) || isLong(`/${folders.join('/')}`, 4095);
}

/** A pattern that ends in `/**` alone means the folder. */
export function isPattern(text: string): boolean {
  return /[*?[]/.test(text.replace(/(?<=.)\/\*\*$/, ''));
}

/** The folders before the first name with a wildcard; all of a path without any. */
function fixedPart(text: string): string {
  if (!isPattern(text)) return text.replace(/(?<=.)\/\*\*$/, '');
  const names = text.split('/');
  return names
    .slice(
      0,
      Math.max(
        0,
        names.findIndex((name) => /[*?[]/.test(name)),
      ),
    )
    .join('/');
}

/** Whether a path is the root of the disk. */
export function isRoot(path: string): boolean {
  return path.startsWith('/') && namesOf(path).names.length === 0;
}

/** The names of a path, without `.` and what `..` takes back; how often it leads above its beginning. */
export function namesOf(path: string): { readonly names: readonly string[]; readonly above: number } {
  const names: string[] = [];
  let above = 0;
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) above += 1;
  }
  return { names, above };
}

/** The first name below the root; empty of other paths. */
export function firstName(text: string): string {
  return (text.startsWith('/') && namesOf(text).names[0]) || '';
}

export function beginsWithDrive(path: string): boolean {
  return /^[A-Za-z][:|]$/.test(firstName(path));
}

/** Where Codex keeps its helpers, seen from the home; newer releases have a folder there for each system. */
const helpers = ['.codex', 'tmp'];
const folders = { older: 'arg0', newer: 'arg0-linux' } as const;

export type HelperFolder = keyof typeof folders;

export function coversOwnFolder(text: string): boolean {
  if (!isBelowHome(text)) return false;
  const { names, above } = namesOf(text.slice(1));
  // One folder above the home lies the folder of all homes, and above that the root, which Codex leaves readable.
  return above > 0 ? above === 1 && names.length === 0 : names.every((name, depth) => name === helpers[depth]);
}

/** Whether a path is the folder of the helpers itself. */
export function isHelperFolder(text: string, folder: HelperFolder): boolean {
  if (!isBelowHome(text)) return false;
  const { names, above } = namesOf(text.slice(1));
  return above === 0 && names.join('/') === [...helpers, folders[folder]].join('/');
}

function isBelowHome(text: string): boolean {
  return /^~(?:\/|$)/.test(text) && !/[*?[]/.test(text);
}
