import { type AST, parseTOML } from 'toml-eslint-parser';
import { formatPath, type KeyPath } from './document.ts';
import type { Span } from './source-file.ts';

/** `key = value` on a line of its own, not inside another value. */
export interface Line {
  /** The path of its table. */
  readonly table: KeyPath;
  /** The names of its key: several where it is dotted. */
  readonly names: readonly string[];
  readonly span: Span;
}

/** A member of a table in braces. */
export interface Member {
  readonly path: KeyPath;
  readonly span: Span;
  /** Where its table stands, braces included. */
  readonly braces: Span;
}

/** How a TOML text is laid out, for those who change it and keep all else. */
export interface TomlLayout {
  /** Where each name is written, by its path: several times for one, as in `[[hooks.Stop]]` and `[[hooks.Stop.hooks]]`. */
  readonly parts: ReadonlyMap<string, readonly Span[]>;
  readonly lines: readonly Line[];
  readonly members: readonly Member[];
  /** The first table header. */
  readonly firstHeader: Span | undefined;
}

/** The layout of a text that `parseToml` reads without a finding. */
export function layoutOf(text: string): TomlLayout {
  const [top] = parseTOML(text, { tomlVersion: '1.1' }).body;
  const layout: Growing = { parts: new Map(), lines: [], members: [] };
  const lists = new Map<string, number>();
  let firstHeader: Span | undefined;
  for (const item of top.body) {
    if (item.type === 'TOMLKeyValue') {
      readLine(layout, [], item);
      continue;
    }
    firstHeader ??= spanOf(item.key);
    const table = headerPath(layout, item, lists);
    for (const pair of item.body) readLine(layout, table, pair);
  }
  return { ...layout, firstHeader };
}

interface Growing {
  readonly parts: Map<string, Span[]>;
  readonly lines: Line[];
  readonly members: Member[];
}

/** A name that leads through an array of tables means its last element. */
function headerPath(layout: Growing, { key, kind }: AST.TOMLTable, lists: Map<string, number>): KeyPath {
  const path: (string | number)[] = [];
  for (const [at, part] of key.keys.entries()) {
    path.push(nameOf(part));
    addPart(layout, path, spanOf(part));
    const list = JSON.stringify(path);
    if (kind === 'array' && at === key.keys.length - 1) lists.set(list, (lists.get(list) ?? -1) + 1);
    const last = lists.get(list);
    if (last !== undefined) path.push(last);
  }
  return path;
}

function addPart({ parts }: Growing, path: KeyPath, span: Span): void {
  const name = formatPath(path);
  const spans = parts.get(name);
  if (spans) spans.push(span);
  else parts.set(name, [span]);
}

function readLine(layout: Growing, table: KeyPath, pair: AST.TOMLKeyValue): void {
  layout.lines.push({ table, names: pair.key.keys.map(nameOf), span: spanOf(pair) });
  readPair(layout, table, pair);
}

function readPair(layout: Growing, table: KeyPath, { key, value }: AST.TOMLKeyValue): void {
  const path: (string | number)[] = [...table];
  for (const part of key.keys) {
    path.push(nameOf(part));
    addPart(layout, path, spanOf(part));
  }
  readValue(layout, path, value);
}

function readValue(layout: Growing, path: KeyPath, value: AST.TOMLContentNode): void {
  if (value.type === 'TOMLArray')
    for (const [index, element] of value.elements.entries()) readValue(layout, [...path, index], element);
  if (value.type !== 'TOMLInlineTable') return;
  for (const pair of value.body) {
    layout.members.push({
      path: [...path, ...pair.key.keys.map(nameOf)],
      span: spanOf(pair),
      braces: spanOf(value),
    });
    readPair(layout, path, pair);
  }
}

function nameOf(part: AST.TOMLBare | AST.TOMLQuoted): string {
  return part.type === 'TOMLBare' ? part.name : part.value;
}

function spanOf(node: AST.HasLocs): Span {
  return { start: node.range[0], end: node.range[1] };
}
