import type { TomlTable } from 'smol-toml';
import { stringify } from 'smol-toml';

/** A key path in requirements.toml; a number is a place in an array. */
export type Statement = readonly (string | number)[];

type Plain = Readonly<Record<string, unknown>>;

/** The value of a statement, or undefined. */
export function valueAt(table: unknown, statement: Statement): unknown {
  let value = table;
  for (const key of statement) value = isTable(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined;
  return value;
}

/** requirements.toml without some statements; tables and arrays that become empty go too, since Codex refuses some. */
export function without(table: TomlTable, statements: readonly Statement[]): string {
  let copy: unknown = structuredClone(table);
  // From the back, so that a place in an array still means the same after an earlier removal.
  for (const statement of [...statements].reverse()) copy = removed(copy, statement);
  return stringify(isTable(copy) ? copy : {});
}

function removed(value: unknown, [key, ...rest]: Statement): unknown {
  if (key === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.flatMap((item: unknown, index) => {
      const kept = index === key ? removed(item, rest) : item;
      return kept === undefined ? [] : [kept];
    });
    return items.length === 0 ? undefined : items;
  }
  if (!isTable(value)) return value;
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const kept = name === key ? removed(item, rest) : item;
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** One command hook of requirements.toml. */
export interface HookStatement {
  readonly event: string;
  readonly statement: Statement;
  readonly matcher: string | undefined;
  readonly type: string;
  readonly command: string | undefined;
  readonly timeout: number | undefined;
  readonly statusMessage: string | undefined;
  readonly isAsync: boolean;
}

/** All hooks of requirements.toml in the order of the file. */
export function hooksOf(requirements: TomlTable): HookStatement[] {
  const hooks = requirements['hooks'];
  if (!isTable(hooks)) return [];
  return Object.entries(hooks).flatMap(([event, groups]) =>
    (Array.isArray(groups) ? groups : []).flatMap((group: unknown, index) => {
      if (!isTable(group) || !Array.isArray(group['hooks'])) return [];
      return group['hooks'].filter(isTable).map((handler, place) => ({
        event,
        statement: ['hooks', event, index, 'hooks', place],
        matcher: text(group['matcher']),
        type: text(handler['type']) ?? '',
        command: text(handler['command']),
        timeout: typeof handler['timeout'] === 'number' ? handler['timeout'] : undefined,
        statusMessage: text(handler['statusMessage']),
        isAsync: handler['async'] === true,
      }));
    }),
  );
}

/** Every list of words that a prefix rule names, with the rule's place. */
export interface RuleStatement {
  readonly statement: Statement;
  readonly decision: string;
  readonly justification: string | undefined;
  readonly commands: readonly (readonly string[])[];
}

/** The prefix rules of requirements.toml. */
export function rulesOf(requirements: TomlTable): RuleStatement[] {
  const rules = valueAt(requirements, ['rules', 'prefix_rules']);
  return (Array.isArray(rules) ? rules : []).filter(isTable).map((rule, index) => ({
    statement: ['rules', 'prefix_rules', index],
    decision: text(rule['decision']) ?? '',
    justification: text(rule['justification']),
    commands: (Array.isArray(rule['pattern']) ? rule['pattern'] : [])
      .filter(isTable)
      .map((place) => (Array.isArray(place['any_of']) ? place['any_of'].map(String) : [String(place['token'])]))
      .reduce<string[][]>((words, next) => words.flatMap((word) => next.map((token) => [...word, token])), [[]]),
  }));
}

/** A list of texts, or undefined where the statement is absent. */
export function textsAt(requirements: unknown, statement: Statement): readonly string[] | undefined {
  const value = valueAt(requirements, statement);
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : undefined;
}

export function isTable(value: unknown): value is Plain & TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
