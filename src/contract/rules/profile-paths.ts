import type { DataTable, KeyPath } from '../../source/document.ts';
import {
  beginsWithDrive,
  coversOwnFolder,
  firstName,
  type HelperFolder,
  isHelperFolder,
  isPattern,
  isRoot,
} from './denied-paths.ts';
import { hasEmptyClass, isRefusedGlob } from './file-glob.ts';
import { type Entry, profileEntries } from './profiles.ts';

// The rules of `deny_read` for what the default profile denies.

/** The same in the default profile. */
export function deniedOwnFolders(table: DataTable): KeyPath[] {
  return denials(table).flatMap((entry) => (coversOwnFolder(placeOf(entry)) ? [entry.path] : []));
}

/** The same in the default profile. */
export function deniedOwnHelpers(table: DataTable, folder: HelperFolder): KeyPath[] {
  return denials(table).flatMap((entry) => (isHelperFolder(placeOf(entry), folder) ? [entry.path] : []));
}

/** The same in the default profile, where a closing bracket makes a pattern as well. */
export function deniedRootPatterns(table: DataTable): KeyPath[] {
  return denials(table).flatMap((entry) => {
    const { base, sub, path } = entry;
    const isAtRoot = sub === undefined || isRoot(base);
    return isAtRoot && /[*?[\]]/.test(firstName(placeOf(entry))) ? [path] : [];
  });
}

/** Patterns that are broken. */
export function brokenDeniedPatterns(table: DataTable): KeyPath[] {
  // The folders before the first wildcard are looked into, and their braces count for themselves.
  return deniedPatterns(table).flatMap(({ text, path }) =>
    isRefusedGlob(text) && isRefusedGlob(text.slice(text.search(/[^/]*[*?[]/))) ? [path] : [],
  );
}

/** Patterns with an empty class. */
export function deniedEmptyClasses(table: DataTable): KeyPath[] {
  return deniedPatterns(table).flatMap(({ text, path }) => (hasEmptyClass(text) ? [path] : []));
}

function deniedPatterns(table: DataTable): { readonly text: string; readonly path: KeyPath }[] {
  return denials(table).flatMap(({ base, sub, path }) => {
    const text = sub ?? base;
    return isPattern(text) ? [{ text, path }] : [];
  });
}

/** Signs that a folder with patterns below it must not have. */
export function oddPatternFolders(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub, path }) =>
    sub !== undefined && isPattern(sub) && /[*?{}[\]\\]/.test(base) ? [path] : [],
  );
}

/** Paths of the default profile below a folder such as `/C:`, which no file URL of Linux and macOS can name. */
export function drivePaths(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap((entry) =>
    beginsWithDrive(entry.base) || beginsWithDrive(placeOf(entry)) ? [entry.path] : [],
  );
}

/** What an entry means: below its base, or below the home wherever it stands. */
function placeOf({ base, sub }: Entry): string {
  if (sub === undefined || sub === '.') return base;
  return /^~(?:\/|$)/.test(sub) ? sub : `${base}/${sub}`;
}

function denials(table: DataTable): Entry[] {
  return profileEntries(table).filter(({ access }) => access === 'deny' || access === 'none');
}
