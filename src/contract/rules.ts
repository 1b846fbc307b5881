import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';
import { isBlank } from './blank.ts';
import {
  disallowedDefault,
  excludedDefault,
  missingDefault,
  profilesWithoutDefault,
  undefinedProfiles,
} from './default-profile-rules.ts';
import { hookRules } from './hook-rules.ts';
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
import { patternRules } from './pattern-rules.ts';
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
import { loginsWithoutWorkspace, refusedModels, relativeApplicationPaths, unsafeServers } from './root-rules.ts';
import { hasRoot, type RuleFamily } from './rule-family.ts';

/**
 * The rules of Codex that no fact about one key can express: for each the places of a document that break it. The facts
 * of kind `rule` say what each range of releases does with such a file.
 */
export const ruleFamilies: readonly RuleFamily[] = [
  hookRules,
  patternRules,
  {
    concerns: hasRoot('permissions'),
    rules: {
      'rule:deny-read-form': refusedDenials,
      'rule:deny-read-own-folder': ownFolders,
      'rule:deny-read-root-pattern': rootPatterns,
    },
  },
  {
    concerns: (table) => networks.some((path) => valueAt(table, path) !== undefined),
    rules: {
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
    },
  },
  {
    concerns: hasProfile,
    rules: {
      'rule:profiles-without-default': profilesWithoutDefault,
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
    },
  },
  {
    concerns: hasRoot('default_permissions', 'allowed_permission_profiles'),
    rules: {
      'rule:default-permissions-not-allowed': disallowedDefault,
      'rule:default-profile-excluded': excludedDefault,
      'rule:permission-profile-undefined': undefinedProfiles,
      'rule:default-permissions-missing': missingDefault,
    },
  },
  {
    concerns: hasRoot('mcp_servers', 'plugins'),
    rules: {
      'rule:identity-empty': emptyIdentities,
      'rule:identity-url-ignored': ignoredAddresses,
      'rule:identity-command-ignored': ignoredCommands,
      'rule:identity-with-stranger': crowdedIdentities,
      'rule:match-without-value': emptyMatchers,
      'rule:match-with-foreign-member': foreignMembers,
      'rule:match-expression-refused': refusedExpressions,
    },
  },
  {
    concerns: hasRoot('model_provider', 'model_providers'),
    rules: {
      'rule:provider-undefined': undefinedProviders,
      'rule:provider-reserved': reservedProviders,
      'rule:provider-name-missing': namelessProviders,
      'rule:provider-built-in-changed': fixedSettings,
      'rule:provider-aws-elsewhere': foreignAws,
      'rule:provider-gateway-without-address': gatewaysWithoutAddress,
      'rule:provider-name-blank': (table) =>
        tableAt(table, ['model_providers'], Object.keys)
          .flat()
          .map((id) => ['model_providers', id, 'name'])
          .filter((path) => isBlank(valueAt(table, path))),
    },
  },
  {
    concerns: hasRoot('application'),
    rules: {
      'rule:application-path-relative': relativeApplicationPaths,
      'rule:application-domain-form': refusedApplicationDomains,
    },
  },
  {
    concerns: hasRoot('allowed_login_methods'),
    rules: {
      'rule:login-impossible': (table) => loginsWithoutWorkspace(table, true),
      'rule:login-without-workspace': (table) => loginsWithoutWorkspace(table, false),
    },
  },
  {
    concerns: hasRoot('config_server'),
    rules: { 'rule:config-server-https': unsafeServers },
  },
  {
    concerns: hasRoot('auto_review'),
    rules: { 'rule:model-slug-form': refusedModels },
  },
  {
    concerns: () => true,
    rules: {
      'rule:features-twice': (table) => both(table, [], 'features', ['feature_requirements']),
      'rule:default-approval-missing': (table) => {
        const { allowed_approval_policies: policies } = table;
        return isArray(policies) && policies.length > 0 && !policies.includes('on-request')
          ? [['allowed_approval_policies']]
          : [];
      },
    },
  },
];

/** Whether a document defines a permission profile, or has sessions begin with one. */
function hasProfile({ permissions, default_permissions: chosen }: DataTable): boolean {
  const names = isTable(permissions) ? Object.keys(permissions) : [];
  return typeof chosen === 'string' || names.some((name) => name !== 'filesystem' && name !== 'network');
}

/** The place of the first key where a table has one of the others as well. */
function both(table: DataTable, path: KeyPath, key: string, others: readonly string[]): KeyPath[] {
  const has = (name: string): boolean => valueAt(table, [...path, name]) !== undefined;
  return has(key) && others.some(has) ? [[...path, key]] : [];
}

function tableAt<T>(table: DataTable, path: KeyPath, use: (found: DataTable) => T): T[] {
  const found: Data | undefined = valueAt(table, path);
  return isTable(found) ? [use(found)] : [];
}
