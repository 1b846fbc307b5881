import { type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { once } from '../once.ts';
import { defaultLine } from './profiles.ts';

/** A table of a document, and where it stands. */
export interface Place {
  readonly member: DataTable;
  readonly path: KeyPath;
}

/** An action or a hook of a permission profile's network. */
export interface Hook extends Place {
  readonly profile: string;
  readonly name: string;
}

/** The permission profiles that a document defines. */
export function profileNames({ permissions }: DataTable): string[] {
  return Object.keys(isTable(permissions) ? permissions : {});
}

/** The actions of every profile. */
export const actionsIn = once((table) => membersIn(table, 'actions'));

/** The hooks of every profile. */
export const hooksIn = once((table) => membersIn(table, 'hooks'));

/** The hooks that a session with the default profile has. */
export const defaultHooks = once((table): readonly Hook[] => {
  const line = new Set(defaultLine(table));
  return hooksIn(table).filter(({ profile }) => line.has(profile));
});

/** The actions that these hooks name. */
export const usedActions = once((table): readonly Hook[] => {
  const line = new Set(defaultLine(table));
  const names = new Set(
    defaultHooks(table).flatMap(({ member }) => (isArray(member['action']) ? member['action'].map(String) : [])),
  );
  return actionsIn(table).filter(({ profile, name }) => line.has(profile) && names.has(name));
});

function membersIn(table: DataTable, kind: 'actions' | 'hooks'): readonly Hook[] {
  return profileNames(table).flatMap((profile) => {
    const path = ['permissions', profile, 'network', 'mitm', kind];
    const found = valueAt(table, path);
    return Object.entries(isTable(found) ? found : {}).flatMap(([name, member]) =>
      isTable(member) ? [{ profile, name, member, path: [...path, name] }] : [],
    );
  });
}
