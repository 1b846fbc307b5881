import { parse, TomlDate } from 'smol-toml';
import { type Data, type DataTable, emptyTable, isTable } from './document.ts';
import { maxDepth } from './limits.ts';
import { isInt64 } from './number.ts';
import { someAt } from './some-at.ts';

/**
 * Whether a text can hold what only TOML 1.1 has: escapes, times without seconds, a last comma, an inline table over
 * several lines. What has none of them is not read twice.
 */
export function mayBeNewer(text: string): boolean {
  return (
    (someAt(text, '\\', (at) => 'ex'.includes(text.charAt(at + 1))) && /(?<!\\)(?:\\\\)*\\[ex]/.test(text)) ||
    someAt(text, ':', (at) => /^\d\d:\d\d(?!:)/.test(text.slice(Math.max(0, at - 2), at + 4))) ||
    someAt(text, '}', (at) => endsInComma(text, at)) ||
    someAt(text, '#', (at) => endsInComma(text, at)) ||
    hasOpenLine(text)
  );
}

/** Whether a comma stands before a place, with nothing but blanks between. */
function endsInComma(text: string, place: number): boolean {
  let at = place - 1;
  while (isVoid(text.charCodeAt(at))) at--;
  return text.charAt(at) === ',';
}

/** Blanks and line ends of TOML. */
function isVoid(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Whether an inline table opens on one line and closes on another. */
function hasOpenLine(text: string): boolean {
  for (let at = text.indexOf('{'); at >= 0; ) {
    const found = text.indexOf('\n', at);
    const end = found < 0 ? text.length : found;
    let open = 0;
    for (let place = at; place < end; place++) {
      const character = text.charCodeAt(place);
      if (character === openBrace) open++;
      else if (character === closeBrace) open--;
    }
    if (open !== 0) return true;
    at = text.indexOf('{', end);
  }
  return false;
}

const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * The data of a TOML 1.1 text without any places, six times as fast as `parseToml`; undefined where the text is wrong
 * or rare enough that only `parseToml` shall judge it. What it does return is what `parseToml` returns.
 */
export function plainToml(text: string): DataTable | undefined {
  // A byte order mark is no part of a decoded text, and line ends inside multi-line strings are read otherwise here.
  if (text.startsWith('\uFEFF') || (text.includes('\r') && /"""|'''/.test(text))) return undefined;
  if (mayBeNewer(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = parse(text, { integersAsBigInt: true, maxDepth });
  } catch {
    return undefined;
  }
  const table = owned(parsed, 0);
  return isTable(table) ? table : undefined;
}

/**
 * The library's data in tables of ours; undefined where there is anything but tables, lists, texts, booleans and
 * numbers that Codex can hold, or where they lie too deep.
 */
function owned(value: unknown, depth: number): Data | undefined {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return isInt64(value) ? value : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || depth >= maxDepth || value instanceof TomlDate) return undefined;
  if (Array.isArray(value)) {
    // Its lists are as ours, once the tables in them are.
    for (let at = 0; at < value.length; at++) {
      const item = owned(value[at], depth + 1);
      if (item === undefined) return undefined;
      value[at] = item;
    }
    return value;
  }
  const table = emptyTable();
  // Not the entries: of the library's tables these take four times as long.
  for (const key of Object.keys(value)) {
    const member = owned(value[key as keyof typeof value], depth + 1);
    if (member === undefined) return undefined;
    table[key] = member;
  }
  return table;
}
