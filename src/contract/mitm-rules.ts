import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';
import { defaultLine } from './profile-rules.ts';

// What a permission profile's network does to requests on their way: actions, and hooks that say which requests.

/** Actions that do nothing. */
export function emptyActions(table: DataTable): KeyPath[] {
  return profiles(table).flatMap((profile) =>
    members(table, profile, 'actions').flatMap(({ member, path }) => {
      const does = Object.values(member).some((value) => !isArray(value) || value.length > 0);
      return does ? [] : [path];
    }),
  );
}

/** Hooks of the default profile that Codex refuses, place by place. */
export function refusedHooks(table: DataTable): KeyPath[] {
  return defaultLine(table).flatMap((profile) =>
    members(table, profile, 'hooks').flatMap(({ member, path }) => [
      ...['methods', 'path_prefixes'].filter((key) => isEmpty(member[key])).map((key) => [...path, key]),
      ...(member['host'] === '' ? [[...path, 'host']] : []),
      ...(member['body'] === undefined ? [] : [[...path, 'body']]),
    ]),
  );
}

/** Members of the second version where that is not named. */
export function unversionedMembers(table: DataTable): KeyPath[] {
  const unversioned = profiles(table).filter((profile) => valueAt(table, [...mitmOf(profile), 'version']) !== 2n);
  return unversioned.flatMap((profile) => [
    ...members(table, profile, 'hooks').flatMap(({ member, path }) =>
      ['schemes', 'ports'].filter((key) => member[key] !== undefined).map((key) => [...path, key]),
    ),
    ...members(table, profile, 'actions').flatMap(({ path }) => {
      const place = [...path, 'inject_request_headers'];
      const headers = valueAt(table, place);
      return (isArray(headers) ? headers : []).flatMap((header, index) =>
        valueAt(header, ['placeholder']) === undefined ? [] : [[...place, index, 'placeholder']],
      );
    }),
  ]);
}

function profiles(table: DataTable): string[] {
  const { permissions } = table;
  return Object.keys(isTable(permissions) ? permissions : {});
}

function mitmOf(profile: string): KeyPath {
  return ['permissions', profile, 'network', 'mitm'];
}

function members(
  table: DataTable,
  profile: string,
  kind: 'actions' | 'hooks',
): { readonly member: DataTable; readonly path: KeyPath }[] {
  const path = [...mitmOf(profile), kind];
  const found = valueAt(table, path);
  return Object.entries(isTable(found) ? found : {}).flatMap(([name, member]) =>
    isTable(member) ? [{ member, path: [...path, name] }] : [],
  );
}

function isEmpty(value: Data | undefined): boolean {
  return isArray(value) && value.length === 0;
}
