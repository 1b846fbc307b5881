import type { Json } from './app-server.ts';
import {
  type Answer,
  accepts,
  askAppServer,
  type ObservedClient,
  patience,
  type Reports,
  requirementsPath,
} from './observe-client.ts';
import { judgeHooks } from './observe-hooks.ts';
import { isTomlTable, type Leaf, leavesOf, type Path, readToml, retyped, type TomlTable } from './observe-leaves.ts';
import { memberOf, type PartEffect, sameMeaning, toldOf } from './observe-report.ts';
import type { Room } from './room.ts';

/** What a real Codex does with a file. */
export interface Observation {
  /** `codex features list`. */
  readonly cli: 'accepted' | 'refused';
  /** `defaults`: it starts without any policy. `session-fails`: it starts, but no thread does. */
  readonly appServer: Answer['outcome'];
  /** The parts that are not enforced as written, by path; empty where the file is refused or sessions fail. */
  readonly parts: ReadonlyMap<string, PartEffect>;
  /** Codex's own words, where it refuses. */
  readonly said: string;
}

/** Asks a real Codex what it does with a file. */
export async function observe(client: ObservedClient, file: string | Uint8Array): Promise<Observation> {
  const { room } = client;
  await room.write(requirementsPath, file);
  const cli = await accepts(client);
  const table = readToml(typeof file === 'string' ? file : new TextDecoder().decode(file));
  if (cli.accepted && table && !client.warns) {
    const leaves = leavesOf(table).map(({ path }) => path);
    // Nothing of it is read: there is no more to ask.
    if (leaves.length > 0 && (await takes(client, table, leaves)))
      return {
        cli: 'accepted',
        appServer: 'accepted',
        said: '',
        parts: sortedParts(leaves.map((path) => [formatted(path), 'ignored'])),
      };
    await room.write(requirementsPath, file);
  }
  // Releases of the first year hang after a refused file: then nobody needs to wait as long as for an answer.
  const app = await askAppServer(client, cli.accepted ? patience : client.refusalSeconds);
  const said = firstLine(cli.said || app.said);
  const outcome = { cli: cli.accepted ? 'accepted' : 'refused', appServer: app.outcome, said } as const;
  if (!cli.accepted || app.outcome !== 'accepted') return { ...outcome, parts: new Map() };
  if (!table) throw new Error('Codex takes a text that smol-toml refuses');

  const found = await partsOf(client, table, { ...app.reports, features: cli.features });
  await room.write(requirementsPath, file);
  const matching = await onMatchingHosts(client, table, found);
  if (matching.outcome !== 'accepted')
    return { ...outcome, appServer: matching.outcome, said: firstLine(matching.said), parts: new Map() };
  return { ...outcome, parts: sortedParts([...found, ...matching.parts]) };
}

/**
 * On a host that each entry of remote_sandbox_config names: sessions start there, and the entry's list is what counts.
 * The name of the host is derived from the entry's first pattern.
 */
async function onMatchingHosts(
  client: ObservedClient,
  table: TomlTable,
  found: ReadonlyMap<string, PartEffect>,
): Promise<Pick<Answer, 'outcome' | 'said'> & { readonly parts: ReadonlyMap<string, PartEffect> }> {
  const entries = table['remote_sandbox_config'];
  const parts = new Map<string, PartEffect>();
  const fine = { outcome: 'accepted', said: '', parts } as const;
  if (!Array.isArray(entries)) return fine;
  const { room } = client;
  try {
    for (const [index, entry] of entries.entries()) {
      if (!isTomlTable(entry) || found.has(`remote_sandbox_config[${index}].allowed_sandbox_modes`)) continue;
      const [pattern] = Array.isArray(entry['hostname_patterns']) ? entry['hostname_patterns'] : [];
      if (typeof pattern !== 'string') continue;
      const name = pattern.replaceAll('*', 'x').replaceAll('?', 'y');
      // No host has such a name.
      if (/[^A-Za-z0-9.-]/.test(name)) continue;
      await setHostName(room, name || room.hostName);
      const { outcome, said, reports } = await askAppServer(client, patience);
      if (outcome !== 'accepted') return { outcome, said, parts };
      const told = memberOf(reports.requirements, 'allowed_sandbox_modes');
      // The first entry that matches counts, and an earlier one may match this host as well.
      if (told !== undefined && !isListOfEntry(told, entries.slice(0, index + 1)))
        parts.set(`remote_sandbox_config[${index}]`, 'weakened');
    }
  } finally {
    await setHostName(room, room.hostName);
  }
  return fine;
}

function isListOfEntry(told: unknown, entries: readonly unknown[]): boolean {
  return entries.some((entry) => isTomlTable(entry) && sameMeaning(entry['allowed_sandbox_modes'], told, []));
}

/** Whether an entry of remote_sandbox_config matches every host: then its list takes the place of the root's. */
function isReplaced(path: Path, table: TomlTable, report: unknown): boolean {
  const entries = table['remote_sandbox_config'];
  const told = memberOf(report, 'allowed_sandbox_modes');
  return formatted(path) === 'allowed_sandbox_modes' && Array.isArray(entries) && isListOfEntry(told, entries);
}

async function setHostName(room: Room, name: string): Promise<void> {
  await room.write('/etc/hosts', `127.0.0.1 localhost ${name}\n`);
  await room.run('sh', ['-c', 'echo "$0" > /proc/sys/kernel/hostname', name]);
}

/** The parts of an accepted file that are not enforced as written. */
async function partsOf(
  client: ObservedClient,
  table: TomlTable,
  reports: Reports,
): Promise<ReadonlyMap<string, PartEffect>> {
  const found = new Map<string, PartEffect>();
  const open: Leaf[] = [];
  for (const leaf of leavesOf(table)) {
    const { path, value } = leaf;
    if (isWarnedOf(path, reports.warnings)) found.set(formatted(path), 'ignored-with-warning');
    else {
      const told = hasOtherSpelling(table, path) ? 'not told' : toldOf(reports.requirements, path, value);
      if (told === 'not told') open.push(leaf);
      else if (told === 'different' && !isReplaced(path, table, reports.requirements))
        found.set(formatted(path), 'weakened');
      else if (isOverruled(path, value, reports.features)) found.set(formatted(path), 'ignored');
      else if (isNotTaken(path, value, reports.thread)) found.set(formatted(path), 'weakened');
    }
  }
  for (const [path, effect] of judgeHooks(table, reports)) found.set(formatted(path), effect);
  const places = open.map(({ path }) => path);
  for (const path of await unread(client, table, places)) found.set(formatted(path), 'ignored');
  return sortedParts(found);
}

/** Whether Codex says by itself that it ignores what stands at a path. */
function isWarnedOf(path: Path, warnings: readonly string[]): boolean {
  const names = path.map((_, index) => dotted(path.slice(0, index + 1)));
  const [table, flag] = path;
  return warnings.some(
    (text) =>
      names.some((name) => text.includes(`\`${name}\` is ignored`)) ||
      ((table === 'features' || table === 'feature_requirements') &&
        text.startsWith(`Ignoring unknown \`features\` requirement \`${flag}\``)),
  );
}

/** Whether a new thread stands under another permission profile than the default that is written. */
function isNotTaken(path: Path, value: unknown, thread: Json): boolean {
  return formatted(path) === 'default_permissions' && memberOf(thread['activePermissionProfile'], 'id') !== value;
}

/** Whether the report may mean another part of the file, which is spelt otherwise. */
function hasOtherSpelling(table: TomlTable, path: Path): boolean {
  const [root] = path;
  const isNamedTwice = spellings.some(
    (names) => names.some((name) => name === root) && names.filter((name) => table[name] !== undefined).length > 1,
  );
  // The report has camel case, and the key that it means may stand beside its own name in camel case.
  return isNamedTwice || path.some((key, depth) => hasTwin(memberAt(table, path.slice(0, depth)), key));
}

function hasTwin(table: unknown, key: string | number): boolean {
  const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();
  return isTomlTable(table) && Object.keys(table).some((other) => other !== key && plain(other) === plain(String(key)));
}

function memberAt(table: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : at), table);
}

const spellings = [
  ['features', 'feature_requirements'],
  ['experimental_network', 'network_proxy'],
] as const;

/** Whether a feature holds otherwise than it is pinned. */
function isOverruled([table, flag]: Path, value: unknown, features: Reports['features']): boolean {
  if (table !== 'features' && table !== 'feature_requirements') return false;
  const held = features.get(String(flag));
  return held !== undefined && held !== value;
}

/** The places where a value of a wrong type changes nothing. All at once first: mostly that is the answer. */
async function unread(client: ObservedClient, table: TomlTable, places: readonly Path[]): Promise<readonly Path[]> {
  if (places.length === 0) return [];
  if (await takes(client, table, places)) return places;
  // The control: written by our hand, and nothing wrong in it, the file is taken.
  if (!(await takes(client, table, []))) throw new Error('the same file, written anew, is refused');
  if (places.length === 1) return [];
  // From the back, and all that changed nothing stays wrong: of two spellings of one thing, one is read.
  const ignored: Path[] = [];
  for (const place of places.toSorted((a, b) => (formatted(a) > formatted(b) ? -1 : 1)))
    if (await takes(client, table, [...ignored, place])) ignored.push(place);
  return ignored;
}

/** Whether the command line takes the document with values of a wrong type at these places. */
async function takes(client: ObservedClient, table: TomlTable, wrong: readonly Path[]): Promise<boolean> {
  await client.room.write(requirementsPath, retyped(table, wrong));
  return (await accepts(client)).accepted;
}

function sortedParts(parts: Iterable<readonly [string, PartEffect]>): ReadonlyMap<string, PartEffect> {
  return new Map([...parts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A path as people write it: `hooks.PreToolUse[0].matcher`, other names in JSON quotes. */
export function formatted(path: Path): string {
  return path
    .map((key) =>
      typeof key === 'number' ? `[${key}]` : `.${/^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key)}`,
    )
    .join('')
    .replace(/^\./, '');
}

/** A path as Codex writes it in its warnings: dots alone. */
function dotted(path: Path): string {
  return path.join('.');
}

/** The first line that says something, short. */
function firstLine(text: string): string {
  const said = text.split('\n').map((line) => line.trim().replace(/^Error: /, ''));
  const line = said.find((one) => one !== '' && !/^(?:Caused by:|failed to (?:load|resolve) [a-z ]*$)/.test(one));
  // Without what differs from run to run: ids of threads.
  return (line ?? '').replaceAll(/ \(\d+\)/g, '').slice(0, 160);
}
