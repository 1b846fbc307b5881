import { type DataTable, isTable, type KeyPath } from '../../source/document.ts';
import { once } from '../once.ts';
import type { RuleFamily } from './family.ts';

// Codex settles the pins in the order of their names, and of two names of one flag the later one counts. Then it asks
// whether flags that need one another still stand as pinned.

/** Another name of a flag, mostly an older one, and the one that lists show; both are known from 0.124.0 on. */
const olderNames = [
  ['auto_review', 'guardian_approval'],
  ['collab', 'multi_agent'],
  ['connectors', 'apps'],
  ['enable_experimental_windows_sandbox', 'experimental_windows_sandbox'],
  ['experimental_use_unified_exec_tool', 'unified_exec'],
  ['memory_tool', 'memories'],
  ['request_permissions', 'exec_permission_approvals'],
  ['telepathy', 'chronicle'],
  ['web_search', 'web_search_request'],
] as const;

/** Pins without which no rule has anything to say: the other pins of each rule do no harm alone. */
const telling: ReadonlySet<string> = new Set([
  ...olderNames.map(([older]) => older),
  'code_mode_only',
  'codex_hooks',
  'enable_fanout',
  'experimental_use_freeform_apply_patch',
  'imagegenext',
  'include_apply_patch_tool',
  'js_repl_tools_only',
]);

export const flagRules: RuleFamily = {
  concerns: (table) => pinsOf(table).some(({ pins }) => Object.keys(pins).some((flag) => telling.has(flag))),
  rules: {
    'rule:flag-named-twice': (table) => olderNames.flatMap((names) => overruled(table, names)),
    'rule:flag-hooks-named-twice': (table) => overruled(table, ['codex_hooks', 'hooks']),
    'rule:flag-images-named-twice': (table) => overruled(table, ['imagegenext', 'image_generation']),
    'rule:flag-patch-named-twice': (table) =>
      overruled(table, ['apply_patch_freeform', 'experimental_use_freeform_apply_patch', 'include_apply_patch_tool']),
    'rule:flag-code-mode-needed': (table) =>
      pinsOf(table).flatMap(({ path, pins }) =>
        pins['code_mode_only'] === true && pins['code_mode'] === false ? [[...path, 'code_mode']] : [],
      ),
    'rule:flag-multi-agent-needed': (table) =>
      pinsOf(table).flatMap(({ path, pins }) => {
        const name = pins['multi_agent'] === undefined ? 'collab' : 'multi_agent';
        return pins['enable_fanout'] === true && pins[name] === false ? [[...path, name]] : [];
      }),
    'rule:flag-js-repl-needed': (table) =>
      pinsOf(table).flatMap(({ path, pins }) =>
        pins['js_repl_tools_only'] === true && pins['js_repl'] !== true ? [[...path, 'js_repl_tools_only']] : [],
      ),
  },
};

/** The pins of one flag under several names that say something else than the one that comes last. */
function overruled(table: DataTable, names: readonly string[]): KeyPath[] {
  return pinsOf(table).flatMap(({ path, pins }) => {
    const pinned = names.filter((name) => typeof pins[name] === 'boolean').sort();
    const last = pinned.at(-1);
    return last === undefined ? [] : pinned.filter((name) => pins[name] !== pins[last]).map((name) => [...path, name]);
  });
}

const pinsOf = once((table): readonly { readonly path: KeyPath; readonly pins: DataTable }[] =>
  ['features', 'feature_requirements'].flatMap((key) => {
    const pins = table[key];
    return isTable(pins) ? [{ path: [key], pins }] : [];
  }),
);
