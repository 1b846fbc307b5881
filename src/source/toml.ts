import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import { type Diagnostic, diagnostic, type Related, type Result } from '../diagnostics/diagnostic.ts';
import type { ParsedDocument, SpanNode } from './document.ts';
import { maxDepth, maxFindings, maxParts } from './limits.ts';
import { locationAt, type SourceFile, type Span } from './source-file.ts';
import { readToml, type TomlFinding } from './toml-read.ts';
import { explainToml } from './toml-syntax.ts';

/** Codex reads TOML 1.1 from 0.79.0 on (measured) and 1.0 before. */
export interface TomlOptions {
  readonly dialect?: '1.0' | '1.1';
  /** Whether integers from 2^63 to 2^64 - 1 are data: Codex reads them up to 0.136.0 (measured). */
  readonly takesUnsigned?: boolean;
}

/** Each duplicate costs another parse. */
const maxDuplicates = 5;

/** A TOML text as data with the place of each key and value; dialect 1.1 unless told otherwise. Never throws. */
export function parseToml(source: SourceFile, options: TomlOptions = {}): Result<ParsedDocument> {
  const refused = refuseEarly(source);
  if (refused) return { value: undefined, diagnostics: [refused] };

  // A key that is defined twice gets a name of its own, and the text is parsed again: the tree then shows its table,
  // and so the first definition, and any further mistake.
  const renamed: Renamed[] = [];
  let { text } = source;
  for (;;) {
    const parsed = parse(text, options.dialect ?? '1.1');
    if ('tree' in parsed) return finish(source, text, parsed.tree, renamed, options);
    const original = parsed.message === duplicateMessage ? keyAt(text, parsed.offset) : '';
    if (original === '' || renamed.length === maxDuplicates) {
      const found = renamed.map((key) => duplicate(source, key, undefined));
      return { value: undefined, diagnostics: [...found, ...broken(source, text, parsed, renamed)] };
    }
    const name = unusedKey(text, renamed.length);
    renamed.push({
      name,
      original,
      offset: parsed.offset,
      span: originalSpan(renamed, parsed.offset, original.length),
    });
    text = text.slice(0, parsed.offset) + name + text.slice(parsed.offset + original.length);
  }
}

const duplicateMessage = 'Defining a key multiple times is invalid';

/** A key that was given another name for the next attempt. */
interface Renamed {
  readonly name: string;
  /** As it is written, quotes included. */
  readonly original: string;
  /** In the text of its own attempt. */
  readonly offset: number;
  /** In the source. */
  readonly span: Span;
}

interface Broken {
  readonly message: string | undefined;
  readonly offset: number;
}

/** The library's tree, or its first complaint; no message where it overflowed the stack. */
function parse(text: string, tomlVersion: '1.0' | '1.1'): { readonly tree: AST.TOMLProgram } | Broken {
  try {
    return { tree: parseTOML(text, { tomlVersion }) };
  } catch (error) {
    if (error instanceof ParseError) return { message: error.message, offset: error.index };
    if (error instanceof RangeError) return { message: undefined, offset: 0 };
    throw error;
  }
}

function finish(
  source: SourceFile,
  text: string,
  tree: AST.TOMLProgram,
  renamed: readonly Renamed[],
  { takesUnsigned = false }: TomlOptions,
): Result<ParsedDocument> {
  const { value, spans, findings } = readToml(tree, text, takesUnsigned);
  if (renamed.length === 0 && findings.length === 0) return { value: { source, value, spans }, diagnostics: [] };
  const diagnostics = renamed.map((key) => duplicate(source, key, firstOf(spans, key, renamed)));
  for (const finding of findings.slice(0, maxFindings)) diagnostics.push(describe(source, finding, renamed));
  return { value: undefined, diagnostics };
}

function describe(source: SourceFile, finding: TomlFinding, renamed: readonly Renamed[]): Diagnostic {
  const span = originalSpan(renamed, finding.span.start, finding.span.end - finding.span.start);
  const related = finding.first
    ? [firstHere(source, originalSpan(renamed, finding.first.start, finding.first.end - finding.first.start))]
    : [];
  const at = { location: locationAt(source, span), path: finding.path, related };
  const text = source.text.slice(span.start, span.end);
  switch (finding.kind) {
    case 'too-deep':
      return diagnostic('input/too-deep', at, { levels: maxDepth });
    case 'number-range':
      return diagnostic('toml/number-range', at, { text });
    case 'duplicate-key':
      return diagnostic('toml/duplicate-key', at, { key: text });
  }
}

function duplicate(source: SourceFile, key: Renamed, first: Span | undefined): Diagnostic {
  const related = first ? [firstHere(source, first)] : [];
  return diagnostic(
    'toml/duplicate-key',
    { location: locationAt(source, key.span), related },
    { key: bareName(key.original) },
  );
}

function firstHere(source: SourceFile, span: Span): Related {
  return { message: 'first defined here', location: locationAt(source, span) };
}

/** Where the name stands first: beside the key that was renamed. */
function firstOf(spans: SpanNode, key: Renamed, renamed: readonly Renamed[]): Span | undefined {
  const pending = [spans];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.children.has(key.name)) {
      const first = node.children.get(bareName(key.original))?.key;
      return first && originalSpan(renamed, first.start, first.end - first.start);
    }
    pending.push(...node.children.values());
  }
  return undefined;
}

/** A span of the text with renamed keys, as it stands in the source. */
function originalSpan(renamed: readonly Renamed[], offset: number, length: number): Span {
  let start = offset;
  for (const key of renamed.toReversed())
    if (start > key.offset) start = Math.max(key.offset, start - key.name.length + key.original.length);
  return { start, end: start + length };
}

function broken(
  source: SourceFile,
  text: string,
  { message, offset }: Broken,
  renamed: readonly Renamed[],
): Diagnostic[] {
  if (message === undefined) return [overflow(source)];
  if (message === duplicateMessage) return [];
  const mistake = explainToml(text, message, offset);
  const span = originalSpan(renamed, mistake.start, mistake.end - mistake.start);
  return [
    diagnostic('toml/syntax', { location: locationAt(source, span) }, { problem: mistake.problem, fix: mistake.fix }),
  ];
}

/** The key at an offset as it is written; the empty string where none stands. */
function keyAt(text: string, offset: number): string {
  const key = /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+/y;
  key.lastIndex = offset;
  return key.exec(text)?.[0] ?? '';
}

/** The name that a written key stands for. */
function bareName(written: string): string {
  const text = `${written} = 1`;
  const parsed = parse(text, '1.1');
  return 'tree' in parsed ? (Object.keys(readToml(parsed.tree, text).value)[0] ?? written) : written;
}

function unusedKey(text: string, index: number): string {
  let name = `duplicate-${index}`;
  while (text.includes(name)) name += '-';
  return name;
}

/** What the library reads for minutes, or reads although TOML and Codex do not. */
function refuseEarly(source: SourceFile): Diagnostic | undefined {
  const { text } = source;
  let parts = 0;
  for (const mark of text.matchAll(/[\n,=.[\]{}]/g)) {
    parts += 1;
    if (parts > maxParts) {
      const at = { location: locationAt(source, { start: mark.index, end: mark.index + 1 }) };
      return diagnostic('input/too-complex', at, { parts: maxParts });
    }
  }
  const start = text.search(/\r(?!\n)/);
  if (start < 0) return undefined;
  return diagnostic(
    'toml/syntax',
    { location: locationAt(source, { start, end: start + 1 }) },
    { problem: 'a carriage return stands here without a line feed', fix: 'end lines with LF or CRLF' },
  );
}

/** The library hands a text to one call character by character, and follows brackets by recursion: both can overflow. */
function overflow(source: SourceFile): Diagnostic {
  let depth = 0;
  for (const { 0: mark, index } of source.text.matchAll(/[[\]{}]/g)) {
    depth += mark === '[' || mark === '{' ? 1 : -1;
    if (depth > maxDepth)
      return diagnostic(
        'input/too-deep',
        { location: locationAt(source, { start: index, end: index + 1 }) },
        { levels: maxDepth },
      );
  }
  let longest: Span = { start: 0, end: 0 };
  let start = 0;
  for (const part of source.text.split(/("""|''')/)) {
    const end = start + part.length;
    if (end - start > longest.end - longest.start) longest = { start, end };
    start = end;
  }
  return diagnostic(
    'toml/text-too-long',
    { location: locationAt(source, { start: longest.start, end: longest.start }) },
    {},
  );
}
