import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';

// Which permission profile sessions begin with, and which ones users may choose.

/** A default that is not among the allowed profiles. */
export function disallowedDefault(table: DataTable): KeyPath[] {
  const { default_permissions: chosen, allowed_permission_profiles: allowed } = table;
  if (typeof chosen !== 'string') return [];
  return isTable(allowed) && allowed[chosen] === true ? [] : [['default_permissions']];
}

/** A default whose sandbox mode is not among the allowed modes. */
export function excludedDefault(table: DataTable): KeyPath[] {
  const { default_permissions: chosen } = table;
  const modes = usualModes(table);
  if (typeof chosen !== 'string' || !isArray(modes)) return [];
  const mode = sandboxModeOf(chosen, table);
  return mode === undefined || modes.includes(mode) ? [] : [['default_permissions']];
}

/** Allowed profiles that nobody defines. */
export function undefinedProfiles(table: DataTable): KeyPath[] {
  const { allowed_permission_profiles: allowed, permissions } = table;
  const defined = [...builtInProfiles, ...(isTable(permissions) ? Object.keys(permissions) : [])];
  return (isTable(allowed) ? Object.keys(allowed) : [])
    .filter((name) => !defined.includes(name))
    .map((name) => ['allowed_permission_profiles', name]);
}

/** Allowed profiles without a default, where the built-in ones do not give it. */
export function missingDefault(table: DataTable): KeyPath[] {
  const { default_permissions: chosen, allowed_permission_profiles: allowed } = table;
  if (chosen !== undefined || !isTable(allowed)) return [];
  return allowed[':workspace'] === true && allowed[':read-only'] === true ? [] : [['allowed_permission_profiles']];
}

/** Profiles that are defined where no default is. */
export function profilesWithoutDefault(table: DataTable): KeyPath[] {
  const { permissions, default_permissions: chosen } = table;
  const profiles = isTable(permissions)
    ? Object.keys(permissions).filter((name) => name !== 'filesystem' && name !== 'network')
    : [];
  return chosen === undefined ? profiles.map((name) => ['permissions', name]) : [];
}

/** The sandbox mode that each built-in permission profile stands for. */
const builtInModes: Readonly<Record<string, string>> = {
  ':read-only': 'read-only',
  ':workspace': 'workspace-write',
  ':danger-full-access': 'danger-full-access',
};

const builtInProfiles = Object.keys(builtInModes);

/** The sandbox modes of a host that no entry names: an entry for all hosts takes the place of the root's list. */
function usualModes(table: DataTable): Data | undefined {
  const { allowed_sandbox_modes: modes, remote_sandbox_config: entries } = table;
  const forAll = (isArray(entries) ? entries : []).find((entry) => {
    const patterns = valueAt(entry, ['hostname_patterns']);
    return isArray(patterns) && patterns.some((pattern) => typeof pattern === 'string' && /^\*+$/.test(pattern));
  });
  return forAll === undefined ? modes : valueAt(forAll, ['allowed_sandbox_modes']);
}

/** The sandbox mode that a profile needs; undefined of one that nobody defines. */
function sandboxModeOf(profile: string, table: DataTable): string | undefined {
  let writes = false;
  let name = profile;
  for (const seen = new Set<string>(); !seen.has(name); ) {
    seen.add(name);
    const builtIn = Object.hasOwn(builtInModes, name) ? builtInModes[name] : undefined;
    if (builtIn !== undefined) return writes && builtIn === 'read-only' ? 'workspace-write' : builtIn;
    const own = valueAt(table, ['permissions', name]);
    if (!isTable(own)) return undefined;
    writes ||= saysWrite(own['filesystem']);
    const base = own['extends'];
    if (base === undefined) return writes ? 'workspace-write' : 'read-only';
    if (typeof base !== 'string') return undefined;
    name = base;
  }
  return undefined;
}

/** Whether a profile lets some path be written: access stands beside a path, or beside a path below it. */
function saysWrite(filesystem: Data | undefined): boolean {
  const accesses = isTable(filesystem) ? Object.values(filesystem) : [];
  return accesses.some((access) => access === 'write' || (isTable(access) && Object.values(access).includes('write')));
}
