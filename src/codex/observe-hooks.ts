import type { Json } from './app-server.ts';
import type { Reports } from './observe-client.ts';
import { isTomlTable, type Path, type TomlTable, type TomlValue } from './observe-leaves.ts';
import { memberOf, type PartEffect, sameMeaning } from './observe-report.ts';

/** A handler of a file, with its group. */
interface Stated {
  readonly event: string;
  readonly place: number;
  readonly group: TomlTable;
  readonly index: number;
  readonly handler: TomlTable;
}

/**
 * What became of each hook of a file in the list of hooks that really stand; where Codex has no such list, by what it
 * says of those that it skips.
 */
export function judgeHooks(table: TomlTable, reports: Reports): Map<Path, PartEffect> {
  const stated = table['hooks'];
  if (!isTomlTable(stated)) return new Map();
  const all = Object.entries(stated).flatMap(([event, groups]) =>
    // An event that the release does not know is told by its parts being unread.
    memberOf(memberOf(reports.requirements, 'hooks'), event) === undefined
      ? []
      : entriesOf(groups, groupFields).flatMap(([place, group]) =>
          entriesOf(group['hooks']).map(([index, handler]): Stated => ({ event, place, group, index, handler })),
        ),
  );
  return reports.hooks ? byList(all, reports.hooks, reports.warnings) : byWords(all, reports);
}

function byList(all: readonly Stated[], hooks: readonly Json[], warnings: readonly string[]): Map<Path, PartEffect> {
  const found = new Map<Path, PartEffect>();
  for (const { event, place, group, index, handler } of all) {
    const path = ['hooks', event, place, 'hooks', index];
    const listed = hooks.find((hook) => isAt(hook, event, place, index));
    if (!listed) found.set(path, 'hook-skipped');
    else
      for (const [field, value] of differing(group, handler, listed))
        found.set(field === 'matcher' ? ['hooks', event, place, field] : [...path, field], value);
    // Not every release that lists hooks shows this field.
    if (handler['async'] === true && warnings.some((text) => text.startsWith(`running async ${event} hook sync`)))
      found.set([...path, 'async'], 'weakened');
  }
  return found;
}

/** What 0.124.0 and 0.125.0 say of the hooks that they skip, and which hooks they can mean. */
const sayings: readonly (readonly [text: string, of: (stated: Stated) => boolean])[] = [
  ['skipping managed hooks from ', () => true],
  ['skipping async hook in ', ({ handler }) => handler['async'] === true],
  ['skipping prompt hook in ', ({ handler }) => handler['type'] === 'prompt'],
  ['skipping agent hook in ', ({ handler }) => handler['type'] === 'agent'],
  ['skipping empty hook command in ', ({ handler }) => String(handler['command']).trim() === ''],
];

/** Throws where Codex speaks of a hook that the file does not have. */
function byWords(all: readonly Stated[], { saidOfHooks, features }: Reports): Map<Path, PartEffect> {
  const isOff = features.get('codex_hooks') === false;
  const means = (text: string, stated: Stated): boolean =>
    text.startsWith(`invalid matcher ${JSON.stringify(stated.group['matcher'])} in `) ||
    sayings.some(([begin, isMeant]) => text.startsWith(begin) && isMeant(stated));
  const told = saidOfHooks.filter((text) => /^(?:skipping|invalid matcher) /.test(text));
  // It looks at the matcher of a group without handlers as well.
  const lost = told.find((text) => !text.startsWith('invalid matcher ') && !all.some((stated) => means(text, stated)));
  if (lost !== undefined) throw new Error(`Codex speaks of a hook that the file does not have: ${lost}`);
  return new Map(
    all
      .filter((stated) => isOff || told.some((text) => means(text, stated)))
      .map(({ event, place, index }) => [['hooks', event, place, 'hooks', index], 'hook-skipped']),
  );
}

/** The fields of a hook that the list shows otherwise than written. */
function differing(group: TomlTable, handler: TomlTable, listed: Json): (readonly [string, PartEffect])[] {
  const fields: (readonly [string, TomlValue | undefined])[] = [
    ['matcher', group['matcher']],
    ...Object.entries(handler).filter(([name]) => shown.has(name)),
  ];
  return fields.flatMap(([name, value]): (readonly [string, PartEffect])[] => {
    if (value === undefined) return [];
    const told = memberOf(listed, name);
    // No value at all is what "false" and an absent matcher look like.
    if (
      told === undefined &&
      (!nullable.has(name) || !hasName(listed, name) || value === false || matchesAll(name, value))
    )
      return [];
    return sameMeaning(value, told ?? null, []) ? [] : [[name, 'weakened']];
  });
}

/** Fields of a handler that the list of hooks shows under their own names. */
const shown: ReadonlySet<string> = new Set([
  'command',
  'timeout',
  'async',
  'statusMessage',
  'additionalContextLimit',
  'server',
  'tool',
  'input',
]);

/** Fields that the list shows as null when they were dropped. */
const nullable: ReadonlySet<string> = new Set(['matcher', 'additionalContextLimit', 'statusMessage']);

function matchesAll(name: string, value: TomlValue): boolean {
  return name === 'matcher' && (value === '' || value === '*');
}

function hasName(listed: Json, name: string): boolean {
  return Object.hasOwn(listed, name);
}

/** Codex's key of a hook ends in event, group and handler: `…:pre_tool_use:0:0`. */
function isAt(hook: Json, event: string, group: number, handler: number): boolean {
  const snake = event.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
  return (
    String(hook['key']).endsWith(`:${snake}:${group}:${handler}`) &&
    hook['isManaged'] !== false &&
    hook['enabled'] !== false
  );
}

/** The order in which Codex reads a list that stands for a group of hooks. */
const groupFields = ['matcher', 'hooks'];

/** The tables of a list; an item that is a list stands for a table with these fields, in this order. */
function entriesOf(value: unknown, fields: readonly string[] = []): (readonly [number, TomlTable])[] {
  return (Array.isArray(value) ? [...value.entries()] : []).flatMap(([index, item]) => {
    const table: unknown = Array.isArray(item)
      ? Object.fromEntries(fields.flatMap((name, at) => (at < item.length ? [[name, item[at]]] : [])))
      : item;
    return isTomlTable(table) ? [[index, table] as const] : [];
  });
}
