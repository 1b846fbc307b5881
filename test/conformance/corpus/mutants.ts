import {
  isTomlTable,
  leavesOf,
  type Path,
  readToml,
  retyped,
  type TomlTable,
  type TomlValue,
} from '../../../src/codex/observe-leaves.ts';
import { pick, type Random } from './random.ts';
import { anyValues, formsOf, misspelt } from './slips.ts';

/** A file with one mistake that somebody might make. */
export interface Mutant {
  /** What was done, such as `rename` or `retype to []`. */
  readonly kind: string;
  /** Where, without places in lists. */
  readonly subject: string;
  readonly toml: string;
}

/** A mutation in place: what it did and where, or undefined where it found nothing to do. */
type Mutation = (table: TomlTable, sources: Sources, random: Random) => Pick<Mutant, 'kind' | 'subject'> | undefined;

/** What mutations are made of. */
interface Sources {
  readonly files: readonly TomlTable[];
  /** Texts that stand somewhere in these files, or that Codex knows as values. */
  readonly texts: readonly string[];
}

/** What valid files and the values of the contract give for mutations; files that no reader takes are left out. */
export function sourcesOf(files: readonly string[], values: readonly string[]): Sources {
  const tables = files.map(readToml).filter((table) => table !== undefined);
  const texts = tables.flatMap((table) => leavesOf(table)).flatMap(({ value }) => textsIn(value));
  return { files: tables, texts: [...new Set([...texts, ...values])].sort() };
}

/** One mutant of one file, or of two or three laid over each other; undefined where this draw gives none. */
export function mutantOf(sources: Sources, random: Random): Mutant | undefined {
  const table: TomlTable = {};
  const parts = random() < 0.6 ? 1 : random() < 0.7 ? 2 : 3;
  for (let part = 0; part < parts; part += 1) lay(pick(sources.files, random) ?? {}, table);
  const mutation = pick(mutations, random);
  const done = mutation?.(table, sources, random);
  if (!done) return undefined;
  const text = written(table);
  if (text === undefined) return undefined;
  return { ...done, toml: done.kind === twiceInText ? lineTwice(text, random) : text };
}

const twiceInText = 'duplicate a line';

const mutations: readonly Mutation[] = [
  (table, _, random) => {
    const found = pick(placesIn(table), random);
    if (!found) return undefined;
    remove(found);
    return { kind: 'drop', subject: subjectOf(found.path) };
  },
  (table, _, random) => {
    const found = pick(namedPlaces(table), random);
    if (!found) return undefined;
    remove(found);
    const tables = [table, ...placesIn(table).flatMap(({ value }) => (isTomlTable(value) ? [value] : []))];
    const target = random() < 0.3 ? table : pick(tables, random);
    if (target) target[String(found.key)] = found.value;
    return { kind: 'move', subject: subjectOf(found.path) };
  },
  (table, _, random) => {
    const found = pick(namedPlaces(table), random);
    if (!found || !isTomlTable(found.parent)) return undefined;
    const name = misspelt(String(found.key), random);
    if (name in found.parent) return undefined;
    remove(found);
    found.parent[name] = found.value;
    return { kind: 'rename', subject: subjectOf(found.path) };
  },
  (table, _, random) => {
    const found = pick(placesIn(table), random);
    const [form, value] = (found && pick(random() < 0.3 ? formsOf(found.value) : anyValues, random)) ?? [];
    if (!found || form === undefined || value === undefined) return undefined;
    // The TOML reader of some releases shows a date to Codex as a table: nobody writes one in its place.
    if (form === 'a date' && isTomlTable(found.value)) return undefined;
    Reflect.set(found.parent, found.key, value);
    return { kind: `retype to ${form}`, subject: subjectOf(found.path) };
  },
  (table, { texts }, random) => {
    const found = pick(
      placesIn(table).filter(({ value }) => typeof value === 'string'),
      random,
    );
    const text = random() < 0.3 ? misspelt(String(found?.value), random) : pick(texts, random);
    if (!found || text === undefined) return undefined;
    Reflect.set(found.parent, found.key, text);
    return { kind: 'swap the value', subject: subjectOf(found.path) };
  },
  (table, { texts }, random) => {
    const lists = placesIn(table).filter(({ value }) => Array.isArray(value));
    const found = pick(lists, random);
    if (!found || !Array.isArray(found.value)) return undefined;
    const isAgain = random() < 0.5;
    const item = isAgain ? pick(found.value, random) : pick(texts, random);
    if (item === undefined) return undefined;
    found.value.push(copied(item));
    return { kind: isAgain ? 'duplicate an item' : 'add an item', subject: subjectOf(found.path) };
  },
  (table, _, random) => {
    const found = pick(namedPlaces(table), random);
    if (!found || !isTomlTable(found.parent)) return undefined;
    const name = misspelt(String(found.key), random);
    found.parent[name] = copied(found.value);
    return { kind: 'duplicate under another name', subject: subjectOf(found.path) };
  },
  (table) => (Object.keys(table).length > 0 ? { kind: twiceInText, subject: '' } : undefined),
  (table, _, random) => {
    const found = pick(placesIn(table), random);
    if (!found) return undefined;
    const isSameName = random() < 0.5 && typeof found.key === 'string';
    Reflect.set(found.parent, found.key, { [isSameName ? String(found.key) : 'example']: found.value });
    return { kind: isSameName ? 'nest in itself' : 'nest deeper', subject: subjectOf(found.path) };
  },
  // A part of another file at its own place, in place of what stands there: what does one thing mean to another?
  (table, { files }, random) => {
    const found = pick(placesIn(pick(files, random) ?? {}), random);
    if (!found || found.path.some((key) => typeof key === 'number')) return undefined;
    const part = found.path.reduceRight<TomlValue>((value, key) => ({ [key]: value }), copied(found.value));
    if (isTomlTable(part)) lay(part, table);
    return { kind: 'combine', subject: subjectOf(found.path) };
  },
];

interface Place {
  readonly parent: TomlTable | TomlValue[];
  readonly key: string | number;
  readonly value: TomlValue;
  readonly path: Path;
}

/** Every member of a document, but no item of a list. */
function namedPlaces(table: TomlTable): Place[] {
  return placesIn(table).filter(({ key }) => typeof key === 'string');
}

/** Every member and item of a document. */
function placesIn(parent: TomlTable | TomlValue[], path: Path = []): Place[] {
  const parts: (readonly [string | number, TomlValue])[] = Array.isArray(parent)
    ? [...parent.entries()]
    : Object.entries(parent);
  return parts.flatMap(([key, value]) => {
    const place = { parent, key, value, path: [...path, key] };
    return isTomlTable(value) || Array.isArray(value) ? [place, ...placesIn(value, place.path)] : [place];
  });
}

function remove({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

/** Lays the members of a document over another one. */
function lay(from: TomlTable, onto: TomlTable): void {
  for (const [key, value] of Object.entries(from)) {
    const old = onto[key];
    if (isTomlTable(value) && isTomlTable(old)) lay(value, old);
    else onto[key] = copied(value);
  }
}

function copied(value: TomlValue): TomlValue {
  if (Array.isArray(value)) return value.map(copied);
  return isTomlTable(value)
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copied(part)]))
    : value;
}

/** A key or the head of a table stands twice: at once, or at the end of the file. */
function lineTwice(text: string, random: Random): string {
  const lines = text.split('\n');
  const said = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index]));
  const at = pick(said, random) ?? 0;
  lines.splice(random() < 0.5 ? at + 1 : lines.length, 0, lines[at] ?? '');
  return `${lines.join('\n')}\n`;
}

function written(table: TomlTable): string | undefined {
  try {
    return retyped(table, []);
  } catch {
    // The writer refuses what TOML cannot say.
    return undefined;
  }
}

function textsIn(value: TomlValue): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap(textsIn) : [];
}

function subjectOf(path: Path): string {
  return path
    .map((key) => (typeof key === 'number' ? '[]' : `.${key}`))
    .join('')
    .replace(/^\./, '');
}
