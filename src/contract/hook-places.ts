import { type Data, type DataTable, emptyTable, isArray, isTable, type KeyPath, tablesIn } from '../source/document.ts';
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
  if (!isTable(hooks)) return found;
  for (const [event, list] of Object.entries(hooks))
    for (const [index, item] of isArray(list) ? list.entries() : []) {
      const group = groupOf(item);
      if (group) found.push({ event, group, path: ['hooks', event, index] });
    }
  return found;
});

/** A list stands for a group: its matcher, then its handlers. */
function groupOf(item: Data): DataTable | undefined {
  if (!isArray(item)) return isTable(item) ? item : undefined;
  const [matcher, hooks] = item;
  const group = emptyTable();
  if (matcher !== undefined) group['matcher'] = matcher;
  if (hooks !== undefined) group['hooks'] = hooks;
  return group;
}

/** The handlers of all these groups. */
export const handlersIn = once((table): readonly Handler[] => {
  const found: Handler[] = [];
  for (const { event, group, path } of groupsIn(table))
    for (const [index, handler] of tablesIn(group, 'hooks'))
      found.push({ event, handler, path: [...path, 'hooks', index] });
  return found;
});
