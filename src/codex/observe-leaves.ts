// biome-ignore lint/style/noRestrictedImports: the judge of our reading must not read by our parser
import { parse, stringify, TomlDate, type TomlTable, type TomlValue } from 'smol-toml';

export type { TomlTable, TomlValue };

/** A key path of requirements.toml; a number is a place in a list. */
export type Path = readonly (string | number)[];

/** A value of a file that has no parts of its own: a text, a number, a list without tables, an empty table. */
export interface Leaf {
  readonly path: Path;
  readonly value: TomlValue;
}

/** The data of a TOML text, read by a parser that is not ours; undefined when it refuses. */
export function readToml(text: string): TomlTable | undefined {
  try {
    return parse(text, { integersAsBigInt: true });
  } catch {
    return undefined;
  }
}

export function isTomlTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TomlDate);
}

/** Everything that a document says, part by part, in the order of the file. */
export function leavesOf(value: TomlValue, path: Path = []): Leaf[] {
  const parts: (readonly [string | number, TomlValue])[] = isTomlTable(value)
    ? Object.entries(value)
    : Array.isArray(value) && hasParts(value)
      ? [...value.entries()]
      : [];
  return parts.length === 0 && path.length > 0
    ? [{ path, value }]
    : parts.flatMap(([key, part]) => leavesOf(part, [...path, key]));
}

/** Whether a list has tables in it, or lists: it may stand in the place of a table. */
function hasParts(list: readonly TomlValue[]): boolean {
  return list.some((item) => Array.isArray(item) || isTomlTable(item));
}

/** The document with values of a wrong type at these places: whoever reads them refuses it. */
export function retyped(table: TomlTable, places: readonly Path[]): string {
  const copy = structuredCopy(table);
  for (const path of places) mistype(copy, path);
  return stringify(copy);
}

/** The document without what stands at these places. */
export function without(table: TomlTable, places: readonly Path[]): TomlTable {
  const copy = structuredCopy(table);
  for (const path of places) {
    const last = path.at(-1);
    const parent = path.slice(0, -1).reduce<unknown>((at, key) => (isTomlTable(at) ? at[key] : undefined), copy);
    if (isTomlTable(parent) && last !== undefined) delete parent[last];
  }
  return copy;
}

/** The document with another value at a place. */
export function replaced(table: TomlTable, path: Path, value: TomlValue): TomlTable {
  const copy = structuredCopy(table);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (Object(at) === at ? Reflect.get(Object(at), key) : at), copy);
  const last = path.at(-1);
  if (Object(parent) === parent && last !== undefined) Reflect.set(Object(parent), last, value);
  return copy;
}

/** Whether a value is a date or a time. */
export function isTomlDate(value: TomlValue): boolean {
  return value instanceof TomlDate;
}

/** What no reader of the value takes for it. */
function wrongType(value: TomlValue): TomlValue {
  return typeof value === 'string' ? true : typeof value === 'object' ? 5n : 'wrong type';
}

function mistype(value: TomlValue, [key, ...rest]: Path): void {
  if (key === undefined || !(isTomlTable(value) || Array.isArray(value))) return;
  const old: TomlValue | undefined = Reflect.get(value, key);
  if (old === undefined) return;
  if (rest.length > 0) mistype(old, rest);
  else Reflect.set(value, key, wrongType(old));
}

function structuredCopy(table: TomlTable): TomlTable {
  const copied = (value: TomlValue): TomlValue => {
    if (Array.isArray(value)) return value.map(copied);
    return isTomlTable(value) ? copyOf(value) : value;
  };
  const copyOf = (source: TomlTable): TomlTable =>
    Object.fromEntries(Object.entries(source).map(([key, part]) => [key, copied(part)]));
  return copyOf(table);
}
