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
import { isListOfEntry, onMatchingHosts } from './observe-hosts.ts';
import {
  isTomlDate,
  isTomlTable,
  type Leaf,
  leavesOf,
  type Path,
  readToml,
  replaced,
  retyped,
  type TomlTable,
  without,
} from './observe-leaves.ts';
import { memberOf, type PartEffect, toldOf } from './observe-report.ts';

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

  const warnings = await allWarnings(client, table, app.reports.warnings);
  const found = await partsOf(client, table, { ...app.reports, warnings, features: cli.features });
  await room.write(requirementsPath, file);
  const matching = await onMatchingHosts(client, table, found);
  if (matching.outcome !== 'accepted')
    return { ...outcome, appServer: matching.outcome, said: firstLine(matching.said), parts: new Map() };
  return { ...outcome, parts: sortedParts([...found, ...matching.parts]) };
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
    if (warnedPart(path, reports.warnings)) found.set(formatted(path), 'ignored-with-warning');
    else {
      const told = hasOtherSpelling(table, path) ? 'not told' : toldOf(reports.requirements, path, value);
      if (told === 'not told') open.push(leaf);
      else if (told === 'different' && !isReplaced(path, table, reports.requirements))
        found.set(formatted(path), 'weakened');
      else if (isOverruled(path, value, reports)) found.set(formatted(path), 'ignored');
      else if (isNotTaken(path, value, reports.thread)) found.set(formatted(path), 'weakened');
    }
  }
  for (const [path, effect] of judgeHooks(table, reports)) found.set(formatted(path), effect);
  const places = open.map(({ path }) => path);
  for (const path of await unread(client, table, places)) found.set(formatted(path), 'ignored');
  for (const { path, value } of leavesOf(table))
    if (isTomlDate(value) && (await isEmptyTable(client, table, path))) found.set(formatted(path), 'ignored');
  return sortedParts(found);
}

/** Whether a date stands where a table is wanted: the TOML reader of older releases shows it to Codex as one. */
async function isEmptyTable(client: ObservedClient, table: TomlTable, path: Path): Promise<boolean> {
  const isText = await takes(client, replaced(table, path, 'text'), []);
  return !isText && (await takes(client, replaced(table, path, {}), []));
}

/** All that Codex warns of: it names three keys at a time, so it is asked again without those that it named. */
async function allWarnings(
  client: ObservedClient,
  table: TomlTable,
  told: readonly string[],
): Promise<readonly string[]> {
  const all = [...told];
  let [rest, last] = [table, told];
  while (last.some((text) => /\.\.\. and \d+ more ignored setting/.test(text))) {
    const named = leavesOf(rest).flatMap(({ path }) => {
      const part = warnedPart(path, all);
      return part ? [part] : [];
    });
    if (named.length === 0) break;
    rest = without(rest, named);
    await client.room.write(requirementsPath, retyped(rest, []));
    last = (await askAppServer(client, patience)).reports.warnings;
    all.push(...last);
  }
  return all;
}

/** The part of a path, from the root, that Codex says by itself it ignores. */
function warnedPart(path: Path, warnings: readonly string[]): Path | undefined {
  const parts = path.map((_, index) => path.slice(0, index + 1));
  return parts.find((one) => sayings(one).some((saying) => warnings.some((text) => text.includes(saying))));
}

/** How a warning speaks of an ignored part. */
function sayings(path: Path): string[] {
  const [table, name, section, base, entry, ...deeper] = path;
  const said = [`\`${dotted(path)}\` is ignored`];
  if (table === 'features' || table === 'feature_requirements')
    said.push(
      `Ignoring unknown \`features\` requirement \`${name}\``,
      `Ignoring removed \`features\` requirement \`${name}\``,
    );
  if (table === 'permissions' && section === 'filesystem' && base !== undefined && deeper.length === 0) {
    const nested = entry === undefined ? '' : ` with nested entry \`${entry}\``;
    said.push(`Configured filesystem path \`${base}\`${nested} is not recognized by this version of Codex`);
  }
  return said;
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

/** Whether an entry of remote_sandbox_config matches every host: then its list takes the place of the root's. */
function isReplaced(path: Path, table: TomlTable, report: unknown): boolean {
  const entries = table['remote_sandbox_config'];
  const told = memberOf(report, 'allowed_sandbox_modes');
  return formatted(path) === 'allowed_sandbox_modes' && Array.isArray(entries) && isListOfEntry(told, entries);
}

/** Whether a feature holds otherwise than it is pinned, under this name or the newer one that a warning tells. */
function isOverruled([table, flag]: Path, value: unknown, { features, warnings }: Reports): boolean {
  if (table !== 'features' && table !== 'feature_requirements') return false;
  const legacy = `Using legacy \`features\` requirement \`${flag}\` `;
  const [, newer] = /canonical feature key `(.+?)`/.exec(warnings.find((text) => text.startsWith(legacy)) ?? '') ?? [];
  const held = features.get(newer ?? silentNames.get(String(flag)) ?? String(flag));
  return held !== undefined && held !== value;
}

/** Names of flags that are taken for others without a word. */
const silentNames: ReadonlyMap<string, string> = new Map([['auto_review', 'guardian_approval']]);

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
