import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Range,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { type Diagnostic, diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.ts';
import { type Data, emptyTable, type KeyPath, type ParsedDocument, type SpanNode } from './document.ts';
import { maxDepth, maxFindings } from './limits.ts';
import { isExactFloat, isInt64, numberForm } from './number.ts';
import { locationAt, type SourceFile, type Span } from './source-file.ts';
import { scanYaml } from './yaml-scan.ts';
import { explainYaml } from './yaml-syntax.ts';

/** YAML 1.2 core, one document, a mapping at the top; whatever could be read in two ways is refused. Never throws. */
export function parseYaml(source: SourceFile): Result<ParsedDocument> {
  const scan = scanYaml(source);
  if (scan.isRefused) return refuse(scan.diagnostics);
  const document = parse(source.text);
  if (!document) return refuse([tooDeep(source, { start: 0, end: 0 })]);
  const exhausted = document.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (exhausted) return refuse([tooDeep(source, { start: exhausted.pos[0], end: exhausted.pos[1] })]);

  const syntax = explainYaml(source, [...document.errors, ...document.warnings], scan);
  // A broken tree has holes: what it lacks would be reported as missing.
  if (hasErrors(syntax)) return refuse([...scan.diagnostics, ...syntax]);

  const walk: Walk = { source, found: [...scan.diagnostics] };
  const contents = document.contents;
  if (!isMap<ParsedNode, ParsedNode | null>(contents)) {
    const isNothing = contents === null || (isScalar(contents) && contents.value === null);
    const at = { location: locationAt(source, spanOf(source, contents ?? {})) };
    const found = isNothing ? 'nothing' : isSeq(contents) ? 'a list' : 'a single value';
    return refuse([...walk.found, diagnostic('yaml/not-a-mapping', at, { found })]);
  }
  const { start } = spanOf(source, contents);
  const root = readMap(walk, contents, [], { start, end: start });
  if (walk.found.length > 0) return refuse(walk.found);
  return { value: { source, value: root.value, spans: root.spans }, diagnostics: [] };
}

function refuse(found: readonly Diagnostic[]): Result<never> {
  return { value: undefined, diagnostics: found.slice(0, maxFindings) };
}

/** The library's tree, or undefined where it overflowed the stack. */
function parse(text: string): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      schema: 'core',
      resolveKnownTags: false,
      stringKeys: true,
      prettyErrors: false,
      intAsBigInt: true,
      // Its own check compares every key with every other (minutes for a large file) and does not say where the first one stands.
      uniqueKeys: false,
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

interface Walk {
  readonly source: SourceFile;
  readonly found: Diagnostic[];
}

interface Read<T extends Data> {
  readonly value: T;
  readonly spans: SpanNode;
}

function readMap(
  walk: Walk,
  map: YAMLMap<ParsedNode, ParsedNode | null>,
  path: KeyPath,
  key: Span,
): Read<Record<string, Data>> {
  const value = emptyTable();
  const children = new Map<string, SpanNode>();
  for (const pair of map.items) {
    const name = readKey(walk, pair, path);
    if (name === undefined) continue;
    const span = spanOf(walk.source, pair.key);
    const childPath = [...path, name];
    const first = children.get(name);
    if (first) {
      const related = [{ message: 'first defined here', location: locationAt(walk.source, first.key) }];
      const at = { location: locationAt(walk.source, span), path: childPath, related };
      walk.found.push(diagnostic('yaml/duplicate-key', at, { key: name }));
      continue;
    }
    const child = readNode(walk, pair.value, childPath, span);
    value[name] = child.value;
    children.set(name, child.spans);
  }
  return { value, spans: { key, value: spanOf(walk.source, map), children } };
}

/** The name of a pair; undefined where it cannot be one, which is reported. */
function readKey(walk: Walk, pair: Pair<ParsedNode, ParsedNode | null>, path: KeyPath): string | undefined {
  const { key } = pair;
  if (isAlias(key)) return undefined;
  const span = spanOf(walk.source, key);
  const at = { location: locationAt(walk.source, span), path };
  // `a: [b]: c` reaches us as a second key without any text.
  if (!isScalar(key) || typeof key.value !== 'string' || (key.value === '' && span.start === span.end)) {
    walk.found.push(diagnostic('yaml/key', at, {}));
    return undefined;
  }
  const isPlain = key.type === 'PLAIN';
  if (isPlain && key.value === '<<') walk.found.push(diagnostic('yaml/merge-key', at, {}));
  else if (hasLoneSurrogate(key.value)) walk.found.push(diagnostic('yaml/lone-surrogate', at, {}));
  else return key.value;
  return undefined;
}

function readNode(walk: Walk, node: ParsedNode | null, path: KeyPath, key: Span | undefined): Read<Data> {
  const value = node ? spanOf(walk.source, node) : (key ?? { start: 0, end: 0 });
  if (path.length > maxDepth) {
    walk.found.push(tooDeep(walk.source, key ?? value));
    return { value: '', spans: { key: key ?? value, value, children: new Map() } };
  }
  if (isMap<ParsedNode, ParsedNode | null>(node)) return readMap(walk, node, path, key ?? value);
  if (isSeq<ParsedNode>(node)) return readSeq(walk, node, path, key ?? value);
  return {
    value: isAlias(node) ? '' : readScalar(walk, isScalar(node) ? node : undefined, path, key, value),
    spans: { key: key ?? value, value, children: new Map() },
  };
}

function readSeq(walk: Walk, seq: YAMLSeq<ParsedNode>, path: KeyPath, key: Span): Read<Data[]> {
  const value: Data[] = [];
  const children = new Map<number, SpanNode>();
  for (const [index, item] of seq.items.entries()) {
    const child = readNode(walk, item, [...path, index], undefined);
    value.push(child.value);
    children.set(index, child.spans);
  }
  return { value, spans: { key, value: spanOf(walk.source, seq), children } };
}

/** The value of a scalar; where it is refused, a stand-in that nobody sees, because the document then has no value. */
function readScalar(
  walk: Walk,
  scalar: Scalar<unknown> | undefined,
  path: KeyPath,
  key: Span | undefined,
  span: Span,
): Data {
  const value: unknown = scalar?.value;
  // A key of `{key}` has no node for its value.
  const text = scalar ? walk.source.text.slice(span.start, span.end) : '';
  const at = { location: locationAt(walk.source, text === '' ? (key ?? span) : span), path };
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (hasLoneSurrogate(value)) walk.found.push(diagnostic('yaml/lone-surrogate', at, {}));
    return value;
  }
  if (typeof value === 'bigint' || typeof value === 'number') {
    const form = numberForm(text);
    if (form === 'other-base') walk.found.push(diagnostic('yaml/number-base', at, { text, decimal: String(value) }));
    else if (form === 'leading-zero') walk.found.push(diagnostic('yaml/leading-zero', at, { text }));
    else if (form === 'not-finite') walk.found.push(diagnostic('yaml/not-finite', at, { text }));
    else if (typeof value === 'bigint' ? !isInt64(value) : !isExactFloat(text))
      walk.found.push(diagnostic('yaml/number-range', at, { text }));
    return value;
  }
  walk.found.push(diagnostic('yaml/null', at, { text }));
  return '';
}

/** The span of a node without the white space behind it. */
function spanOf(source: SourceFile, node: { readonly range?: Range | null | undefined }): Span {
  const [start, end] = node.range ?? [0, 0, 0];
  return { start, end: start + source.text.slice(start, end).trimEnd().length };
}

function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function tooDeep(source: SourceFile, span: Span): Diagnostic {
  return diagnostic('input/too-deep', { location: locationAt(source, span) }, { levels: maxDepth });
}
