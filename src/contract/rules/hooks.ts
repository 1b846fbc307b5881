import { type Data, type DataTable, isArray, isTable, type KeyPath, tablesIn, valueAt } from '../../source/document.ts';
import { isUnsigned64 } from '../../source/number.ts';
import type { Fact } from '../contract.ts';
import { groupsIn, type Handler, handlersIn } from '../hook-places.ts';
import { once } from '../once.ts';
import { isRefusedRegex } from '../regex.ts';
import { isBlank } from './blank.ts';
import type { Rule, RuleFamily } from './family.ts';

/** Most matchers are such names, and the reader of regular expressions need not be loaded for them. */
const plainMatcher = /^\^?[A-Za-z0-9_|]*\$?$/;

/** Rules over hook groups and their handlers. */
export const hookRules: RuleFamily = {
  concerns: (table) => groupsIn(table).length > 0,
  rules: {
    'rule:command-windows-twice': ofHandlers(
      'command_windows',
      ({ handler }) => handler['command_windows'] !== undefined && handler['commandWindows'] !== undefined,
    ),
    // A matcher that is dropped is not read as a regular expression either.
    'rule:matcher-refused': ofMatchers(
      (matcher, event) => event?.matcher !== false && !plainMatcher.test(matcher) && isRefusedRegex(matcher),
    ),
    // An empty text matches all, as no matcher does.
    'rule:matcher-dropped': ofMatchers((matcher, event) => event?.matcher === false && matcher !== ''),
    'rule:timeout-cut': ofHandlers('timeout', ({ handler: { timeout } }, event) => {
      const longest = event?.maximumTimeout;
      return longest !== undefined && typeof timeout === 'bigint' && timeout > BigInt(longest);
    }),
    'rule:timeout-unsigned': ofHandlers(
      'timeout',
      ({ handler: { type, timeout } }) => type === 'command' && typeof timeout === 'bigint' && isUnsigned64(timeout),
    ),
    'rule:field-dropped': (table, contract) =>
      handlersIn(table).flatMap(({ event, handler, path }) =>
        (contract.events.get(event)?.drops ?? [])
          .filter((field) => handler[field] !== undefined && handler[field] !== false)
          .map((field) => [...path, field]),
      ),
    'rule:handler-refused': ofHandlers(
      'type',
      ({ handler: { type } }, event) => event?.refuses?.some((refused) => refused === type) === true,
    ),
    'rule:command-blank': ofHandlers(
      'command',
      ({ handler: { type, command } }) => type === 'command' && isBlank(command),
    ),
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
      toolsIn(table).flatMap(({ handler, path }) =>
        ['server', 'tool'].filter((key) => isBlank(handler[key])).map((key) => [...path, key]),
      ),
    'rule:tool-input-form': (table) =>
      toolsIn(table).flatMap(({ handler, path }) => withoutJson(handler['input'] ?? '', [...path, 'input'])),
  },
};

/** A rule over each handler: the place of a field where it is broken. */
function ofHandlers(field: string, isBroken: (at: Handler, event: Fact | undefined) => boolean): Rule {
  return (table, contract) => {
    const broken: KeyPath[] = [];
    for (const at of handlersIn(table))
      if (isBroken(at, contract.events.get(at.event))) broken.push([...at.path, field]);
    return broken;
  };
}

/** A rule over each matcher that does not match all by its look. Codex looks at none of a group without handlers. */
function ofMatchers(isBroken: (matcher: string, event: Fact | undefined) => boolean): Rule {
  return (table, contract) => {
    const broken: KeyPath[] = [];
    for (const { event, group, path } of groupsIn(table)) {
      const { matcher } = group;
      const isRead = typeof matcher === 'string' && matcher !== '*' && tablesIn(group, 'hooks').length > 0;
      if (isRead && isBroken(matcher, contract.events.get(event))) broken.push([...path, 'matcher']);
    }
    return broken;
  };
}

const toolsIn = once((table) => handlersIn(table).filter(({ handler }) => handler['type'] === 'mcp_tool'));

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
