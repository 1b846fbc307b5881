import type { AST } from 'toml-eslint-parser';
import { type Data, emptyTable, isTable, type KeyPath, type SpanNode } from './document.ts';
import { maxDepth } from './limits.ts';
import { isInt64, isUnsigned64 } from './number.ts';
import type { Span } from './source-file.ts';

/** A value that the library lets through. */
export interface TomlFinding {
  readonly kind: 'too-deep' | 'number-range' | 'duplicate-key';
  readonly path: KeyPath;
  readonly span: Span;
  /** Of a key that is defined twice: where it stands first. */
  readonly first?: Span;
}

export interface TomlTree {
  readonly value: Record<string, Data>;
  readonly spans: SpanNode;
  readonly findings: readonly TomlFinding[];
}

/** A table under construction, with its spans. */
interface Open {
  readonly table: Record<string, Data>;
  readonly node: Growing;
  readonly path: KeyPath;
}

interface Growing {
  key: Span;
  value: Span;
  readonly children: Map<string | number, Growing>;
}

interface Reading {
  readonly takesUnsigned: boolean;
  readonly findings: TomlFinding[];
  /** Tables that a header opened or passed through. */
  readonly fromHeaders: Set<Growing>;
}

/** The library's tree as data with spans: a header is the value span of its table, each part of a dotted key the span of its own. */
export function readToml(tree: AST.TOMLProgram, text: string, takesUnsigned = false): TomlTree {
  const reading: Reading = { takesUnsigned, findings: [], fromHeaders: new Set() };
  const start = tree.body[0].range[0];
  const root = open([], { start, end: start }, spanOf(tree.body[0]));
  for (const part of tree.body[0].body) {
    if (part.type === 'TOMLKeyValue') {
      readPair(reading, root, part);
      continue;
    }
    const table = openHeader(reading, root, part, headerSpan(part, text));
    if (table) for (const pair of part.body) readPair(reading, table, pair);
  }
  return { value: root.table, spans: root.node, findings: reading.findings };
}

function openHeader(reading: Reading, root: Open, header: AST.TOMLTable, value: Span): Open | undefined {
  const parent = descend(reading, root, header.key.keys.slice(0, -1), 'header');
  const last = header.key.keys.at(-1);
  if (!parent || !last) return undefined;
  if (header.kind === 'standard') {
    const table = enter(reading, parent, last, 'header');
    if (!table) return undefined;
    // The header names the table itself; an earlier `[a.b]` only passed through `a`.
    table.node.key = spanOf(last);
    table.node.value = value;
    return table;
  }
  const name = nameOf(last);
  const existing = own(parent.table, name);
  const list: Data[] = [];
  if (existing === undefined) {
    parent.table[name] = list;
    parent.node.children.set(name, { key: spanOf(last), value, children: new Map() });
  }
  const elements = existing === undefined ? list : existing;
  const node = parent.node.children.get(name);
  const path = [...parent.path, name];
  if (!Array.isArray(elements) || !node || tooDeep(reading, path, spanOf(last))) return undefined;
  const element = open([...path, elements.length], spanOf(last), value);
  node.children.set(elements.length, element.node);
  elements.push(element.table);
  return element;
}

/** The table that a dotted name leads to, made on the way where it is absent. */
function descend(reading: Reading, from: Open, names: readonly Name[], by: Way): Open | undefined {
  let table: Open | undefined = from;
  for (const name of names) {
    if (!table) return undefined;
    table = enter(reading, table, name, by);
  }
  return table;
}

/** What leads into a table: the parts of a header, or those of a dotted key. */
type Way = 'header' | 'dots';

type Name = AST.TOMLBare | AST.TOMLQuoted;

function enter(reading: Reading, parent: Open, part: Name, by: Way): Open | undefined {
  const name = nameOf(part);
  const path = [...parent.path, name];
  const existing = own(parent.table, name);
  const node = parent.node.children.get(name);
  if (existing === undefined || !node) {
    if (tooDeep(reading, path, spanOf(part))) return undefined;
    const made = open(path, spanOf(part), spanOf(part));
    parent.table[name] = made.table;
    parent.node.children.set(name, made.node);
    if (by === 'header') reading.fromHeaders.add(made.node);
    return made;
  }
  // A name that leads through an array of tables means its last element.
  const index = Array.isArray(existing) ? existing.length - 1 : undefined;
  const table = Array.isArray(existing) ? existing.at(-1) : existing;
  const inner = index === undefined ? node : node.children.get(index);
  // Codex refuses dots into a table that a header only passed through (measured on 0.99.0 to 0.166.0); the library does not.
  const isClosed = by === 'dots' && inner !== undefined && reading.fromHeaders.has(inner);
  if (inner && isTable(table) && !isClosed)
    return { table, node: inner, path: index === undefined ? path : [...path, index] };
  reading.findings.push({ kind: 'duplicate-key', path, span: spanOf(part), first: node.key });
  return undefined;
}

function readPair(reading: Reading, table: Open, pair: AST.TOMLKeyValue): void {
  const parent = descend(reading, table, pair.key.keys.slice(0, -1), 'dots');
  const last = pair.key.keys.at(-1);
  if (!parent || !last) return;
  const name = nameOf(last);
  const path = [...parent.path, name];
  if (own(parent.table, name) !== undefined) {
    reading.findings.push({ kind: 'duplicate-key', path, span: spanOf(last) });
    return;
  }
  const node: Growing = { key: spanOf(last), value: spanOf(pair.value), children: new Map() };
  parent.node.children.set(name, node);
  parent.table[name] = readValue(reading, pair.value, path, node);
}

function readValue(reading: Reading, value: AST.TOMLContentNode, path: KeyPath, node: Growing): Data {
  if (tooDeep(reading, path, node.key)) return '';
  if (value.type === 'TOMLArray')
    return value.elements.map((element, index) => {
      const span = spanOf(element);
      const child: Growing = { key: span, value: span, children: new Map() };
      node.children.set(index, child);
      return readValue(reading, element, [...path, index], child);
    });
  if (value.type === 'TOMLInlineTable') {
    const table: Open = { table: emptyTable(), node, path };
    for (const pair of value.body) readPair(reading, table, pair);
    return table.table;
  }
  switch (value.kind) {
    case 'string':
    case 'boolean':
      return value.value;
    case 'float':
      if (!Number.isFinite(value.value) && !/^[-+]?(inf|nan)$/.test(value.number))
        reading.findings.push({ kind: 'number-range', path, span: node.value });
      return value.value;
    case 'integer':
      if (!isInt64(value.bigint) && !(reading.takesUnsigned && isUnsigned64(value.bigint)))
        reading.findings.push({ kind: 'number-range', path, span: node.value });
      return value.bigint;
    default:
      return { dateTime: value.datetime };
  }
}

function tooDeep(reading: Reading, path: KeyPath, span: Span): boolean {
  if (path.length <= maxDepth) return false;
  reading.findings.push({ kind: 'too-deep', path: path.slice(0, maxDepth), span });
  return true;
}

function open(path: KeyPath, key: Span, value: Span): Open {
  return { table: emptyTable(), node: { key, value, children: new Map() }, path };
}

function own(table: Record<string, Data>, name: string): Data | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function nameOf(part: Name): string {
  return part.type === 'TOMLBare' ? part.name : part.value;
}

function spanOf(node: AST.HasLocs): Span {
  return { start: node.range[0], end: node.range[1] };
}

/** `[a.b]` with its brackets; the library's range goes on to the end of the table. */
function headerSpan(header: AST.TOMLTable, text: string): Span {
  const end = text.indexOf(']', header.key.range[1]) + (header.kind === 'array' ? 2 : 1);
  return { start: header.range[0], end };
}
