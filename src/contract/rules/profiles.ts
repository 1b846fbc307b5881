import { type Data, type DataTable, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { once } from '../once.ts';
import { isProfile } from '../profiles.ts';
import { isEveryDomain } from './domain-forms.ts';

// Codex reads a permission profile in full only where a session takes it: the default, and what it extends. What is
// wrong in another profile shows when a user chooses that one.

/** Places of `extends` in the default profile's line that lead nowhere, to a base that Codex refuses, or in a circle. */
export function refusedBases(table: DataTable): KeyPath[] {
  const line = defaultLine(table);
  const last = line.at(-1);
  if (last === undefined) return [];
  const base = valueAt(table, ['permissions', last, 'extends']);
  if (typeof base !== 'string') return [];
  const isFine = base === ':read-only' || base === ':workspace';
  return isFine ? [] : [['permissions', last, 'extends']];
}

/** Profiles whose name begins like those that Codex brings along: refused wherever they stand. */
export function reservedNames(table: DataTable): KeyPath[] {
  const { permissions } = table;
  return Object.keys(isTable(permissions) ? permissions : {}).flatMap((name) =>
    name.startsWith(':') ? [['permissions', name]] : [],
  );
}

/** Whether a path is one of Windows from its root on, with a drive or a server. */
export function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

/** Windows paths among the workspace roots of the default profile, unless a profile that is nearer switches them off. */
export function windowsRoots(table: DataTable): KeyPath[] {
  return [...defaultMembers(table, ['workspace_roots'])].flatMap(([root, [{ value: isOn, path }]]) =>
    isOn === true && isWindowsPath(root) ? [path] : [],
  );
}

/** Paths that are neither absolute nor below the home nor special, and subpaths that lead elsewhere. */
export function refusedPaths(table: DataTable): KeyPath[] {
  return profileEntries(table)
    .filter(({ base, sub }) => !/^(?:\/|~$|~\/|:)/.test(base) || (sub !== undefined && leadsElsewhere(sub)))
    .map(({ path }) => path);
}

function leadsElsewhere(sub: string): boolean {
  return sub === '' || /^\/|^\.\//.test(sub) || sub.split('/').includes('..');
}

/** Entries below special paths that have none; `.` is such a path itself. */
export function refusedNesting(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub, path }) =>
    sub !== undefined && sub !== '.' && /^:(?:root|minimal|tmpdir|slash_tmp)$/.test(base) ? [path] : [],
  );
}

/** Denied paths below the workspace that stand still on their way, such as `docs/.`. */
export function dottedDenials(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub = '', access, path }) => {
    const isDenied = access === 'deny' || access === 'none';
    return isDenied && base === ':workspace_roots' && sub.split('/').slice(1).includes('.') ? [path] : [];
  });
}

/** Patterns with read or write access; a pattern at the end, `/**`, means the folder. */
export function patternsWithAccess(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub, access, path }) => {
    const isPattern = /[*?[\]]/.test((sub ?? base).replace(/(?<=.)\/\*\*$/, ''));
    return isPattern && (access === 'read' || access === 'write') ? [path] : [];
  });
}

/** Special paths that no release knows. */
export function unknownSpecialPaths(table: DataTable): KeyPath[] {
  const known = [':root', ':minimal', ':workspace_roots', ':project_roots', ':tmpdir', ':slash_tmp'];
  return profileEntries(table).flatMap(({ base, path }) =>
    base.startsWith(':') && !known.includes(base) ? [path] : [],
  );
}

/** The older name of `:workspace_roots`. */
export function projectRoots(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, path }) => (base === ':project_roots' ? [path] : []));
}

/** A scan that goes no folder deep. */
export function noDepths(table: DataTable): KeyPath[] {
  const [depth] = defaultMembers(table, ['filesystem']).get('glob_scan_max_depth') ?? [];
  return depth?.value === 0n ? [depth.path] : [];
}

/** Network rules of the default profile that deny every domain. */
export function deniedNetworks(table: DataTable): KeyPath[] {
  return profileDomains(table).flatMap(({ domain, access, path }) =>
    access === 'deny' && isEveryDomain(domain) ? [path] : [],
  );
}

/** What the default profile and its bases say of domains. */
export function profileDomains(
  table: DataTable,
): { readonly domain: string; readonly access: Data; readonly path: KeyPath }[] {
  return [...defaultMembers(table, ['network', 'domains'])].map(([domain, [{ value: access, path }]]) => ({
    domain,
    access,
    path,
  }));
}

/** A profile with the name of what later releases read there. */
export function networkProfile({ permissions }: DataTable): KeyPath[] {
  return isProfile('network', permissions) ? [['permissions', 'network']] : [];
}

/** Rules of the network that older releases take for a profile: all of them, or those in a file that has no default. */
export function mistakenNetwork(
  { permissions, default_permissions: chosen }: DataTable,
  isWithoutDefault: boolean,
): KeyPath[] {
  const network = isTable(permissions) ? permissions['network'] : undefined;
  const isMistaken = network !== undefined && !isProfile('network', permissions);
  // What is no table is no profile either, whatever else stands in the file.
  const isHarmless = isWithoutDefault && chosen !== undefined && isTable(network);
  return isMistaken && !isHarmless ? [['permissions', 'network']] : [];
}

/** What a profile says of one path, or of a part below it. */
export interface Entry {
  readonly base: string;
  readonly sub?: string;
  readonly access: Data;
  readonly path: KeyPath;
}

/** What the default profile and its bases say of the file system. */
export const profileEntries = once((table): readonly Entry[] =>
  [...defaultMembers(table, ['filesystem'])].flatMap(([base, layers]): Entry[] => {
    const [{ value: access, path }] = layers;
    if (base === 'glob_scan_max_depth') return [];
    if (!isTable(access)) return [{ base, access, path }];
    return [...laidOver(layers)].map(([sub, [inner]]) => ({ base, sub, access: inner.value, path: inner.path }));
  }),
);

/** What a profile says at a place. */
interface Layer {
  readonly value: Data;
  readonly path: KeyPath;
}

/** What several profiles say at one place, the nearest first. */
type Layers = readonly [Layer, ...Layer[]];

/** What the default profile and its bases say of the members of one of their tables. Only the nearest counts, but for tables. */
function defaultMembers(table: DataTable, keys: readonly string[]): ReadonlyMap<string, Layers> {
  const layers = defaultLine(table).flatMap((name): Layer[] => {
    const path = ['permissions', name, ...keys];
    const value = valueAt(table, path);
    return value === undefined ? [] : [{ value, path }];
  });
  return laidOver(layers);
}

/** Codex lays the tables of a profile over those of its base; what is no table hides what lies below it. */
function laidOver(layers: readonly Layer[]): ReadonlyMap<string, Layers> {
  const members = new Map<string, [Layer, ...Layer[]]>();
  for (const { value, path } of layers) {
    if (!isTable(value)) break;
    for (const [name, inner] of Object.entries(value)) {
      const layer = { value: inner, path: [...path, name] };
      const above = members.get(name);
      if (above) above.push(layer);
      else members.set(name, [layer]);
    }
  }
  return members;
}

/** The profiles of the file itself that a session with the default takes, from the default to its last base. */
export const defaultLine = once((table): readonly string[] => {
  const line = new Set<string>();
  for (let name: Data | undefined = table['default_permissions']; typeof name === 'string'; ) {
    const profile: Data | undefined = valueAt(table, ['permissions', name]);
    if (line.has(name) || !isTable(profile)) break;
    line.add(name);
    name = profile['extends'];
  }
  return [...line];
});
