import { type Data, type DataTable, emptyTable, isArray, isTable, type KeyPath } from '../source/document.ts';

/** What a repair means for the data, told in the paths of the data as it was. */
export type Change =
  | { readonly kind: 'rename'; readonly path: KeyPath; readonly name: string }
  | { readonly kind: 'value'; readonly path: KeyPath; readonly value: Data }
  | { readonly kind: 'remove'; readonly path: KeyPath }
  /** Out of `table` to the root. */
  | { readonly kind: 'move'; readonly table: KeyPath; readonly names: readonly string[] };

/** The data after all changes: the judge of what the edits of a text have made of it. */
export function changed(data: DataTable, changes: readonly Change[]): DataTable {
  const byPath = new Map<string, Change>();
  const moved: { names: readonly string[]; value: Data }[] = [];
  // Tables that only the dots of a moved key made: they go with the last of their members.
  const dotted = new Set<string>();
  for (const change of changes) {
    const path = change.kind === 'move' ? [...change.table, ...change.names] : change.path;
    byPath.set(JSON.stringify(path), change);
    if (change.kind === 'move')
      for (let at = 1; at < change.names.length; at++)
        dotted.add(JSON.stringify([...change.table, ...change.names.slice(0, at)]));
  }
  const rebuild = (value: Data, path: KeyPath): Data | undefined => {
    if (isArray(value)) return value.map((item, index) => at(item, [...path, index]) ?? '');
    if (!isTable(value)) return value;
    const result = emptyTable();
    for (const [key, member] of Object.entries(value)) {
      const inner = [...path, key];
      const change = byPath.get(JSON.stringify(inner));
      const fresh = at(member, inner);
      if (fresh !== undefined) result[change?.kind === 'rename' ? change.name : key] = fresh;
    }
    return Object.keys(result).length === 0 && dotted.has(JSON.stringify(path)) ? undefined : result;
  };
  const at = (value: Data, path: KeyPath): Data | undefined => {
    const change = byPath.get(JSON.stringify(path));
    if (change?.kind === 'remove') return undefined;
    if (change?.kind === 'value') return change.value;
    if (change?.kind !== 'move') return rebuild(value, path);
    moved.push({ names: change.names, value });
    return undefined;
  };
  const result = emptyTable();
  Object.assign(result, rebuild(data, []) ?? {});
  for (const { names, value } of moved) place(result, names, value);
  return result;
}

function place(root: Record<string, Data>, names: readonly string[], value: Data): void {
  let table = root;
  for (const name of names.slice(0, -1)) {
    const existing = table[name];
    const next = emptyTable();
    if (isTable(existing)) Object.assign(next, existing);
    table[name] = next;
    table = next;
  }
  table[names.at(-1) ?? ''] = value;
}

/** Whether two values are the same data; the order of keys does not count. */
export function isSame(a: Data, b: Data): boolean {
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, at) => isSame(item, b[at] ?? ''));
  if (isTable(a)) {
    if (!isTable(b)) return false;
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] ?? '', b[key] ?? ''))
    );
  }
  if (typeof a === 'object') return typeof b === 'object' && !isArray(b) && !isTable(b) && a.dateTime === b.dateTime;
  return Object.is(a, b);
}
