import type { Json } from './app-server.ts';
import type { Reports } from './observe-client.ts';
import { isTomlTable, type Path, type TomlTable, type TomlValue } from './observe-leaves.ts';
import { memberOf, type PartEffect, sameMeaning } from './observe-report.ts';

/** What became of each hook of a file in the list of hooks that really stand; nothing where Codex has no such list. */
export function judgeHooks(table: TomlTable, { hooks, requirements }: Reports): Map<Path, PartEffect> {
  const found = new Map<Path, PartEffect>();
  const stated = table['hooks'];
  if (!hooks || !isTomlTable(stated)) return found;
  for (const [event, groups] of Object.entries(stated))
    for (const [place, group] of entriesOf(groups))
      for (const [index, handler] of entriesOf(group['hooks'])) {
        const path = ['hooks', event, place, 'hooks', index];
        // An event that the release does not know is told by its parts being unread.
        if (memberOf(memberOf(requirements, 'hooks'), event) === undefined) continue;
        const listed = hooks.find((hook) => isAt(hook, event, place, index));
        if (!listed) found.set(path, 'hook-skipped');
        else
          for (const [field, value] of differing(group, handler, listed))
            found.set(field === 'matcher' ? ['hooks', event, place, field] : [...path, field], value);
      }
  return found;
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

function entriesOf(value: unknown): (readonly [number, TomlTable])[] {
  return Array.isArray(value)
    ? [...value.entries()].filter((entry): entry is [number, TomlTable] => isTomlTable(entry[1]))
    : [];
}
