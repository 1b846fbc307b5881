import { type Data, type DataTable, isArray, isTable, type KeyPath, tablesIn, valueAt } from '../source/document.ts';
import { isBlank } from './blank.ts';
import { type Group, groupsIn, handlersIn } from './hook-places.ts';
import { isRefusedRegex } from './regex.ts';
import type { RuleFamily } from './rule-family.ts';

/** Most matchers are such names, and the reader of regular expressions need not be loaded for them. */
const plainMatcher = /^\^?[A-Za-z0-9_|]*\$?$/;

/** Rules over hook groups and their handlers. */
export const hookRules: RuleFamily = {
  concerns: (table) => groupsIn(table).length > 0,
  rules: {
    'rule:command-windows-twice': (table) =>
      handlersIn(table).flatMap(({ handler, path }) =>
        handler['command_windows'] !== undefined && handler['commandWindows'] !== undefined
          ? [[...path, 'command_windows']]
          : [],
      ),
    // A matcher that is dropped is not read as a regular expression either.
    'rule:matcher-refused': (table, contract) =>
      busyGroups(table).flatMap(({ event, group, path }) => {
        const matcher = group['matcher'];
        const isRead = typeof matcher === 'string' && matcher !== '*' && contract.events.get(event)?.matcher !== false;
        return isRead && !plainMatcher.test(matcher) && isRefusedRegex(matcher) ? [[...path, 'matcher']] : [];
      }),
    // `*` and an empty text match all, as no matcher does.
    'rule:matcher-dropped': (table, contract) =>
      busyGroups(table).flatMap(({ event, group, path }) => {
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
    'rule:codex-hooks-switched-off': (table) =>
      switchedOff(table, 'codex_hooks').filter(([key = '']) => typeof valueAt(table, [key, 'hooks']) !== 'boolean'),
    'rule:codex-hooks-switched-off-twice': (table) =>
      switchedOff(table, 'codex_hooks').filter(([key = '']) => typeof valueAt(table, [key, 'hooks']) === 'boolean'),
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
  },
};

/** The groups that have a handler: Codex does not look at the matcher of any other. */
function busyGroups(table: DataTable): Group[] {
  return groupsIn(table).filter(({ group }) => tablesIn(group, 'hooks').length > 0);
}

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
