import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';
import { once } from './once.ts';

/** A group of hooks below an event, or below a name that is none. */
export interface Group {
  readonly event: string;
  readonly group: DataTable;
  readonly path: KeyPath;
}

/** A handler of a group. */
export interface Handler {
  readonly event: string;
  readonly handler: DataTable;
  readonly path: KeyPath;
}

/** The groups of a document below any name under `hooks`. */
export const groupsIn = once((table): readonly Group[] => {
  const hooks = table['hooks'];
  return Object.keys(isTable(hooks) ? hooks : {}).flatMap((event) =>
    tablesIn(table, ['hooks', event]).map(({ inner, path }) => ({ event, group: inner, path })),
  );
});

/** The handlers of all these groups. */
export const handlersIn = once((table): readonly Handler[] =>
  groupsIn(table).flatMap(({ event, path }) =>
    tablesIn(table, [...path, 'hooks']).map(({ inner, path: at }) => ({ event, handler: inner, path: at })),
  ),
);

function tablesIn(table: DataTable, path: KeyPath): { readonly inner: DataTable; readonly path: KeyPath }[] {
  const list: Data | undefined = valueAt(table, path);
  return (isArray(list) ? list : []).flatMap((inner, index) =>
    isTable(inner) ? [{ inner, path: [...path, index] }] : [],
  );
}
