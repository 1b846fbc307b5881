import {
  type Data,
  type DataTable,
  emptyTable,
  isArray,
  isTable,
  type KeyPath,
  valueAt,
} from '../../source/document.ts';
import { normalizedHost } from './domain-forms.ts';
import type { RuleFamily } from './family.ts';
import { isRefusedGlob } from './file-glob.ts';
import { isToken } from './http-forms.ts';
import {
  actionsIn,
  defaultHooks,
  type Hook,
  hooksIn,
  joinedActions,
  type Place,
  profileNames,
  usedActions,
} from './mitm-places.ts';
import { doubleSources, refusedSecrets } from './mitm-secrets.ts';

// What a permission profile's network does to requests on their way: actions, and hooks that say which requests. Codex
// reads the forms only of the hooks that the default profile has, and of the actions that they name.

/** The rules about actions and hooks. */
export const mitmRules: RuleFamily = {
  concerns: (table) => actionsIn(table).length > 0 || hooksIn(table).length > 0,
  rules: {
    'rule:mitm-action-empty': (table) =>
      idleActions(table, ({ member }) => secretKinds.every((key) => !(key in member))),
    // Releases that know neither kind of secret see nothing to do.
    'rule:mitm-action-secrets-alone': (table) =>
      idleActions(table, ({ member }) => secretKinds.some((key) => key in member)),
    'rule:mitm-actions-twice': doubleActions,
    'rule:mitm-hook-form': (table) => defaultHooks(table).flatMap(refusedParts),
    'rule:mitm-header-form': refusedHeaders,
    'rule:mitm-placeholder-form': refusedPlaceholders,
    'rule:mitm-secret-form': refusedSecrets,
    'rule:mitm-secret-twice': doubleSecrets,
    'rule:mitm-user-agent': (table) =>
      injected(table).flatMap(({ member, path }) => (named(member, /^user-agent$/i) ? [[...path, 'name']] : [])),
    'rule:mitm-version-missing': unversionedMembers,
  },
};

const secretKinds: readonly string[] = ['aws_sigv4', 'body_secret_substitution'];

/** Actions that neither strip nor inject a header. */
function idleActions(table: DataTable, isMeant: (action: Place) => boolean): KeyPath[] {
  return actionsIn(table).flatMap((action) => {
    const headers = ['strip_request_headers', 'inject_request_headers'].map((key) => action.member[key]);
    const isIdle = headers.every((list) => list === undefined || isEmpty(list));
    return isIdle && isMeant(action) ? [action.path] : [];
  });
}

/** What Codex refuses of a hook: it must name a host, methods and paths, and `body` is reserved. */
function refusedParts({ member, path }: Hook): KeyPath[] {
  const { host, methods, path_prefixes: prefixes, query, headers, schemes, ports } = member;
  const isAnyHost = typeof host === 'string' && /^$|\*/.test(normalizedHost(host));
  return [
    ...(isAnyHost ? [[...path, 'host']] : []),
    ...itemsThat(methods, [...path, 'methods'], (text) => text.trim() === ''),
    ...itemsThat(prefixes, [...path, 'path_prefixes'], (text) => isRefusedMatcher(text) || isEmptyPrefix(text)),
    ...['methods', 'path_prefixes'].filter((key) => isEmpty(member[key])).map((key) => [...path, key]),
    ...refusedConstraints(query, [...path, 'query'], (name, values) => name === '' || isEmpty(values)),
    ...refusedConstraints(headers, [...path, 'headers'], (name) => !isToken(name)),
    ...itemsThat(schemes, [...path, 'schemes'], (text) => !/^https?$/i.test(text)),
    ...(isArray(ports) ? ports : []).flatMap((port, at) => (port === 0n ? [[...path, 'ports', at]] : [])),
    ...(member['body'] === undefined ? [] : [[...path, 'body']]),
  ];
}

/** A text that begins with `pattern:` is a pattern; all others stand for themselves, with or without `literal:`. */
function isRefusedMatcher(text: string): boolean {
  const [, pattern] = /^pattern:(.*)$/s.exec(text) ?? [];
  return pattern !== undefined && (pattern === '' || isRefusedGlob(pattern, true));
}

function isEmptyPrefix(text: string): boolean {
  return text === '' || text === 'literal:';
}

function refusedConstraints(
  table: Data | undefined,
  path: KeyPath,
  isRefused: (name: string, values: Data) => boolean,
): KeyPath[] {
  return Object.entries(isTable(table) ? table : {}).flatMap(([name, values]): KeyPath[] =>
    isRefused(name, values) ? [[...path, name]] : itemsThat(values, [...path, name], isRefusedMatcher),
  );
}

/** Hooks that name two actions of which a request takes one: those of their own profile, or of the default and its bases. */
function doubleActions(table: DataTable): KeyPath[] {
  const inherited = emptyTable();
  for (const { name, member } of joinedActions(table)) inherited[name] = member;
  const isOwn = (hook: Hook): boolean =>
    namesTwo(hook, valueAt(table, ['permissions', hook.profile, 'network', 'mitm', 'actions']));
  return [
    ...hooksIn(table).filter(isOwn),
    ...defaultHooks(table).filter((hook) => !isOwn(hook) && namesTwo(hook, inherited)),
  ].map(({ path }) => [...path, 'action']);
}

function namesTwo({ member: { action } }: Hook, actions: Data | undefined): boolean {
  const names = isArray(action) ? action : [];
  return secretKinds.some(
    (kind) =>
      names.filter((name) => typeof name === 'string' && valueAt(actions ?? false, [name, kind]) !== undefined).length >
      1,
  );
}

/** Secrets from two places: in one profile, or in what the default inherits. */
function doubleSecrets(table: DataTable): KeyPath[] {
  const own = actionsIn(table).flatMap(doubleSources);
  if (own.length > 0) return own;
  return joinedActions(table).flatMap((action) =>
    doubleSources(action).map((path) => (valueAt(table, path) === undefined ? action.path : path)),
  );
}

/** Headers without a valid name, and headers whose value comes from nowhere, from two places, or from a relative file. */
function refusedHeaders(table: DataTable): KeyPath[] {
  return [
    ...usedActions(table).flatMap(({ member, path }) =>
      itemsThat(member['strip_request_headers'], [...path, 'strip_request_headers'], (name) => !isToken(name)),
    ),
    ...injected(table).flatMap(({ member, path }): KeyPath[] => {
      const { name, secret_env_var: variable, secret_file: file } = member;
      if (typeof name !== 'string') return [path];
      if (!isToken(name)) return [[...path, 'name']];
      if ((variable === undefined) === (file === undefined)) return [path];
      if (typeof variable === 'string' && variable.trim() === '') return [[...path, 'secret_env_var']];
      return typeof file === 'string' && !file.startsWith('/') ? [[...path, 'secret_file']] : [];
    }),
  ];
}

/** Placeholders that no value of a header can hold, and those in headers that only a connection has. */
function refusedPlaceholders(table: DataTable): KeyPath[] {
  const ofConnection = /^(?:host|content-length|transfer-encoding|connection|trailer|upgrade)$/i;
  return injected(table).flatMap(({ member, path }) => {
    const { placeholder } = member;
    if (typeof placeholder !== 'string') return [];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a header cannot hold
    const isRefused = placeholder === '' || /[\0-\x08\x0A-\x1F\x7F]/.test(placeholder);
    return isRefused || named(member, ofConnection) ? [[...path, 'placeholder']] : [];
  });
}

/** The headers that the actions of the default profile set. */
function injected(table: DataTable): Place[] {
  return usedActions(table).flatMap(({ member, path }) => {
    const headers = member['inject_request_headers'];
    return (isArray(headers) ? headers : []).flatMap((header, at) =>
      isTable(header) ? [{ member: header, path: [...path, 'inject_request_headers', at] }] : [],
    );
  });
}

function named(header: DataTable, names: RegExp): boolean {
  const { name } = header;
  return typeof name === 'string' && names.test(name);
}

/** Members of the second version where that is not named. */
function unversionedMembers(table: DataTable): KeyPath[] {
  const unversioned = new Set(
    profileNames(table).filter(
      (profile) => valueAt(table, ['permissions', profile, 'network', 'mitm', 'version']) !== 2n,
    ),
  );
  return [
    ...hooksIn(table)
      .filter(({ profile }) => unversioned.has(profile))
      .flatMap(({ member, path }) =>
        ['schemes', 'ports'].filter((key) => member[key] !== undefined).map((key) => [...path, key]),
      ),
    ...actionsIn(table)
      .filter(({ profile }) => unversioned.has(profile))
      .flatMap(({ member, path }) => {
        const headers = member['inject_request_headers'];
        const placeholders = (isArray(headers) ? headers : []).flatMap((header, at) =>
          valueAt(header, ['placeholder']) === undefined && !(isArray(header) && header.length > 0)
            ? []
            : [['inject_request_headers', at, 'placeholder']],
        );
        const kinds = secretKinds.filter((key) => member[key] !== undefined);
        return [...placeholders, ...kinds.map((key) => [key])].map((inner) => [...path, ...inner]);
      }),
  ];
}

function itemsThat(list: Data | undefined, path: KeyPath, isMeant: (text: string) => boolean): KeyPath[] {
  return (isArray(list) ? list : []).flatMap((text, at) =>
    typeof text === 'string' && isMeant(text) ? [[...path, at]] : [],
  );
}

function isEmpty(value: Data | undefined): boolean {
  return isArray(value) && value.length === 0;
}
