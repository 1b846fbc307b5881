import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';
import type { Contract, Fact } from './contract.ts';
import { isRefusedRegex } from './regex.ts';

/** The places of a document that break a rule over more than one key or over the form of a text. */
type Rule = (table: DataTable, contract: Contract) => readonly KeyPath[];

/**
 * The rules of Codex that no fact about one key can express, by the subject of the fact (kind `rule`) that says what
 * each range of releases does with a file that breaks it.
 */
export const rules: Readonly<Record<string, Rule>> = {
  'rule:features-twice': (table) => both(table, [], 'features', ['feature_requirements']),
  'rule:command-windows-twice': (table) =>
    handlers(table).flatMap(({ path }) => both(table, path, 'command_windows', ['commandWindows'])),
  'rule:matcher-refused': (table) =>
    groups(table).flatMap(({ group, path }) => {
      const matcher = group['matcher'];
      return typeof matcher === 'string' && matcher !== '*' && isRefusedRegex(matcher) ? [[...path, 'matcher']] : [];
    }),
  'rule:timeout-cut': (table, contract) =>
    handlers(table).flatMap(({ handler, path }) => {
      const { timeout } = handler;
      const longest = eventAt(path, contract)?.maximumTimeout;
      return longest !== undefined && typeof timeout === 'bigint' && timeout > BigInt(longest)
        ? [[...path, 'timeout']]
        : [];
    }),
  'rule:field-dropped': (table, contract) =>
    handlers(table).flatMap(({ handler, path }) =>
      (eventAt(path, contract)?.drops ?? [])
        .filter((field) => handler[field] !== undefined && handler[field] !== false)
        .map((field) => [...path, field]),
    ),
  'rule:handler-refused': (table, contract) =>
    handlers(table).flatMap(({ handler, path }) =>
      eventAt(path, contract)?.refuses?.some((type) => type === handler['type']) ? [[...path, 'type']] : [],
    ),
  'rule:token-and-any-of': (table) =>
    items(table, ['rules', 'prefix_rules']).flatMap((rule) =>
      items(table, [...rule, 'pattern']).flatMap((place) => both(table, place, 'any_of', ['token'])),
    ),
  'rule:justification-blank': (table) =>
    items(table, ['rules', 'prefix_rules']).flatMap((rule) => {
      const text = valueAt(table, [...rule, 'justification']);
      return typeof text === 'string' && text !== '' && text.trim() === '' ? [[...rule, 'justification']] : [];
    }),
  'rule:network-twice': (table) => networks.filter((path) => valueAt(table, path) !== undefined).slice(1),
  'rule:network-domains-twice': (table) =>
    networks.flatMap((path) => both(table, path, 'domains', ['allowed_domains', 'denied_domains'])),
  'rule:network-sockets-twice': (table) =>
    networks.flatMap((path) => both(table, path, 'unix_sockets', ['allow_unix_sockets'])),
  'rule:network-all-domains': (table) =>
    networks.map((path) => [...path, 'domains', '*']).filter((path) => valueAt(table, path) !== undefined),
  'rule:default-permissions-not-allowed': (table) => {
    const { default_permissions: chosen, allowed_permission_profiles: allowed } = table;
    if (typeof chosen !== 'string') return [];
    return isTable(allowed) && allowed[chosen] === true ? [] : [['default_permissions']];
  },
  'rule:permission-profile-undefined': (table) => {
    const { allowed_permission_profiles: allowed, permissions } = table;
    const defined = [...builtInProfiles, ...(isTable(permissions) ? Object.keys(permissions) : [])];
    return (isTable(allowed) ? Object.keys(allowed) : [])
      .filter((name) => !defined.includes(name))
      .map((name) => ['allowed_permission_profiles', name]);
  },
  'rule:default-permissions-missing': (table) => {
    const { default_permissions: chosen, allowed_permission_profiles: allowed } = table;
    if (chosen !== undefined || !isTable(allowed)) return [];
    return allowed[':workspace'] === true && allowed[':read-only'] === true ? [] : [['allowed_permission_profiles']];
  },
  'rule:profiles-without-default': (table) => {
    const { permissions, default_permissions: chosen } = table;
    const profiles = isTable(permissions)
      ? Object.keys(permissions).filter((name) => name !== 'filesystem' && name !== 'network')
      : [];
    return chosen === undefined ? profiles.map((name) => ['permissions', name]) : [];
  },
  'rule:application-domain-form': (table) => {
    const domains = valueAt(table, ['application', 'network', 'domains']);
    return (isTable(domains) ? Object.keys(domains) : [])
      .filter((name) => !/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?$/.test(name))
      .map((name) => ['application', 'network', 'domains', name]);
  },
  'rule:config-server-https': (table) => {
    const url = valueAt(table, ['config_server', 'base_url']);
    return typeof url === 'string' && !/^https:\/\//i.test(url) ? [['config_server', 'base_url']] : [];
  },
  'rule:match-without-value': (table) =>
    matchers(table).flatMap((path) => {
      const match = valueAt(table, [...path, 'match']);
      const needs = match === 'regex' ? 'expression' : match === 'exact' || match === 'prefix' ? 'value' : undefined;
      return needs !== undefined && valueAt(table, [...path, needs]) === undefined ? [path] : [];
    }),
  'rule:match-expression-refused': (table) =>
    matchers(table).flatMap((path) => {
      const expression = valueAt(table, [...path, 'expression']);
      return typeof expression === 'string' && isRefusedRegex(expression) ? [[...path, 'expression']] : [];
    }),
};

/** The spellings of the network's rules; they have the same members. */
const networks: readonly KeyPath[] = [['experimental_network'], ['network_proxy'], ['permissions', 'network']];

const builtInProfiles = [':read-only', ':workspace', ':danger-full-access'];

/** The place of the first key where a table has one of the others as well. */
function both(table: DataTable, path: KeyPath, key: string, others: readonly string[]): KeyPath[] {
  const has = (name: string): boolean => valueAt(table, [...path, name]) !== undefined;
  return has(key) && others.some(has) ? [[...path, key]] : [];
}

/** The paths of the elements of an array. */
function items(table: DataTable, path: KeyPath): KeyPath[] {
  const list = valueAt(table, path);
  return isArray(list) ? list.map((_, index) => [...path, index]) : [];
}

function groups(table: DataTable): { readonly group: DataTable; readonly path: KeyPath }[] {
  const hooks = table['hooks'];
  return Object.keys(isTable(hooks) ? hooks : {}).flatMap((event) =>
    items(table, ['hooks', event]).flatMap((path) => tableAt(table, path, (group) => ({ group, path }))),
  );
}

function handlers(table: DataTable): { readonly handler: DataTable; readonly path: KeyPath }[] {
  return groups(table).flatMap(({ path }) =>
    items(table, [...path, 'hooks']).flatMap((inner) => tableAt(table, inner, (handler) => ({ handler, path: inner }))),
  );
}

function tableAt<T>(table: DataTable, path: KeyPath, use: (found: DataTable) => T): T[] {
  const found: Data | undefined = valueAt(table, path);
  return isTable(found) ? [use(found)] : [];
}

/** The event whose handler stands at a path. */
function eventAt(path: KeyPath, contract: Contract): Fact | undefined {
  return contract.events.get(String(path[1]));
}

/** The places where an MCP identity may hold `match`: a url, and each argument of a command. */
function matchers(table: DataTable): KeyPath[] {
  const { mcp_servers: servers, plugins } = table;
  const roots: KeyPath[] = [
    ...Object.keys(isTable(servers) ? servers : {}).map((id) => ['mcp_servers', id]),
    ...Object.keys(isTable(plugins) ? plugins : {}).flatMap((plugin) => {
      const inner = valueAt(table, ['plugins', plugin, 'mcp_servers']);
      return Object.keys(isTable(inner) ? inner : {}).map((id) => ['plugins', plugin, 'mcp_servers', id]);
    }),
  ];
  return roots.flatMap((root) => [
    [...root, 'identity', 'url'],
    ...items(table, [...root, 'identity', 'command', 'args']),
  ]);
}
