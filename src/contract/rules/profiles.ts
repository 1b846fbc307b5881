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

/** Windows paths among the workspace roots of the default profile. */
export function windowsRoots(table: DataTable): KeyPath[] {
  return defaultLine(table).flatMap((name) => {
    const path = ['permissions', name, 'workspace_roots'];
    const roots = valueAt(table, path);
    return Object.keys(isTable(roots) ? roots : {}).flatMap((root) =>
      /^(?:[A-Za-z]:[\\/]|\\\\)/.test(root) ? [[...path, root]] : [],
    );
  });
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

/** Special paths that take no entries of their own. */
export function refusedNesting(table: DataTable): KeyPath[] {
  return profileEntries(table).flatMap(({ base, sub, path }) =>
    sub !== undefined && /^:(?:root|minimal|tmpdir|slash_tmp)$/.test(base) ? [path] : [],
  );
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
  return defaultLine(table)
    .map((name) => ['permissions', name, 'filesystem', 'glob_scan_max_depth'])
    .filter((path) => valueAt(table, path) === 0n);
}

/** Network rules of the default profile that deny every domain. */
export function deniedNetworks(table: DataTable): KeyPath[] {
  return defaultLine(table).flatMap((name) => {
    const path = ['permissions', name, 'network', 'domains'];
    const domains = valueAt(table, path);
    return Object.entries(isTable(domains) ? domains : {}).flatMap(([domain, access]) =>
      access === 'deny' && isEveryDomain(domain) ? [[...path, domain]] : [],
    );
  });
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
  const isMistaken = isTable(network) && !isProfile('network', permissions);
  return isMistaken && !(isWithoutDefault && chosen !== undefined) ? [['permissions', 'network']] : [];
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
  defaultLine(table).flatMap((name) => {
    const root = ['permissions', name, 'filesystem'];
    const filesystem = valueAt(table, root);
    return Object.entries(isTable(filesystem) ? filesystem : {}).flatMap(([base, access]): Entry[] => {
      if (base === 'glob_scan_max_depth') return [];
      if (!isTable(access)) return [{ base, access, path: [...root, base] }];
      return Object.entries(access).map(([sub, inner]) => ({ base, sub, access: inner, path: [...root, base, sub] }));
    });
  }),
);

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
