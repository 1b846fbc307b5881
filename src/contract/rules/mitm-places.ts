import {
  type Data,
  type DataTable,
  emptyTable,
  isArray,
  isTable,
  type KeyPath,
  valueAt,
} from '../../source/document.ts';
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

/** The hooks that a session with the default profile has, each part where it stands: a profile overrules its base. */
export const defaultHooks = once((table): readonly Hook[] =>
  inForce(hooksIn(table), table, { schemes: [], ports: [] }),
);

/** The actions that these hooks name. */
export const usedActions = once((table): readonly Hook[] => {
  const names = new Set(
    defaultHooks(table).flatMap(({ member }) => (isArray(member['action']) ? member['action'].map(String) : [])),
  );
  const used = actionsIn(table).filter(({ name }) => names.has(name));
  return inForce(used, table, { strip_request_headers: [], inject_request_headers: [] });
});

/** The actions of a session with the default profile, each joined and at its place nearest to the default. */
export const joinedActions = once((table): readonly Hook[] => {
  const whole = new Map<string, Hook>();
  for (const action of inLine(actionsIn(table), table)) {
    const nearer = whole.get(action.name);
    whole.set(action.name, { ...(nearer ?? action), member: joined(action.member, nearer?.member) });
  }
  return [...whole.values()];
});

/**
 * What the default profile and its bases say, without the parts that a profile nearer to the default overrules: tables
 * are joined, all else is replaced, and so are the lists that a profile does not name (measured on 0.138.0 to 0.169.0).
 */
function inForce(all: readonly Hook[], table: DataTable, unnamed: Readonly<Record<string, Data>>): Hook[] {
  const said = new Map<string, DataTable>();
  return inLine(all, table).map((one) => {
    const nearer = said.get(one.name);
    said.set(one.name, joined(joined(Object.assign(emptyTable(), unnamed), one.member), nearer));
    return nearer ? { ...one, member: rest(one.member, nearer) } : one;
  });
}

/** Those of the default profile, then those of its bases. */
function inLine(all: readonly Hook[], table: DataTable): Hook[] {
  return defaultLine(table).flatMap((profile) => all.filter((one) => one.profile === profile));
}

/** The parts of a table that another one does not replace. */
function rest(table: DataTable, over: DataTable): DataTable {
  const left = emptyTable();
  for (const [key, value] of Object.entries(table)) {
    const other = over[key];
    if (other === undefined) left[key] = value;
    else if (isTable(value) && isTable(other)) left[key] = rest(value, other);
  }
  return left;
}

/** The members of both; where both have one, those of the second. */
function joined(under: DataTable, over: DataTable | undefined): DataTable {
  const both = Object.assign(emptyTable(), under);
  for (const [key, value] of Object.entries(over ?? {})) {
    const below = both[key];
    both[key] = isTable(value) && isTable(below) ? joined(below, value) : value;
  }
  return both;
}

function membersIn(table: DataTable, kind: 'actions' | 'hooks'): readonly Hook[] {
  return profileNames(table).flatMap((profile) => {
    const path = ['permissions', profile, 'network', 'mitm', kind];
    const found = valueAt(table, path);
    return Object.entries(isTable(found) ? found : {}).flatMap(([name, member]) =>
      isTable(member) ? [{ profile, name, member, path: [...path, name] }] : [],
    );
  });
}
