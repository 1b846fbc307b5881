import { type DataTable, isArray, isDate, isTable, type KeyPath } from '../../source/document.ts';
import { usualModes } from '../host-lists.ts';
import { isProfile } from '../profiles.ts';
import { builtInModes, defaultMode } from './profile-mode.ts';

// Which permission profile sessions begin with, and which ones users may choose.

/** A default that is not among the allowed profiles. */
export function disallowedDefault(table: DataTable): KeyPath[] {
  const { default_permissions: chosen, allowed_permission_profiles: allowed } = table;
  // Newer releases read a date without quotes as its text, which no profile has for a name.
  if (chosen !== undefined && isDate(chosen)) return [['default_permissions']];
  if (typeof chosen !== 'string') return [];
  return isTable(allowed) && allowed[chosen] === true ? [] : [['default_permissions']];
}

/** A default whose sandbox mode is not among the allowed modes. */
export function excludedDefault(table: DataTable, isNewer: boolean): KeyPath[] {
  const { default_permissions: chosen } = table;
  const modes = usualModes(table);
  if (typeof chosen !== 'string' || !isArray(modes)) return [];
  const mode = defaultMode(chosen, table, isNewer);
  return mode === undefined || modes.includes(mode) ? [] : [['default_permissions']];
}

/** Allowed profiles that nobody defines. */
export function undefinedProfiles(table: DataTable): KeyPath[] {
  const { allowed_permission_profiles: allowed } = table;
  return (isTable(allowed) ? Object.keys(allowed) : [])
    .filter((name) => !isDefined(name, table))
    .map((name) => ['allowed_permission_profiles', name]);
}

/** The same in the list of the first releases. */
export function undefinedChoices(table: DataTable): KeyPath[] {
  const { allowed_permissions: allowed } = table;
  return (isArray(allowed) ? allowed : []).flatMap((name, index) =>
    typeof name === 'string' && !isDefined(name, table) ? [['allowed_permissions', index]] : [],
  );
}

function isDefined(name: string, { permissions }: DataTable): boolean {
  // What stands under `filesystem` is never a profile.
  return builtInModes.has(name) || (name !== 'filesystem' && isTable(permissions) && Object.hasOwn(permissions, name));
}

/** Allowed profiles without a default, where the built-in ones do not give it. */
export function missingDefault(table: DataTable): KeyPath[] {
  const { default_permissions: chosen, allowed_permission_profiles: allowed } = table;
  if (chosen !== undefined || !isTable(allowed)) return [];
  return allowed[':workspace'] === true && allowed[':read-only'] === true ? [] : [['allowed_permission_profiles']];
}

/** Profiles that are defined where no default is. */
export function profilesWithoutDefault(table: DataTable): KeyPath[] {
  return table['default_permissions'] === undefined ? definedProfiles(table) : [];
}

/** Profiles that are defined where no list of the first releases says who may choose them. */
export function profilesWithoutChoice(table: DataTable): KeyPath[] {
  return table['allowed_permissions'] === undefined ? definedProfiles(table) : [];
}

function definedProfiles({ permissions }: DataTable): KeyPath[] {
  return (isTable(permissions) ? Object.keys(permissions) : [])
    .filter((name) => isProfile(name, permissions))
    .map((name) => ['permissions', name]);
}
