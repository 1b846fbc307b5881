import type { SourceFile, SourceLocation, Span } from './source-file.ts';
import { locationAt } from './source-file.ts';

/** Where a value stands in a document: keys and array indices from the root. */
export type KeyPath = readonly (string | number)[];

/** A table of a document, made by `emptyTable`. It inherits nothing, so that keys such as `__proto__` are ordinary. */
export interface DataTable {
  readonly [key: string]: Data;
}

/** A TOML date or time, kept as it was written; no key of Codex takes one. */
export interface DateTime {
  readonly dateTime: string;
}

/**
 * Plain data as both parsers give it. Integers are `bigint` and floats are `number`, so that `30` and `30.0`,
 * which Codex tells apart, stay apart; nothing is rounded on the way.
 */
export type Data = string | boolean | bigint | number | DateTime | readonly Data[] | DataTable;

/** The spans of a value and of all that lies inside it. */
export interface SpanNode {
  readonly key: Span;
  readonly value: Span;
  readonly children: ReadonlyMap<string | number, SpanNode>;
}

export interface ParsedDocument {
  readonly source: SourceFile;
  readonly value: DataTable;
  readonly spans: SpanNode;
}

/** What tells a table: in the registry of symbols, because each bundle of the program has a copy of this module. */
const mark = Symbol.for('codex-mdm.table');

/**
 * What tables inherit: the mark alone. V8 keeps objects without any prototype as dictionaries, which are six times as
 * slow to go through.
 */
const tablePrototype: object = Object.freeze(Object.assign(Object.create(null), { [mark]: true }));

/** An empty table that has no inherited keys. */
export function emptyTable(): Record<string, Data> {
  return Object.create(tablePrototype) as Record<string, Data>;
}

/** Whether the value is a table (neither an array nor a date). */
export function isTable(value: Data | undefined): value is DataTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && mark in value;
}

/** Whether the value is an array. */
export function isArray(value: Data | undefined): value is readonly Data[] {
  return Array.isArray(value);
}

/** Whether the value is a date or a time. */
export function isDate(value: Data | undefined): value is DateTime {
  return typeof value === 'object' && 'dateTime' in value && !isTable(value);
}

/** The span at a path; where the path leads nowhere, that of its nearest existing ancestor. */
function spanAt(document: ParsedDocument, path: KeyPath, part: 'key' | 'value'): Span {
  let node = document.spans;
  for (const step of path) {
    const next = node.children.get(step);
    if (!next) break;
    node = next;
  }
  return part === 'key' ? node.key : node.value;
}

/** The place in the source of the key or the value at a path (nearest existing ancestor if absent). */
export function locate(document: ParsedDocument, path: KeyPath, part: 'key' | 'value'): SourceLocation {
  return locationAt(document.source, spanAt(document, path, part));
}

/** The value at a path, or undefined. */
export function valueAt(root: Data, path: KeyPath): Data | undefined {
  let value: Data | undefined = root;
  for (const step of path) {
    if (typeof step === 'number') value = isArray(value) ? value[step] : undefined;
    else value = isTable(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** The tables of a list below a key, with their places. */
export function tablesIn(table: Data | undefined, key: string): [number, DataTable][] {
  const list = isTable(table) ? table[key] : undefined;
  const found: [number, DataTable][] = [];
  if (!isArray(list)) return found;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    if (isTable(item)) found.push([index, item]);
  }
  return found;
}

/** A path as people read it and as `accept` writes it: `hooks.Stop[0]."odd key"`. */
export function formatPath(path: KeyPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += `${text === '' ? '' : '.'}${/^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step)}`;
  }
  return text;
}
