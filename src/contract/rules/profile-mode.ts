import { type Data, type DataTable, type KeyPath, valueAt } from '../../source/document.ts';
import { namesOf } from './denied-paths.ts';
import { defaultLine, type Entry, profileEntries } from './profiles.ts';

/** The sandbox mode that each built-in permission profile stands for. */
export const builtInModes: ReadonlyMap<string, string> = new Map([
  [':read-only', 'read-only'],
  [':workspace', 'workspace-write'],
  [':danger-full-access', 'danger-full-access'],
]);

/** What `:workspace` lets be written, unless a profile upon it says otherwise. */
const writtenByWorkspace = [':workspace_roots', ':tmpdir', ':slash_tmp'];

/** The special paths of which less than writing takes something from who may write everywhere. */
const narrowing = /^:(?:workspace_roots|project_roots|tmpdir|slash_tmp)(?:\/|$)/;

/**
 * The sandbox mode that the default profile needs; undefined of one that nobody defines. Who may write everywhere, and
 * is given no less for any path, has full access; up to 0.145.0 not, if that stands upon `:workspace` (measured 0.138.0
 * to 0.169.0).
 */
export function defaultMode(chosen: string, table: DataTable, isNewer: boolean): string | undefined {
  const builtIn = builtInModes.get(chosen);
  if (builtIn !== undefined) return builtIn;
  const last = defaultLine(table).at(-1);
  const base = last === undefined ? undefined : valueAt(table, ['permissions', last, 'extends']);
  const isBuiltIn = base === undefined || (typeof base === 'string' && builtInModes.has(base));
  if (last === undefined || !isBuiltIn) return undefined;
  if (base === ':danger-full-access') return base.slice(1);
  const isWorkspace = base === ':workspace';
  const said = new Map(profileEntries(table).map((entry) => [placeOf(entry), entry.access]));
  if (isWorkspace) for (const place of writtenByWorkspace) if (!said.has(place)) said.set(place, 'write');
  const written = [...said].flatMap(([place, access]) => (access === 'write' ? [place] : []));
  const targets = new Set(written.map(targetOf));
  const narrows = (place: string, access: Data): boolean =>
    access !== 'write' &&
    (narrowing.test(place) || !place.startsWith(':')) &&
    (isPattern(place, access) || !targets.has(targetOf(place)));
  const isNarrowed = [...said].some(([place, access]) => narrows(place, access));
  if (said.get(':root') === 'write' && !isNarrowed && (isNewer || !isWorkspace)) return 'danger-full-access';
  return written.length > 0 ? 'workspace-write' : 'read-only';
}

function placeOf({ base, sub = '.' }: Entry): string {
  return sub === '.' ? base : `${base}/${sub}`;
}

/** Whether a place is a pattern: where it is denied, all below a folder is one. */
function isPattern(place: string, access: Data): boolean {
  return access !== 'read' && /[*?[\]]/.test(place);
}

/** Two places with one target are the same to Codex, and the one that lets more counts. */
function targetOf(place: string): string {
  if (place === ':root') return '';
  if (place === ':slash_tmp') return 'tmp';
  return place.startsWith(':') ? place : namesOf(place.replace(/\/\*\*$/, '')).names.join('/');
}

/** A default profile that denies the whole workspace: no session can read the instructions of its folder. */
export function deniedWorkspace(table: DataTable): KeyPath[] {
  const entry = profileEntries(table).find(
    ({ base, sub }) => base === ':workspace_roots' && (sub === undefined || sub === '.'),
  );
  return entry && (entry.access === 'deny' || entry.access === 'none') ? [entry.path] : [];
}
