import type { Data, DataTable, KeyPath } from '../source/document.ts';
import { beginsWithDrive, coversOwnFolder, firstName } from './path-rules.ts';
import { profileEntries } from './profile-rules.ts';

// The rules of `deny_read` for what the default profile denies.

/** The same in the default profile. */
export function deniedOwnFolders(table: DataTable): KeyPath[] {
  return deniedPaths(table).flatMap(({ text, path }) => (coversOwnFolder(text) ? [path] : []));
}

/** The same in the default profile, where a closing bracket makes a pattern as well. */
export function deniedRootPatterns(table: DataTable): KeyPath[] {
  return deniedPaths(table).flatMap(({ text, path }) => (/[*?[\]]/.test(firstName(text)) ? [path] : []));
}

/** Paths of the default profile below a folder such as `/C:`, which no file URL of Linux and macOS can name. */
export function drivePaths(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, path }) => (beginsWithDrive(base) ? [path] : []));
}

function deniedPaths(table: DataTable): { readonly text: string; readonly path: KeyPath }[] {
  const isDenied = (access: Data): boolean => access === 'deny' || access === 'none';
  return profileEntries(table).flatMap(({ base, sub, access, path }) =>
    sub === undefined && isDenied(access) ? [{ text: base, path }] : [],
  );
}
