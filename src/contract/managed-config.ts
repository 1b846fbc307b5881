import { type Data, type DataTable, isArray, isTable } from '../source/document.ts';
import { type Contract, effectOn } from './contract.ts';
import type { CodexVersion } from './version.ts';

/** A key of managed_config.toml that Codex also takes for a requirement, and the list that it becomes. */
export interface ActingKey {
  readonly key: string;
  readonly list: string;
  readonly allows: readonly Data[];
}

/** Measured 0.80.0 to 0.169.0 (the reviewer from 0.124.0 on): these three keys and no others; read-only is always among the modes. */
const acting: Readonly<Record<string, { readonly list: string; readonly allows: (value: Data) => readonly Data[] }>> = {
  approval_policy: { list: 'allowed_approval_policies', allows: (value) => [value] },
  approvals_reviewer: {
    list: 'allowed_approvals_reviewers',
    allows: (value) => (value === 'user' ? [value] : [value, 'user']),
  },
  sandbox_mode: {
    list: 'allowed_sandbox_modes',
    allows: (value) => (value === 'read-only' ? [value] : ['read-only', value]),
  },
};

/** What a managed_config.toml says that acts as a requirement. */
export function actingKeys(managed: DataTable): ActingKey[] {
  return Object.entries(acting).flatMap(([key, { list, allows }]) => {
    const value = managed[key];
    return value === undefined ? [] : [{ key, list, allows: allows(value) }];
  });
}

export interface Loosening extends ActingKey {
  /** What becomes allowed although the requirements do not list it. */
  readonly added: readonly Data[];
  /** Where the managed_config.toml wins. */
  readonly versions: readonly CodexVersion[];
}

/** Where a managed_config.toml allows more than the requirements file beside it, on the releases where it takes its place. */
export function loosenings(
  managed: DataTable,
  requirements: DataTable,
  versions: readonly CodexVersion[],
  { behaviours }: Contract,
): Loosening[] {
  const isWeakened = (subject: string, version: CodexVersion): boolean => {
    const fact = behaviours.get(subject);
    return fact !== undefined && effectOn(fact, version) === 'weakened';
  };
  const losing = versions.filter((version) => isWeakened('managed-config-replaces', version));
  return actingKeys(managed).flatMap((key) => {
    const list = requirements[key.list];
    if (!isArray(list)) return [];
    const added = (version: CodexVersion): Data[] => {
      const read = isWeakened('on-failure-is-on-request', version) ? foldOnFailure : asWritten;
      return key.allows.filter((value) => !list.some((one) => isSame(read(one), read(value))));
    };
    const loosened = losing.filter((version) => added(version).length > 0);
    const [first] = loosened;
    return first === undefined ? [] : [{ ...key, added: added(first), versions: loosened }];
  });
}

const asWritten = (value: Data): Data => value;
const foldOnFailure = (value: Data): Data => (value === 'on-failure' ? 'on-request' : value);

const sameReviewer: readonly Data[] = ['auto_review', 'guardian_subagent'];

/** Whether two values mean the same; the reviewer has an old name and a new one. */
function isSame(a: Data, b: Data): boolean {
  if (sameReviewer.includes(a)) return sameReviewer.includes(b);
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((one, at) => isSame(one, b[at] ?? one));
  if (!isTable(a)) return a === b;
  return (
    isTable(b) &&
    Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([key, value]) => {
      const other = b[key];
      return other !== undefined && isSame(value, other);
    })
  );
}

/** Keys of requirements.toml that config.toml does not know: measured on 0.169.0, which names them as ignored. */
const requirementsOnly: ReadonlySet<string> = new Set([
  'additional_developer_instructions',
  'allow_appshots',
  'allow_browser_and_computer_use',
  'allow_managed_hooks_only',
  'allow_remote_control',
  'allowed_approval_policies',
  'allowed_approvals_reviewers',
  'allowed_chatgpt_workspaces',
  'allowed_login_methods',
  'allowed_permission_profiles',
  'allowed_permissions',
  'allowed_sandbox_modes',
  'allowed_web_search_modes',
  'application',
  'config_server',
  'enforce_residency',
  'experimental_network',
  'feature_requirements',
  'guardian_developer_instructions',
  'guardian_extra_policy',
  'guardian_policy_config',
  'in_app_browser',
  'models',
  'network_proxy',
  'remote_sandbox_config',
  'rules',
  'unsafe_enforce_sqlite_journal_mode',
]);

/** Whether a key belongs to requirements.toml and has no effect in a config.toml. */
export function isRequirementsOnly(key: string): boolean {
  return requirementsOnly.has(key);
}
