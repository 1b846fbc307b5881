import { type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { isRefusedExpression } from '../regex.ts';

/** Identities with neither a command nor an address. */
export function emptyIdentities(table: DataTable): KeyPath[] {
  return identities(table).filter((path) => !has(table, path, 'command') && !has(table, path, 'url'));
}

/** Addresses beside a command that is a text: the command alone counts. */
export function ignoredAddresses(table: DataTable): KeyPath[] {
  return identities(table).flatMap((path) =>
    isText(table, path, 'command') && has(table, path, 'url') ? [[...path, 'url']] : [],
  );
}

/** Commands that are a table beside an address that is a text: the address alone counts. */
export function ignoredCommands(table: DataTable): KeyPath[] {
  return identities(table).flatMap((path) =>
    !isText(table, path, 'command') && has(table, path, 'command') && isText(table, path, 'url')
      ? [[...path, 'command']]
      : [],
  );
}

/** Identities with more in them than the one table that counts. */
export function crowdedIdentities(table: DataTable): KeyPath[] {
  return identities(table).filter((path) => {
    const hasText = isText(table, path, 'command') || isText(table, path, 'url');
    const identity = valueAt(table, path);
    return !hasText && isTable(identity) && Object.keys(identity).length > 1;
  });
}

/** Matchers without the text that their way of matching needs. */
export function emptyMatchers(table: DataTable): KeyPath[] {
  return matchers(table).filter((path) => {
    const needed = memberFor(valueAt(table, [...path, 'match']));
    return needed !== undefined && !has(table, path, needed);
  });
}

/** Members of a matcher that belong to another way of matching. */
export function foreignMembers(table: DataTable): KeyPath[] {
  return matchers(table).flatMap((path) => {
    const needed = memberFor(valueAt(table, [...path, 'match']));
    const foreign = needed === 'value' ? 'expression' : 'value';
    return needed !== undefined && has(table, path, foreign) ? [[...path, foreign]] : [];
  });
}

/** Expressions that Codex's regular expressions refuse. */
export function refusedExpressions(table: DataTable): KeyPath[] {
  return matchers(table).flatMap((matcher) => {
    const kind = valueAt(table, [...matcher, 0]);
    // A list stands for the table.
    const path = [...matcher, kind === 'regex' ? 1 : 'expression'];
    const expression = valueAt(table, path);
    return typeof expression === 'string' && isRefusedExpression(expression) ? [path] : [];
  });
}

function memberFor(match: unknown): 'expression' | 'value' | undefined {
  return match === 'regex' ? 'expression' : match === 'exact' || match === 'prefix' ? 'value' : undefined;
}

function has(table: DataTable, path: KeyPath, key: string): boolean {
  return valueAt(table, [...path, key]) !== undefined;
}

function isText(table: DataTable, path: KeyPath, key: string): boolean {
  return typeof valueAt(table, [...path, key]) === 'string';
}

function identities(table: DataTable): KeyPath[] {
  const { mcp_servers: servers, plugins } = table;
  const roots: KeyPath[] = [
    ...Object.keys(isTable(servers) ? servers : {}).map((id) => ['mcp_servers', id]),
    ...Object.keys(isTable(plugins) ? plugins : {}).flatMap((plugin) => {
      // A list stands for the table of a plugin, and for that of a server.
      const path = ['plugins', plugin, isArray(valueAt(table, ['plugins', plugin])) ? 0 : 'mcp_servers'];
      const inner = valueAt(table, path);
      return Object.keys(isTable(inner) ? inner : {}).map((id) => [...path, id]);
    }),
  ];
  return roots
    .map((root) => [...root, isArray(valueAt(table, root)) ? 0 : 'identity'])
    .filter((path) => isTable(valueAt(table, path)));
}

/** The places where an identity may hold `match`: a url, and each argument of a command. */
function matchers(table: DataTable): KeyPath[] {
  return identities(table).flatMap((path) => {
    const command = [...path, 'command'];
    const args = [...command, isArray(valueAt(table, command)) ? 1 : 'args'];
    const list = valueAt(table, args);
    return [[...path, 'url'], ...(isArray(list) ? list.map((_, index) => [...args, index]) : [])];
  });
}
