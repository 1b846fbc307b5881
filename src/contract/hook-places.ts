import { type DataTable, isTable, type KeyPath, tablesIn } from '../source/document.ts';
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
  const { hooks } = table;
  const found: Group[] = [];
  for (const event of Object.keys(isTable(hooks) ? hooks : {}))
    for (const [index, group] of tablesIn(hooks, event)) found.push({ event, group, path: ['hooks', event, index] });
  return found;
});

/** The handlers of all these groups. */
export const handlersIn = once((table): readonly Handler[] => {
  const found: Handler[] = [];
  for (const { event, group, path } of groupsIn(table))
    for (const [index, handler] of tablesIn(group, 'hooks'))
      found.push({ event, handler, path: [...path, 'hooks', index] });
  return found;
});
