import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';
import { isBlank } from './blank.ts';
import type { Contract } from './contract.ts';
import {
  disallowedDefault,
  excludedDefault,
  missingDefault,
  profilesWithoutDefault,
  undefinedProfiles,
} from './default-profile-rules.ts';
import { groupsIn, handlersIn } from './hook-places.ts';
import {
  crowdedIdentities,
  emptyIdentities,
  emptyMatchers,
  foreignMembers,
  ignoredAddresses,
  ignoredCommands,
  refusedExpressions,
} from './identity-rules.ts';
import { emptyActions, refusedHooks, unversionedMembers } from './mitm-rules.ts';
import { networks, refusedApplicationDomains, refusedDomains, relativeSockets } from './network-rules.ts';
import { blankJustifications, blankTokens, crowdedPlaces, missingTokens } from './pattern-rules.ts';
import {
  deniedNetworks,
  ownFolders,
  patternsWithAccess,
  projectRoots,
  refusedBases,
  refusedDenials,
  refusedNesting,
  refusedPaths,
  reservedNames,
  rootPatterns,
  unknownSpecialPaths,
  windowsRoots,
} from './profile-rules.ts';
import {
  fixedSettings,
  foreignAws,
  gatewaysWithoutAddress,
  namelessProviders,
  reservedProviders,
  undefinedProviders,
} from './provider-rules.ts';
import { isRefusedRegex } from './regex.ts';
import { loginsWithoutWorkspace, relativeApplicationPaths } from './root-rules.ts';

/** Most matchers are such names, and the reader of regular expressions need not be loaded for them. */
const plainMatcher = /^\^?[A-Za-z0-9_|]*\$?$/;

/** The places of a document that break a rule over more than one key or over the form of a text. */
type Rule = (table: DataTable, contract: Contract) => readonly KeyPath[];

/**
 * The rules of Codex that no fact about one key can express, by the subject of the fact (kind `rule`) that says what
 * each range of releases does with a file that breaks it.
 */
export const rules: Readonly<Record<string, Rule>> = {
  'rule:login-impossible': (table) => loginsWithoutWorkspace(table, true),
  'rule:login-without-workspace': (table) => loginsWithoutWorkspace(table, false),
  'rule:application-path-relative': relativeApplicationPaths,
  'rule:provider-undefined': undefinedProviders,
  'rule:provider-reserved': reservedProviders,
  'rule:provider-name-missing': namelessProviders,
  'rule:provider-built-in-changed': fixedSettings,
  'rule:provider-aws-elsewhere': foreignAws,
  'rule:provider-gateway-without-address': gatewaysWithoutAddress,
  'rule:features-twice': (table) => both(table, [], 'features', ['feature_requirements']),
  'rule:command-windows-twice': (table) =>
    handlersIn(table).flatMap(({ path }) => both(table, path, 'command_windows', ['commandWindows'])),
  // A matcher that is dropped is not read as a regular expression either.
  'rule:matcher-refused': (table, contract) =>
    groupsIn(table).flatMap(({ event, group, path }) => {
      const matcher = group['matcher'];
      const isRead = typeof matcher === 'string' && matcher !== '*' && contract.events.get(event)?.matcher !== false;
      return isRead && !plainMatcher.test(matcher) && isRefusedRegex(matcher) ? [[...path, 'matcher']] : [];
    }),
  // `*` and an empty text match all, as no matcher does.
  'rule:matcher-dropped': (table, contract) =>
    groupsIn(table).flatMap(({ event, group, path }) => {
      const matcher = group['matcher'];
      const isSaid = typeof matcher === 'string' && matcher !== '*' && matcher !== '';
      return isSaid && contract.events.get(event)?.matcher === false ? [[...path, 'matcher']] : [];
    }),
  'rule:timeout-cut': (table, contract) =>
    handlersIn(table).flatMap(({ event, handler, path }) => {
      const { timeout } = handler;
      const longest = contract.events.get(event)?.maximumTimeout;
      return longest !== undefined && typeof timeout === 'bigint' && timeout > BigInt(longest)
        ? [[...path, 'timeout']]
        : [];
    }),
  'rule:field-dropped': (table, contract) =>
    handlersIn(table).flatMap(({ event, handler, path }) =>
      (contract.events.get(event)?.drops ?? [])
        .filter((field) => handler[field] !== undefined && handler[field] !== false)
        .map((field) => [...path, field]),
    ),
  'rule:handler-refused': (table, contract) =>
    handlersIn(table).flatMap(({ event, handler, path }) =>
      contract.events.get(event)?.refuses?.some((type) => type === handler['type']) ? [[...path, 'type']] : [],
    ),
  'rule:command-blank': (table) =>
    handlersIn(table).flatMap(({ handler, path }) => {
      const { type, command } = handler;
      return type === 'command' && isBlank(command) ? [[...path, 'command']] : [];
    }),
  'rule:hooks-switched-off': (table) => switchedOff(table, 'hooks'),
  'rule:codex-hooks-switched-off': (table) => switchedOff(table, 'codex_hooks'),
  'rule:managed-dir-missing': (table) =>
    valueAt(table, ['hooks', 'managed_dir']) === undefined && handlersIn(table).length > 0 ? [['hooks']] : [],
  'rule:managed-dir-relative': (table) => {
    const path = ['hooks', 'managed_dir'];
    const dir = valueAt(table, path);
    return typeof dir === 'string' && !dir.startsWith('/') && handlersIn(table).length > 0 ? [path] : [];
  },
  'rule:tool-blank': (table) =>
    handlersIn(table).flatMap(({ handler, path }) =>
      handler['type'] === 'mcp_tool'
        ? ['server', 'tool'].filter((key) => isBlank(handler[key])).map((key) => [...path, key])
        : [],
    ),
  'rule:tool-input-form': (table) =>
    handlersIn(table).flatMap(({ handler, path }) =>
      handler['type'] === 'mcp_tool' ? withoutJson(handler['input'] ?? '', [...path, 'input']) : [],
    ),
  'rule:token-missing': missingTokens,
  'rule:token-blank': blankTokens,
  'rule:token-and-any-of': crowdedPlaces,
  'rule:justification-blank': blankJustifications,
  'rule:network-twice': (table) => networks.filter((path) => valueAt(table, path) !== undefined).slice(1),
  'rule:network-domains-twice': (table) =>
    networks.flatMap((path) => both(table, path, 'domains', ['allowed_domains', 'denied_domains'])),
  'rule:network-sockets-twice': (table) =>
    networks.flatMap((path) => both(table, path, 'unix_sockets', ['allow_unix_sockets'])),
  'rule:network-domain-form': refusedDomains,
  'rule:network-socket-relative': (table) => relativeSockets(table, true),
  'rule:network-socket-relative-off': (table) => relativeSockets(table, false),
  'rule:network-all-domains': (table) =>
    networks.map((path) => [...path, 'domains', '*']).filter((path) => valueAt(table, path) !== undefined),
  'rule:default-permissions-not-allowed': disallowedDefault,
  'rule:default-profile-excluded': excludedDefault,
  'rule:permission-profile-undefined': undefinedProfiles,
  'rule:default-permissions-missing': missingDefault,
  'rule:profiles-without-default': profilesWithoutDefault,
  'rule:default-approval-missing': (table) => {
    const { allowed_approval_policies: policies } = table;
    return isArray(policies) && policies.length > 0 && !policies.includes('on-request')
      ? [['allowed_approval_policies']]
      : [];
  },
  'rule:deny-read-form': refusedDenials,
  'rule:deny-read-own-folder': ownFolders,
  'rule:deny-read-root-pattern': rootPatterns,
  'rule:profile-base-refused': refusedBases,
  'rule:profile-name-reserved': reservedNames,
  'rule:profile-path-form': refusedPaths,
  'rule:profile-path-nested': refusedNesting,
  'rule:profile-pattern-access': patternsWithAccess,
  'rule:profile-path-unknown': unknownSpecialPaths,
  'rule:profile-project-roots': projectRoots,
  'rule:profile-network-denies-all': deniedNetworks,
  'rule:profile-windows-root': windowsRoots,
  'rule:mitm-action-empty': emptyActions,
  'rule:mitm-hook-form': refusedHooks,
  'rule:mitm-version-missing': unversionedMembers,
  'rule:application-domain-form': refusedApplicationDomains,
  'rule:config-server-https': (table) => {
    const addresses = ['authorization_url', 'token_url', 'device_authorization_url'].map((key) => ['oauth', key]);
    return [['base_url'], ...addresses]
      .map((path) => ['config_server', ...path])
      .filter((path) => {
        const url = valueAt(table, path);
        return typeof url === 'string' && !/^https:\/\/[^/@#][^@#]*$/i.test(url);
      });
  },
  'rule:model-slug-form': (table) =>
    items(table, ['auto_review', 'required_on_models']).filter((path) => {
      const model = valueAt(table, path);
      return typeof model === 'string' && /\/|^\p{White_Space}|\p{White_Space}$/u.test(model);
    }),
  'rule:provider-name-blank': (table) =>
    tableAt(table, ['model_providers'], Object.keys)
      .flat()
      .map((id) => ['model_providers', id, 'name'])
      .filter((path) => isBlank(valueAt(table, path))),
  'rule:identity-empty': emptyIdentities,
  'rule:identity-url-ignored': ignoredAddresses,
  'rule:identity-command-ignored': ignoredCommands,
  'rule:identity-with-stranger': crowdedIdentities,
  'rule:match-without-value': emptyMatchers,
  'rule:match-with-foreign-member': foreignMembers,
  'rule:match-expression-refused': refusedExpressions,
};

/** A pin to false beside hooks that would run. */
function switchedOff(table: DataTable, flag: string): KeyPath[] {
  return ['features', 'feature_requirements']
    .map((key) => [key, flag])
    .filter((path) => valueAt(table, path) === false && handlersIn(table).length > 0);
}

/** Numbers that JSON cannot say. */
function withoutJson(value: Data, path: KeyPath): KeyPath[] {
  if (isArray(value)) return value.flatMap((item, index) => withoutJson(item, [...path, index]));
  if (isTable(value)) return Object.entries(value).flatMap(([key, item]) => withoutJson(item, [...path, key]));
  return typeof value === 'number' && !Number.isFinite(value) ? [path] : [];
}

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

function tableAt<T>(table: DataTable, path: KeyPath, use: (found: DataTable) => T): T[] {
  const found: Data | undefined = valueAt(table, path);
  return isTable(found) ? [use(found)] : [];
}
