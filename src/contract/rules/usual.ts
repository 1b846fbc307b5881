import { type Data, type DataTable, isArray, isTable } from '../../source/document.ts';
import {
  brokenPatterns,
  emptyClasses,
  longFolders,
  lostWildcards,
  ownFolders,
  ownHelpers,
  refusedDenials,
  rootPatterns,
} from './denied-paths.ts';
import { both, hasRoot, type RuleFamily } from './family.ts';
import { flagRules } from './flags.ts';
import { hookRules } from './hooks.ts';
import { patternRules } from './patterns.ts';
import { rareFamilies } from './rare.ts';

/**
 * The rules of Codex that no fact about one key can express: for each the places of a document that break it. The facts
 * of kind `rule` say what each range of releases does with such a file.
 */
export const usualFamilies: readonly RuleFamily[] = [
  hookRules,
  flagRules,
  patternRules,
  {
    concerns: hasRoot('permissions'),
    rules: {
      'rule:deny-read-empty-class': emptyClasses,
      'rule:deny-read-form': refusedDenials,
      'rule:deny-read-long-folder': longFolders,
      'rule:deny-read-lost-wildcard': lostWildcards,
      'rule:deny-read-own-folder': ownFolders,
      'rule:deny-read-own-helpers': (table) => ownHelpers(table, 'older'),
      'rule:deny-read-own-helpers-newer': (table) => ownHelpers(table, 'newer'),
      'rule:deny-read-pattern': brokenPatterns,
      'rule:deny-read-root-pattern': rootPatterns,
    },
  },
  {
    concerns: () => true,
    rules: {
      'rule:features-twice': (table) => both(table, [], 'features', ['feature_requirements']),
      'rule:default-approval-missing': (table) => {
        const { allowed_approval_policies: policies } = table;
        // `{ on-request = {} }` says the same.
        const isDefault = (policy: Data): boolean =>
          policy === 'on-request' || (isTable(policy) && isTable(policy['on-request']));
        return isArray(policies) && policies.length > 0 && !policies.some(isDefault)
          ? [['allowed_approval_policies']]
          : [];
      },
    },
  },
];

/** The root keys that most files have and no other family asks about, beside a list of what nobody may read. */
const usualKeys: ReadonlySet<string> = new Set([
  'allow_managed_hooks_only',
  'allowed_approval_policies',
  'allowed_sandbox_modes',
  'allowed_web_search_modes',
  'features',
  'hooks',
  'remote_sandbox_config',
  'rules',
]);

/** The families that can concern a document. Those about keys that few files have are loaded for these. */
export function familiesFor(table: DataTable): readonly RuleFamily[] {
  const isUsual = Object.keys(table).every(
    (key) => usualKeys.has(key) || (key === 'permissions' && hasDenialsAlone(table[key])),
  );
  return isUsual ? usualFamilies : [...usualFamilies, ...rareFamilies];
}

function hasDenialsAlone(permissions: Data | undefined): boolean {
  return isTable(permissions) && Object.keys(permissions).every((key) => key === 'filesystem');
}
