import { type DataTable, isTable, valueAt } from '../../source/document.ts';
import { isProfile } from '../profiles.ts';
import { deniedAllowances } from './contradicting-lists.ts';
import {
  disallowedDefault,
  excludedDefault,
  missingDefault,
  profilesWithoutChoice,
  profilesWithoutDefault,
  undefinedChoices,
  undefinedProfiles,
} from './default-profile.ts';
import { both, hasRoot, type RuleFamily } from './family.ts';
import { gatewayRules } from './gateways.ts';
import { grantedDenials, unboundedDefault } from './granted-denials.ts';
import {
  crowdedIdentities,
  emptyIdentities,
  emptyMatchers,
  foreignMembers,
  ignoredAddresses,
  ignoredCommands,
  refusedExpressions,
} from './identities.ts';
import { mitmRules } from './mitm.ts';
import {
  brokenDomains,
  networks,
  refusedApplicationDomains,
  refusedDomains,
  relativeSockets,
  rulesForAllDomains,
} from './network.ts';
import { otelRules } from './otel.ts';
import { deniedWorkspace } from './profile-mode.ts';
import {
  brokenDeniedPatterns,
  deniedEmptyClasses,
  deniedOwnFolders,
  deniedOwnHelpers,
  deniedRootPatterns,
  drivePaths,
  longDeniedFolders,
  lostDeniedWildcards,
  nulPaths,
  oddPatternFolders,
} from './profile-paths.ts';
import {
  deniedNetworks,
  dottedDenials,
  mistakenNetwork,
  networkProfile,
  noDepths,
  patternsWithAccess,
  projectRoots,
  refusedBases,
  refusedNesting,
  refusedPaths,
  reservedNames,
  unknownSpecialPaths,
  windowsRoots,
} from './profiles.ts';
import { providerRules } from './providers.ts';
import {
  blankClients,
  catalogFolders,
  impossibleDatabases,
  impossibleLogs,
  loginsWithoutWorkspace,
  longInstructions,
  longLogs,
  refusedModels,
  relativeApplicationPaths,
  twofoldExporters,
  unsafeServers,
} from './root-keys.ts';

/** Rules over keys that most files do not have. */
export const rareFamilies: readonly RuleFamily[] = [
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
      'rule:network-allowed-and-denied': deniedAllowances,
      'rule:network-taken-for-profile': (table) => mistakenNetwork(table, false),
      'rule:network-taken-for-profile-alone': (table) => mistakenNetwork(table, true),
      'rule:network-all-domains': rulesForAllDomains,
      'rule:network-domain-pattern': (table) => brokenDomains(table, true),
      'rule:network-domain-pattern-off': (table) => brokenDomains(table, false),
    },
  },
  {
    concerns: hasProfile,
    rules: {
      'rule:profiles-without-choice': profilesWithoutChoice,
      'rule:deny-read-granted': grantedDenials,
      'rule:deny-read-unbounded': (table) => unboundedDefault(table, false),
      'rule:deny-read-unbounded-workspace': (table) => unboundedDefault(table, true),
      'rule:profile-named-network': networkProfile,
      'rule:profile-workspace-denied': deniedWorkspace,
      'rule:profiles-without-default': profilesWithoutDefault,
      'rule:profile-base-refused': refusedBases,
      'rule:profile-depth-zero': noDepths,
      'rule:profile-name-reserved': reservedNames,
      'rule:profile-empty-class': deniedEmptyClasses,
      'rule:profile-long-folder': longDeniedFolders,
      'rule:profile-lost-wildcard': lostDeniedWildcards,
      'rule:profile-own-folder': deniedOwnFolders,
      'rule:profile-own-helpers': (table) => deniedOwnHelpers(table, 'older'),
      'rule:profile-own-helpers-newer': (table) => deniedOwnHelpers(table, 'newer'),
      'rule:profile-path-dotted': dottedDenials,
      'rule:profile-path-drive': drivePaths,
      'rule:profile-path-form': refusedPaths,
      'rule:profile-path-nested': refusedNesting,
      'rule:profile-path-nul': nulPaths,
      'rule:profile-pattern-access': patternsWithAccess,
      'rule:profile-pattern-broken': brokenDeniedPatterns,
      'rule:profile-pattern-folder': oddPatternFolders,
      'rule:profile-path-unknown': unknownSpecialPaths,
      'rule:profile-project-roots': projectRoots,
      'rule:profile-network-denies-all': deniedNetworks,
      'rule:profile-root-pattern': deniedRootPatterns,
      'rule:profile-windows-root': windowsRoots,
    },
  },
  mitmRules,
  otelRules,
  {
    concerns: hasRoot('allowed_permissions'),
    rules: { 'rule:allowed-permission-undefined': undefinedChoices },
  },
  {
    concerns: hasRoot('default_permissions', 'allowed_permission_profiles'),
    rules: {
      'rule:default-permissions-not-allowed': disallowedDefault,
      'rule:default-profile-excluded': (table) => excludedDefault(table, false),
      'rule:default-profile-excluded-newer': (table) => excludedDefault(table, true),
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
  providerRules,
  gatewayRules,
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
    rules: { 'rule:config-server-client-blank': blankClients, 'rule:config-server-https': unsafeServers },
  },
  {
    concerns: hasRoot('additional_developer_instructions'),
    rules: { 'rule:instructions-too-long': longInstructions },
  },
  {
    concerns: hasRoot('otel'),
    rules: { 'rule:exporter-twice': twofoldExporters },
  },
  {
    concerns: hasRoot('sqlite_home', 'log_dir'),
    rules: {
      'rule:log-dir-impossible': impossibleLogs,
      'rule:log-dir-too-long': longLogs,
      'rule:sqlite-home-impossible': impossibleDatabases,
    },
  },
  {
    concerns: hasRoot('model_catalog_json'),
    rules: { 'rule:model-catalog-folder': catalogFolders },
  },
  {
    concerns: hasRoot('auto_review'),
    rules: { 'rule:model-slug-form': refusedModels },
  },
];

/** Whether a document defines a permission profile, or has sessions begin with one. */
function hasProfile({ permissions, default_permissions: chosen }: DataTable): boolean {
  const names = isTable(permissions) ? Object.keys(permissions) : [];
  return typeof chosen === 'string' || names.some((name) => isProfile(name, permissions));
}
