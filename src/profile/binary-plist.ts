import { maxDepth, maxParts } from '../source/limits.ts';
import type { Span } from '../source/source-file.ts';
import type { PlistEntry, PlistNode, PlistResult } from './plist-node.ts';

const nowhere: Span = { start: 0, end: 0 };
const trailerLength = 32;

/** All objects may hold this much text and data together: objects of a hostile file can share the same bytes. */
const maxContentBytes = 16 * 1024 * 1024;

interface Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly refSize: number;
  readonly offsetSize: number;
  readonly count: number;
  readonly table: number;
  /** Finished objects by their number; `undefined` while one is being read, so that a circle is seen. */
  readonly done: Map<number, Sized | undefined>;
  parts: number;
  content: number;
}

/** A node with what it would be written out: objects that many others share make a small file a huge tree. */
interface Sized {
  readonly node: PlistNode;
  readonly weight: number;
  readonly height: number;
}

/** A binary property list (`bplist00`), all its places at the start of the file. Never throws, whatever the bytes. */
export function parseBinaryPlist(bytes: Uint8Array): PlistResult {
  const refuse = (problem: string, kind: 'syntax' | 'too-deep' | 'too-complex' = 'syntax'): PlistResult => ({
    fault: { kind, problem, fix: 'write the file again, with `plutil -convert binary1`', offset: 0 },
  });
  if (bytes.length < 8 + trailerLength + 1) return refuse('the binary property list ends too early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - trailerLength;
  const reader: Reader = {
    bytes,
    view,
    offsetSize: view.getUint8(end + 6),
    refSize: view.getUint8(end + 7),
    count: Number(view.getBigUint64(end + 8)),
    table: Number(view.getBigUint64(end + 24)),
    done: new Map(),
    parts: 0,
    content: 0,
  };
  const top = Number(view.getBigUint64(end + 16));
  const { offsetSize, refSize, count, table } = reader;
  const isPossible = offsetSize >= 1 && offsetSize <= 8 && refSize >= 1 && refSize <= 8 && table >= 8;
  if (!isPossible || top >= count || table + count * offsetSize > end)
    return refuse('the trailer of the binary property list is broken');
  const root = readObject(reader, top, 0);
  return typeof root === 'string' ? refuse(problems[root], kinds[root]) : { root: root.node };
}

/** What stops a reader. A text is never a node, so it travels in its place. */
type Stop = 'broken' | 'circle' | 'deep' | 'big';

const problems: Readonly<Record<Stop, string>> = {
  broken: 'an object of the binary property list is broken',
  circle: 'an object of the binary property list holds itself',
  deep: 'the objects stand too deep in one another',
  big: 'the binary property list holds too many objects',
};
const kinds: Readonly<Record<Stop, 'syntax' | 'too-deep' | 'too-complex'>> = {
  broken: 'syntax',
  circle: 'syntax',
  deep: 'too-deep',
  big: 'too-complex',
};

function readObject(reader: Reader, number: number, depth: number): Sized | Stop {
  if (depth > maxDepth) return 'deep';
  if (reader.done.has(number)) return reader.done.get(number) ?? 'circle';
  if (number >= reader.count) return 'broken';
  const at = integerAt(reader, reader.table + number * reader.offsetSize, reader.offsetSize);
  if (at === undefined || at < 8 || at >= reader.table) return 'broken';
  reader.done.set(number, undefined);
  const object = objectAt(reader, at, depth);
  if (typeof object === 'string') return object;
  const sized = 'node' in object ? object : { node: object, weight: 1, height: 0 };
  if (sized.weight > maxParts) return 'big';
  if (sized.height > maxDepth) return 'deep';
  reader.done.set(number, sized);
  return sized;
}

function objectAt(reader: Reader, at: number, depth: number): Sized | PlistNode | Stop {
  const marker = reader.bytes[at] ?? 0;
  const low = marker & 0x0f;
  switch (marker >> 4) {
    case 0x0:
      return low === 8 || low === 9 ? { kind: 'boolean', value: low === 9, span: nowhere } : 'broken';
    case 0x1:
      return integer(reader, at + 1, 2 ** low);
    case 0x2:
      return real(reader, at + 1, 2 ** low);
    case 0x3:
      // Seconds since 2001; nothing here asks for them.
      return low === 3 ? { kind: 'date', text: '', span: nowhere } : 'broken';
    case 0x4:
    case 0x5:
    case 0x6:
    case 0x7:
      return content(reader, at, marker >> 4);
    case 0x8: {
      // A UID, of keyed archives only.
      const value = integerAt(reader, at + 1, low + 1);
      return value === undefined ? 'broken' : { kind: 'integer', value: BigInt(value), span: nowhere };
    }
    case 0xa:
    case 0xb:
    case 0xc:
      return array(reader, at, depth);
    case 0xd:
      return dict(reader, at, depth);
    default:
      return 'broken';
  }
}

function integer(reader: Reader, at: number, size: number): PlistNode | Stop {
  if (size > 16 || at + size > reader.table) return 'broken';
  let value = 0n;
  for (let i = 0; i < size; i++) value = (value << 8n) | BigInt(reader.bytes[at + i] ?? 0);
  // Only the sizes of 8 and 16 bytes have a sign.
  return { kind: 'integer', value: size < 8 ? value : BigInt.asIntN(size * 8, value), span: nowhere };
}

function real(reader: Reader, at: number, size: number): PlistNode | Stop {
  if ((size !== 4 && size !== 8) || at + size > reader.table) return 'broken';
  return { kind: 'real', value: size === 4 ? reader.view.getFloat32(at) : reader.view.getFloat64(at), span: nowhere };
}

/** Data and the texts: ASCII, UTF-16 (big-endian), UTF-8. */
function content(reader: Reader, at: number, type: number): PlistNode | Stop {
  const sized = sizeAt(reader, at);
  if (!sized) return 'broken';
  const length = sized.count * (type === 0x6 ? 2 : 1);
  if (sized.start + length > reader.table) return 'broken';
  reader.content += length;
  if (reader.content > maxContentBytes) return 'big';
  const slice = reader.bytes.subarray(sized.start, sized.start + length);
  if (type === 0x4) return { kind: 'data', bytes: slice, span: nowhere };
  const encoding = type === 0x6 ? 'utf-16be' : type === 0x7 ? 'utf-8' : 'latin1';
  return { kind: 'string', text: new TextDecoder(encoding).decode(slice), span: nowhere };
}

function array(reader: Reader, at: number, depth: number): Sized | Stop {
  const sized = sizeAt(reader, at);
  if (!sized) return 'broken';
  const items = objects(reader, sized.start, sized.count, depth);
  if (typeof items === 'string') return items;
  return container({ kind: 'array', items: items.map(({ node }) => node), span: nowhere }, items);
}

function container(node: PlistNode, parts: readonly Sized[]): Sized {
  let weight = 1;
  let height = 0;
  for (const part of parts) {
    weight += part.weight;
    height = Math.max(height, part.height + 1);
  }
  return { node, weight, height };
}

function dict(reader: Reader, at: number, depth: number): Sized | Stop {
  const sized = sizeAt(reader, at);
  if (!sized) return 'broken';
  const keys = objects(reader, sized.start, sized.count, depth);
  if (typeof keys === 'string') return keys;
  const values = objects(reader, sized.start + sized.count * reader.refSize, sized.count, depth);
  if (typeof values === 'string') return values;
  const entries: PlistEntry[] = [];
  for (const [index, { node: key }] of keys.entries()) {
    const value = values[index];
    if (key.kind !== 'string' || !value) return 'broken';
    entries.push({ key: key.text, keySpan: nowhere, value: value.node });
  }
  return container({ kind: 'dict', entries, span: nowhere }, values);
}

function objects(reader: Reader, start: number, count: number, depth: number): Sized[] | Stop {
  if (start + count * reader.refSize > reader.table) return 'broken';
  reader.parts += count;
  if (reader.parts > maxParts) return 'big';
  const found: Sized[] = [];
  for (let i = 0; i < count; i++) {
    const number = integerAt(reader, start + i * reader.refSize, reader.refSize);
    const sized = number === undefined ? 'broken' : readObject(reader, number, depth + 1);
    if (typeof sized === 'string') return sized;
    found.push(sized);
  }
  return found;
}

/** How many units an object holds and where they start; from fifteen on an integer object says how many. */
function sizeAt(reader: Reader, at: number): { readonly count: number; readonly start: number } | undefined {
  const low = (reader.bytes[at] ?? 0) & 0x0f;
  if (low < 15) return { count: low, start: at + 1 };
  const marker = reader.bytes[at + 1] ?? 0;
  const size = 2 ** (marker & 0x0f);
  if (marker >> 4 !== 1 || size > 8) return undefined;
  const count = integerAt(reader, at + 2, size);
  return count === undefined ? undefined : { count, start: at + 2 + size };
}

/** An unsigned integer of one to sixteen bytes; undefined outside the file, or where it is too large to be a place. */
function integerAt(reader: Reader, at: number, size: number): number | undefined {
  if (at + size > reader.bytes.length) return undefined;
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (reader.bytes[at + i] ?? 0);
  return Number.isSafeInteger(value) ? value : undefined;
}
