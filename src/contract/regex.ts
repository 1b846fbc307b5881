import { bracketed, bytes, single } from './regex-items.ts';
import {
  advance,
  type Flags,
  isSpace,
  maxNesting,
  type Piece,
  type Reader,
  Refused,
  refuse,
  skipSpace,
  startsWith,
  taken,
} from './regex-reader.ts';

/** Whether Codex refuses a pattern as a regular expression (Rust's `regex`): so the matchers of hooks are read. */
export function isRefusedRegex(pattern: string): boolean {
  return isRefused(pattern, false);
}

/**
 * Whether Codex refuses the expression of an MCP identity. It is read by Rust's smaller `regex-lite`, by itself and
 * between `\A(?:` and `)\z`, where a comment at its end would swallow the bracket.
 */
export function isRefusedExpression(expression: string): boolean {
  return isRefused(expression, true) || isRefused(`\\A(?:${expression})\\z`, true);
}

/** Measured: both engines refuse what compiles to more. */
const maxCompiledBytes = 10_485_760;

function isRefused(pattern: string, isLite: boolean): boolean {
  const reader: Reader = {
    text: [...pattern],
    at: 0,
    flags: { space: false, unicode: !isLite },
    open: 0,
    names: new Set(),
    isLite,
  };
  try {
    const { size, depth } = alternation(reader);
    return reader.at < reader.text.length || size > maxCompiledBytes || depth > maxNesting(reader);
  } catch (error) {
    if (error instanceof Refused) return true;
    throw error;
  }
}

/** Up to a closing bracket or the end. */
function alternation(reader: Reader): Piece {
  const branches: Piece[] = [];
  let pieces: Piece[] = [];
  for (;;) {
    skipSpace(reader);
    const mark = reader.text[reader.at];
    if (mark === undefined || mark === ')') break;
    if (mark === '(') {
      const piece = group(reader);
      if (!(piece.isFlags && reader.isLite)) pieces.push(piece);
    } else if (mark === '|') {
      branches.push(joined(pieces));
      pieces = [];
      reader.at++;
    } else if (mark === '[') pieces.push(bracketed(reader));
    else if (mark === '*' || mark === '+' || mark === '?') {
      const { size, depth } = repeatable(pieces);
      reader.at++;
      if (reader.text[reader.at] === '?') reader.at++;
      pieces.push({ size: size + (mark === '?' ? bytes.optional : bytes.repeated), depth: depth + 1 });
    } else if (mark === '{') pieces.push(counted(reader, repeatable(pieces)));
    else pieces.push(single(reader, mark));
  }
  branches.push(joined(pieces));
  return joined(branches);
}

/** Pieces one after the other, or one instead of the other. */
function joined(pieces: readonly Piece[]): Piece {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  if (only) return only;
  let size = 0;
  let depth = 0;
  for (const piece of pieces) {
    size += piece.size;
    depth = Math.max(depth, piece.depth);
  }
  return { size, depth: pieces.length === 0 ? 0 : depth + 1 };
}

/** Takes what stands before a quantifier. */
function repeatable(pieces: Piece[]): Piece {
  const piece = pieces.pop();
  return piece === undefined || piece.isFlags ? refuse() : piece;
}

function group(reader: Reader): Piece {
  reader.open++;
  if (reader.open > maxNesting(reader)) refuse();
  reader.at++;
  skipSpace(reader);
  if (['?=', '?!', '?<=', '?<!'].some((mark) => startsWith(reader, mark))) refuse();
  const before = reader.flags;
  if (taken(reader, '?P<') || taken(reader, '?<')) groupName(reader);
  else if (taken(reader, '?')) {
    const start = reader.at;
    reader.flags = readFlags(reader);
    const isEmpty = reader.at === start;
    if (taken(reader, ')')) {
      reader.open--;
      return isEmpty ? refuse() : { size: 0, depth: 0, isFlags: true };
    }
    reader.at++;
  }
  const inner = alternation(reader);
  if (!taken(reader, ')')) refuse();
  reader.flags = before;
  reader.open--;
  return { size: inner.size + bytes.group, depth: inner.depth + 1 };
}

function groupName(reader: Reader): void {
  let name = '';
  for (; reader.text[reader.at] !== '>'; reader.at++) {
    const character = reader.text[reader.at];
    const allowed = name === '' ? /[\p{Alphabetic}_]/u : /[\p{Alphabetic}\p{N}_.[\]]/u;
    if (character === undefined || !allowed.test(character)) refuse();
    name += character;
  }
  reader.at++;
  if (name === '' || reader.names.has(name)) refuse();
  reader.names.add(name);
}

/** Stops at `:` or `)`. */
function readFlags(reader: Reader): Flags {
  const seen = new Set<string>();
  let isOn = true;
  let { space, unicode } = reader.flags;
  for (let last = ''; ; reader.at++) {
    const mark = reader.text[reader.at];
    if (mark === ':' || mark === ')') return last === '-' ? refuse() : { space, unicode };
    if (mark === undefined || seen.has(mark) || !'-imsUuxR'.includes(mark)) refuse();
    if (mark === '-') isOn = false;
    if (mark === 'x') space = isOn;
    if (mark === 'u') unicode = isOn;
    seen.add(mark);
    last = mark;
  }
}

/** `{n}`, `{n,}`, `{n,m}`: all else that begins with a brace is refused. */
function counted(reader: Reader, { size, depth }: Piece): Piece {
  if (!advance(reader)) refuse();
  const least = decimal(reader);
  let most: number | undefined = least;
  if (reader.text[reader.at] === ',') {
    if (!advance(reader)) refuse();
    most = reader.text[reader.at] === '}' ? undefined : decimal(reader);
  }
  if (reader.text[reader.at] !== '}' || (most !== undefined && most < least)) refuse();
  if (advance(reader) && reader.text[reader.at] === '?') reader.at++;
  const rest = most === undefined ? size + bytes.optional : (most - least) * (size + bytes.optional);
  return { size: least * size + rest, depth: depth + 1 };
}

function decimal(reader: Reader): number {
  const skip = (): void => {
    while (isSpace(reader.text[reader.at])) reader.at++;
  };
  let digits = '';
  skip();
  for (; /^[0-9]$/.test(reader.text[reader.at] ?? ''); advance(reader)) digits += reader.text[reader.at];
  skip();
  return digits === '' || BigInt(digits) > 0xffff_ffffn ? refuse() : Number(digits);
}
