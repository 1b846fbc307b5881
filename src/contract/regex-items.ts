import { isCharacterSet } from './regex-names.ts';
import { advance, afterSpace, maxNesting, type Piece, type Reader, refuse, skipSpace, taken } from './regex-reader.ts';

/** Measured on 0.147.0: how often a piece may be repeated until the pattern is too large gives its size. */
export const bytes = {
  literal: 32,
  assertion: 26,
  group: 64,
  optional: 72,
  repeated: 40,
  set: 64,
  range: 8,
  wide: 132,
};
export const dotBytes = 1000;
export const letterBytes = 50_000;
export const perlBytes: Readonly<Record<string, number>> = {
  d: 5125,
  D: 12_757,
  s: 680,
  S: 1925,
  w: letterBytes,
  W: letterBytes,
};

/** One escape, or one character for itself. */
type Item =
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'set'; readonly size: number }
  | { readonly kind: 'assertion' };

/** A character, a dot, an anchor or an escape. */
export function single(reader: Reader, mark: string): Piece {
  if (mark === '.') {
    reader.at++;
    return isBytes(reader) ? refuse() : { size: dotBytes, depth: 0 };
  }
  if (mark === '^' || mark === '$') {
    reader.at++;
    return { size: bytes.assertion, depth: 0 };
  }
  const found = item(reader, mark);
  if (found.kind === 'literal') return { size: bytes.literal * utf8Length(found.code), depth: 0 };
  return { size: found.kind === 'set' ? found.size : bytes.assertion, depth: 0 };
}

function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** One character or escape, inside brackets as well as outside. */
function item(reader: Reader, mark: string): Item {
  if (mark === '\\') return escaped(reader);
  reader.at++;
  return { kind: 'literal', code: codeOf(mark) };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Without the flag `u`, which means nothing to the small engine, a pattern must not match bytes that are no text. */
function isBytes({ isLite, flags }: Reader): boolean {
  return !isLite && !flags.unicode;
}

function escaped(reader: Reader): Item {
  reader.at++;
  const mark = reader.text[reader.at];
  if (mark === undefined || /^[0-9]$/.test(mark)) return refuse();
  if (mark === 'x' || mark === 'u' || mark === 'U') return { kind: 'literal', code: hexadecimal(reader, mark) };
  if (mark === 'p' || mark === 'P') return namedSet(reader);
  reader.at++;
  const perl = Object.hasOwn(perlBytes, mark) ? perlBytes[mark] : undefined;
  if (perl !== undefined) {
    if (isBytes(reader) && /[DSW]/.test(mark)) refuse();
    return { kind: 'set', size: reader.isLite || isBytes(reader) ? bytes.set : perl };
  }
  if ('aftnrv'.includes(mark)) return { kind: 'literal', code: controls.indexOf(mark) };
  if (mark === 'b') specialBoundary(reader);
  if ('AzbB<>'.includes(mark)) return { kind: 'assertion' };
  return /^[\0-\x7f]$/.test(mark) && !/[A-Za-z0-9<>]/.test(mark) ? { kind: 'literal', code: codeOf(mark) } : refuse();
}

/** `\a` is character 7, `\t` 9, and so on. */
const controls = '       a tnvfr';

function specialBoundary(reader: Reader): void {
  const start = reader.at;
  if (reader.text[reader.at] !== '{') return;
  if (!advance(reader)) refuse();
  const isPart = (): boolean => /^[A-Za-z-]$/.test(reader.text[reader.at] ?? '');
  if (!isPart()) {
    reader.at = start;
    return;
  }
  let name = '';
  for (; isPart(); advance(reader)) name += reader.text[reader.at];
  if (!taken(reader, '}') || !['start', 'end', 'start-half', 'end-half'].includes(name)) refuse();
}

function hexadecimal(reader: Reader, kind: 'x' | 'u' | 'U'): number {
  let digits = '';
  const take = (): void => {
    const digit = reader.text[reader.at] ?? refuse();
    if (!/^[0-9A-Fa-f]$/.test(digit)) refuse();
    digits += digit;
  };
  if (!advance(reader)) refuse();
  const isByte = kind === 'x' && reader.text[reader.at] !== '{';
  if (reader.text[reader.at] === '{') {
    while (advance(reader) && reader.text[reader.at] !== '}') take();
    if (!taken(reader, '}')) refuse();
  } else {
    for (const length = { x: 2, u: 4, U: 8 }[kind]; digits.length < length; advance(reader)) take();
  }
  const code = digits === '' ? refuse() : Number.parseInt(digits, 16);
  if (isByte && code > 0x7f && isBytes(reader)) refuse();
  return code > 0x10_ffff || (code >= 0xd800 && code <= 0xdfff) ? refuse() : code;
}

function namedSet(reader: Reader): Item {
  if (reader.isLite || !advance(reader)) refuse();
  let name = reader.text[reader.at] ?? refuse();
  if (name === '{') {
    name = '';
    while (advance(reader) && reader.text[reader.at] !== '}') name += reader.text[reader.at];
    if (reader.text[reader.at] !== '}') refuse();
  }
  reader.at++;
  return reader.flags.unicode && isCharacterSet(name) ? { kind: 'set', size: letterBytes } : refuse();
}

export function bracketed(reader: Reader): Piece {
  reader.open++;
  if (reader.open > maxNesting(reader) || !advance(reader)) refuse();
  let size = bytes.set;
  let depth = 0;
  let parts = 0;
  const isNegated = reader.text[reader.at] === '^';
  if (isNegated && (!advance(reader) || isBytes(reader))) refuse();
  for (; reader.text[reader.at] === '-'; parts++) if (!advance(reader)) refuse();
  if (parts === 0 && taken(reader, ']')) parts++;
  skipSpace(reader);
  for (;;) {
    skipSpace(reader);
    const mark = reader.text[reader.at] ?? refuse();
    if (mark === ']') break;
    parts++;
    if (mark === '[') {
      if (namedClass(reader)) size += bytes.range;
      else {
        const inner = reader.isLite ? refuse() : bracketed(reader);
        size += inner.size;
        depth = Math.max(depth, inner.depth);
      }
    } else if ((mark === '&' || mark === '-' || mark === '~') && reader.text[reader.at + 1] === mark) {
      if (reader.isLite) refuse();
      reader.at += 2;
    } else size += rangeOrItem(reader, mark);
  }
  reader.at++;
  reader.open--;
  return { size: isNegated ? Math.max(size, dotBytes) : size, depth: depth + (parts > 1 ? 2 : 1) };
}

/** Returns the size. */
function rangeOrItem(reader: Reader, mark: string): number {
  const first = bracketedItem(reader, mark);
  skipSpace(reader);
  const next = reader.text[reader.at] ?? refuse();
  if (next !== '-' || [']', '-'].includes(afterSpace(reader) ?? '')) {
    if (first.kind === 'assertion') refuse();
    return first.kind === 'set' ? first.size : first.code < 0x80 ? bytes.range : bytes.wide;
  }
  if (!advance(reader)) refuse();
  const last = bracketedItem(reader, reader.text[reader.at] ?? refuse());
  if (first.kind !== 'literal' || last.kind !== 'literal' || first.code > last.code) return refuse();
  return last.code < 0x80 ? bytes.range : bytes.wide;
}

function bracketedItem(reader: Reader, mark: string): Item {
  const found = item(reader, mark);
  return found.kind === 'literal' && found.code > 0x7f && isBytes(reader) ? refuse() : found;
}

/** `[:alpha:]` and its kin; whatever else begins like this is a set in its own brackets. */
function namedClass(reader: Reader): boolean {
  const names = 'alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit';
  const found = new RegExp(`^\\[:(\\^?)(?:${names}):\\]`).exec(reader.text.slice(reader.at, reader.at + 12).join(''));
  if (!found) return false;
  if (found[1] === '^' && isBytes(reader)) refuse();
  reader.at += found[0].length;
  return true;
}
