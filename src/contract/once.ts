import type { DataTable } from '../source/document.ts';

/** Many rules look at the same places of a document: they are found once, and kept until the next document comes. */
export function once<T>(find: (table: DataTable) => T): (table: DataTable) => T {
  let last: { readonly table: DataTable; readonly value: T } | undefined;
  return (table) => {
    if (last?.table !== table) last = { table, value: find(table) };
    return last.value;
  };
}
