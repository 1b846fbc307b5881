import type { DataTable } from '../source/document.ts';

/** Many rules look at the same places of a document: they are found once for each. */
export function once<T>(find: (table: DataTable) => T): (table: DataTable) => T {
  const found = new WeakMap<DataTable, { readonly value: T }>();
  return (table) => {
    let known = found.get(table);
    if (!known) {
      known = { value: find(table) };
      found.set(table, known);
    }
    return known.value;
  };
}
