import type { DataTable, KeyPath } from '../../source/document.ts';
import {
  beginsWithDrive,
  coversOwnFolder,
  firstName,
  type HelperFolder,
  hasLongFolder,
  isHelperFolder,
  isPattern,
  isRoot,
  losesWildcards,
} from './denied-paths.ts';
import { hasEmptyClass, isRefusedGlob } from './file-glob.ts';
import { type Entry, isWindowsPath, profileEntries } from './profiles.ts';

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
    const isAtRoot = sub === undefined || isRoot(base) || /[*?[\]]/.test(sub);
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

/** Patterns from which `..` takes every wildcard. */
export function lostDeniedWildcards(table: DataTable): KeyPath[] {
  return denials(table).flatMap((entry) => (losesWildcards(placeOf(entry)) ? [entry.path] : []));
}

/** Patterns below a folder that no disk can have. */
export function longDeniedFolders(table: DataTable): KeyPath[] {
  return denials(table).flatMap((entry) => (hasLongFolder(placeOf(entry)) ? [entry.path] : []));
}

/** Paths with a character that ends every path. What lies below the workspace is not looked at so closely. */
export function nulPaths(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub = '', path }) =>
    !base.startsWith(':') && `${base}${sub}`.includes('\0') ? [path] : [],
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

/** Folders with signs of patterns, where a pattern stands below them (measured on 0.156.0 and 0.169.0). */
export function oddPatternFolders(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub, access, path }) => {
    // All below a folder is a pattern where it is denied.
    const below = access === 'deny' || access === 'none' ? sub : sub?.replace(/(?<=.)\/\*\*$/, '');
    return below !== undefined && /[*?{}[\]]/.test(below) && /[*?{}[\]\\]/.test(base) ? [path] : [];
  });
}

/**
 * Paths of the default profile below a folder such as `/C:`, which no file URL of Linux and macOS can name; and paths of
 * Windows below a folder that is written out.
 */
export function drivePaths(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap((entry) => {
    const { base, sub, path } = entry;
    const isOfWindows = sub !== undefined && !base.startsWith(':') && isWindowsPath(sub);
    return isOfWindows || beginsWithDrive(base) || beginsWithDrive(placeOf(entry)) ? [path] : [];
  });
}

/** What an entry means: below its base, or below the home wherever it stands. */
function placeOf({ base, sub }: Entry): string {
  if (sub === undefined || sub === '.') return base;
  return /^~(?:\/|$)/.test(sub) ? sub : `${base}/${sub}`;
}

function denials(table: DataTable): Entry[] {
  return profileEntries(table).filter(({ access }) => access === 'deny' || access === 'none');
}
