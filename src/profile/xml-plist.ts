import { shorten } from '../source/describe.ts';
import { maxDepth, maxParts } from '../source/limits.ts';
import type { Span } from '../source/source-file.ts';
import type { PlistEntry, PlistFault, PlistNode, PlistResult } from './plist-node.ts';

/** How far a reader has come. */
interface Cursor {
  readonly text: string;
  offset: number;
  parts: number;
}

interface Tag {
  readonly name: string;
  readonly form: 'open' | 'close' | 'empty';
  readonly span: Span;
}

/** Caught at the door; the scanner is deep in its recursion when it finds one. */
class Refusal extends Error {
  readonly fault: PlistFault;
  constructor(fault: PlistFault) {
    super(fault.problem);
    this.fault = fault;
  }
}

/**
 * An XML property list with the place of each key and value. Strict where readers disagree, and without any entity but
 * the five of XML: nothing can expand. Also takes the bare `<key>…` pairs of an Intune preference file. Never throws.
 */
export function parseXmlPlist(text: string): PlistResult {
  const cursor: Cursor = { text, offset: 0, parts: 0 };
  try {
    return { root: readDocument(cursor) };
  } catch (error) {
    if (error instanceof Refusal) return { fault: error.fault };
    throw error;
  }
}

function refuse(offset: number, problem: string, fix: string, kind: PlistFault['kind'] = 'syntax'): never {
  throw new Refusal({ kind, problem, fix, offset });
}

function readDocument(cursor: Cursor): PlistNode {
  skipMisc(cursor);
  const start = cursor.offset;
  const first = readTag(cursor);
  if (first.name === 'key') {
    cursor.offset = start;
    const entries = readEntries(cursor, 1);
    return { kind: 'dict', entries, span: { start, end: cursor.offset } };
  }
  const isWrapped = first.name === 'plist' && first.form === 'open';
  if (isWrapped) skipMisc(cursor);
  const root = readValue(cursor, isWrapped ? readTag(cursor) : first, 0);
  skipMisc(cursor);
  if (isWrapped) {
    expectClose(cursor, 'plist');
    skipMisc(cursor);
  }
  if (cursor.offset < cursor.text.length)
    refuse(cursor.offset, 'something stands behind the end of the property list', 'remove it');
  return root;
}

function readValue(cursor: Cursor, tag: Tag, depth: number): PlistNode {
  if (depth > maxDepth)
    refuse(tag.span.start, 'the elements stand too deep in one another', 'flatten the structure', 'too-deep');
  if (tag.form === 'close') refuse(tag.span.start, `\`</${tag.name}>\` has no beginning`, 'remove it');
  const isEmpty = tag.form === 'empty';
  const span = (): Span => ({ start: tag.span.start, end: cursor.offset });
  switch (tag.name) {
    case 'true':
    case 'false':
      if (!isEmpty) {
        skipMisc(cursor);
        expectClose(cursor, tag.name);
      }
      return { kind: 'boolean', value: tag.name === 'true', span: span() };
    case 'dict': {
      const entries = isEmpty ? [] : readEntries(cursor, depth + 1);
      if (!isEmpty) expectClose(cursor, 'dict');
      return { kind: 'dict', entries, span: span() };
    }
    case 'array': {
      const items = isEmpty ? [] : readItems(cursor, depth + 1);
      return { kind: 'array', items, span: span() };
    }
    case 'string':
    case 'date': {
      const text = isEmpty ? '' : readText(cursor, tag).text;
      return { kind: tag.name, text, span: span() };
    }
    case 'integer':
    case 'real':
    case 'data':
      return scalar(tag.name, isEmpty ? '' : readText(cursor, tag).text, span());
    default:
      return refuse(
        tag.span.start,
        `\`<${shorten(tag.name)}>\` is no element of a property list here`,
        'use dict, array, string, integer, real, true, false, data or date',
      );
  }
}

function scalar(name: 'integer' | 'real' | 'data', text: string, span: Span): PlistNode {
  const bare = text.trim();
  if (name === 'data') {
    const packed = text.replaceAll(/\s/g, '');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) refuse(span.start, '`<data>` holds no base64', 'correct it');
    return { kind: 'data', bytes: Buffer.from(packed, 'base64'), span };
  }
  if (name === 'integer') {
    if (!/^[+-]?(?:0[xX][0-9A-Fa-f]{1,16}|\d{1,20})$/.test(bare))
      refuse(span.start, `\`${shorten(bare)}\` is no whole number`, 'write digits only');
    const negative = bare.startsWith('-');
    const size = BigInt(bare.replace(/^[+-]/, ''));
    return { kind: 'integer', value: negative ? -size : size, span };
  }
  const value = Number(bare);
  if (bare === '' || Number.isNaN(value)) refuse(span.start, `\`${shorten(bare)}\` is no number`, 'write digits only');
  return { kind: 'real', value, span };
}

/** Keys and values up to a closing tag or the end of the text, which the caller looks at. */
function readEntries(cursor: Cursor, depth: number): PlistEntry[] {
  const entries: PlistEntry[] = [];
  for (;;) {
    skipMisc(cursor);
    if (cursor.text.startsWith('</', cursor.offset) || (depth === 1 && cursor.offset === cursor.text.length))
      return entries;
    const tag = readTag(cursor);
    if (tag.name !== 'key' || tag.form === 'close')
      refuse(tag.span.start, `expected \`<key>\`, found \`<${shorten(tag.name)}>\``, 'put a key before each value');
    const { text: key, span: keySpan } = tag.form === 'empty' ? { text: '', span: tag.span } : readText(cursor, tag);
    skipMisc(cursor);
    if (!cursor.text.startsWith('<', cursor.offset) || cursor.text.startsWith('</', cursor.offset))
      refuse(keySpan.start, `\`${shorten(key)}\` has no value`, 'write a value behind the key');
    const next = readTag(cursor);
    if (next.name === 'key') refuse(keySpan.start, `\`${shorten(key)}\` has no value`, 'write a value behind the key');
    entries.push({ key, keySpan, value: readValue(cursor, next, depth) });
  }
}

function readItems(cursor: Cursor, depth: number): PlistNode[] {
  const items: PlistNode[] = [];
  for (;;) {
    skipMisc(cursor);
    const tag = readTag(cursor);
    if (tag.form === 'close' && tag.name === 'array') return items;
    items.push(readValue(cursor, tag, depth));
  }
}

/** The text up to the closing tag of an element, with the place of that text. */
function readText(cursor: Cursor, tag: Tag): { readonly text: string; readonly span: Span } {
  const start = cursor.offset;
  const pieces: string[] = [];
  for (;;) {
    const next = cursor.text.indexOf('<', cursor.offset);
    if (next < 0) refuse(tag.span.start, `\`<${tag.name}>\` has no end`, `close it with \`</${tag.name}>\``);
    pieces.push(resolved(cursor, next));
    if (cursor.text.startsWith('<![CDATA[', next)) {
      const end = cursor.text.indexOf(']]>', next);
      if (end < 0) refuse(next, 'the CDATA section has no end', 'close it with `]]>`');
      pieces.push(cursor.text.slice(next + 9, end));
      cursor.offset = end + 3;
    } else if (cursor.text.startsWith('<!--', next)) {
      skipMisc(cursor, next);
    } else {
      cursor.offset = next;
      expectClose(cursor, tag.name);
      return { text: pieces.join(''), span: { start, end: next } };
    }
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const entity = /&(?:(lt|gt|amp|quot|apos)|#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7}));/g;
const noEntity = /&(?!(?:lt|gt|amp|quot|apos|#x[0-9A-Fa-f]{1,6}|#[0-9]{1,7});)/;

/** Plain text up to an offset, its entities resolved. */
function resolved(cursor: Cursor, end: number): string {
  const raw = cursor.text.slice(cursor.offset, end);
  if (!raw.includes('&')) return raw;
  const odd = (at: number): never =>
    refuse(cursor.offset + at, 'this `&` starts no known entity', 'write `&amp;` for the character itself');
  const first = raw.search(noEntity);
  if (first >= 0) odd(first);
  return raw.replaceAll(entity, (_, name: string | undefined, hex: string | undefined, decimal: string, at: number) => {
    if (name !== undefined) return entities[name] ?? '';
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const isCharacter = point > 0 && point < 0x11_00_00 && !(point >= 0xd800 && point < 0xe000);
    return isCharacter ? String.fromCodePoint(point) : odd(at);
  });
}

const tagPattern = /<(\/?)([A-Za-z_][\w.:-]{0,40})((?:\s+[\w.:-]{1,40}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;

function readTag(cursor: Cursor): Tag {
  cursor.parts += 1;
  if (cursor.parts > maxParts)
    refuse(cursor.offset, 'the file holds too many elements', 'split the file', 'too-complex');
  const start = cursor.offset;
  tagPattern.lastIndex = start;
  const [whole, slash, name = '', , empty] = tagPattern.exec(cursor.text) ?? [];
  if (whole === undefined) {
    return start >= cursor.text.length
      ? refuse(start, 'the property list ends too early', 'close what is open')
      : refuse(start, 'expected an element', 'write `<…>` here, or remove what stands here');
  }
  cursor.offset = start + whole.length;
  return {
    name,
    form: slash === '/' ? 'close' : empty === '/' ? 'empty' : 'open',
    span: { start, end: cursor.offset },
  };
}

function expectClose(cursor: Cursor, name: string): void {
  const start = cursor.offset;
  const tag = readTag(cursor);
  if (tag.form !== 'close' || tag.name !== name)
    refuse(
      start,
      `expected \`</${name}>\`, found \`<${tag.form === 'close' ? '/' : ''}${shorten(tag.name)}>\``,
      'close what is open',
    );
}

const blank = /[\t\n\r ]*/y;

/** White space, comments, processing instructions, and a DOCTYPE without declarations of its own. */
function skipMisc(cursor: Cursor, from = cursor.offset): void {
  const { text } = cursor;
  let at = from;
  for (;;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    const isComment = text.startsWith('<!--', at);
    const isInstruction = text.startsWith('<?', at);
    const isDoctype = text.startsWith('<!DOCTYPE', at);
    cursor.offset = at;
    if (!isComment && !isInstruction && !isDoctype) return;
    const mark = isComment ? '-->' : isInstruction ? '?>' : '>';
    const end = text.indexOf(mark, at + (isComment ? 4 : 2));
    if (end < 0) refuse(at, `\`${text.slice(at, at + 4)}\` has no end`, `close it with \`${mark}\``);
    if (isDoctype && text.slice(at, end).includes('['))
      refuse(at, 'the DOCTYPE declares entities of its own, which are not read', "write Apple's DOCTYPE, or none");
    at = end + mark.length;
  }
}
