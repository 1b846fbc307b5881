import { type Data, type DataTable, type KeyPath, valueAt } from '../../source/document.ts';
import { defaultLine, profileEntries } from './profiles.ts';

/** The sandbox mode that each built-in permission profile stands for. */
export const builtInModes: ReadonlyMap<string, string> = new Map([
  [':read-only', 'read-only'],
  [':workspace', 'workspace-write'],
  [':danger-full-access', 'danger-full-access'],
]);

/** What `:workspace` lets be written, unless a profile upon it says otherwise. */
const writtenByWorkspace = [':workspace_roots', ':tmpdir', ':slash_tmp'];

/**
 * The sandbox mode that the default profile needs; undefined of one that nobody defines. Who may write everywhere and
 * is denied nothing has full access; up to 0.145.0 not, if that stands upon `:workspace` (measured 0.138.0 to 0.169.0).
 */
export function defaultMode(chosen: string, table: DataTable, isNewer: boolean): string | undefined {
  const builtIn = builtInModes.get(chosen);
  if (builtIn !== undefined) return builtIn;
  const last = defaultLine(table).at(-1);
  const base = last === undefined ? undefined : valueAt(table, ['permissions', last, 'extends']);
  const isBuiltIn = base === undefined || (typeof base === 'string' && builtInModes.has(base));
  if (last === undefined || !isBuiltIn) return undefined;
  const said = new Map<string, Data>();
  for (const { base: place, sub, access } of profileEntries(table)) {
    const name = sub === undefined || sub === '.' ? place : `${place}/${sub}`;
    if (!said.has(name)) said.set(name, access);
  }
  if (base === ':danger-full-access') return 'danger-full-access';
  const isWorkspace = base === ':workspace';
  if (isWorkspace) for (const place of writtenByWorkspace) if (!said.has(place)) said.set(place, 'write');
  const accesses = [...said.values()];
  const isDenied = accesses.some((access) => access === 'deny' || access === 'none');
  if (said.get(':root') === 'write' && !isDenied && (isNewer || !isWorkspace)) return 'danger-full-access';
  return accesses.includes('write') ? 'workspace-write' : 'read-only';
}

/** A default profile that denies the whole workspace: no session can read the instructions of its folder. */
export function deniedWorkspace(table: DataTable): KeyPath[] {
  const entry = profileEntries(table).find(
    ({ base, sub }) => base === ':workspace_roots' && (sub === undefined || sub === '.'),
  );
  return entry && (entry.access === 'deny' || entry.access === 'none') ? [entry.path] : [];
}
