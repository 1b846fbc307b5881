import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { globMatches } from '../glob.ts';
import { defaultMode } from './profile-mode.ts';
import { defaultLine, profileEntries } from './profiles.ts';

// What the default profile grants of the paths that `deny_read` takes away: Codex does not start with such a pair.

/** Entries of the default profile with access to a path that `deny_read` denies. */
export function grantedDenials(table: DataTable): KeyPath[] {
  const denied = denials(table);
  if (denied.length === 0) return [];
  const folders = new Set(denied);
  const patterns = denied.filter((text) => /[*?[]/.test(text)).map((text) => text.split('/'));
  let comparisons = 0;
  const isDenied = (target: string): boolean => {
    const names = target.split('/');
    if (names.some((_, at) => folders.has(names.slice(0, at + 1).join('/')))) return true;
    comparisons += patterns.length;
    return comparisons <= maxComparisons && patterns.some((pattern) => matchesNames(pattern, names));
  };
  return [...grantsOf(table)].flatMap(([target, { isGranted, path }]) => (isGranted && isDenied(target) ? [path] : []));
}

/** Comparisons of a path with a pattern in one file: enough for a thousand paths behind a dozen patterns. */
const maxComparisons = 50_000;

/** A default profile that may write everywhere, beside paths that nobody may read; built upon `:workspace`, or not. */
export function unboundedDefault(table: DataTable, isWorkspace: boolean): KeyPath[] {
  const { default_permissions: chosen } = table;
  if (denials(table).length === 0 || typeof chosen !== 'string') return [];
  const isUnbounded = defaultMode(chosen, table, true) === 'danger-full-access';
  const last = defaultLine(table).at(-1);
  const base = last === undefined ? undefined : valueAt(table, ['permissions', last, 'extends']);
  return isUnbounded && (base === ':workspace') === isWorkspace ? [['default_permissions']] : [];
}

/** Each path that the default profile names and what it says of it; what a profile says goes before its base. */
function grantsOf(table: DataTable): Map<string, { readonly isGranted: boolean; readonly path: KeyPath }> {
  const found = new Map<string, { readonly isGranted: boolean; readonly path: KeyPath }>();
  const add = (text: string, isGranted: boolean, path: KeyPath): void => {
    const target = /[*?[\]{}\\]|^:/.test(text) ? undefined : resolved(text);
    if (target !== undefined && !found.has(target)) found.set(target, { isGranted, path });
  };
  for (const { base, sub = '.', access, path } of profileEntries(table))
    add(`${base}/${sub}`.replace(/\/\*\*(?:\/\.)?$/, ''), access === 'read' || access === 'write', path);
  for (const name of defaultLine(table)) {
    const path = ['permissions', name, 'workspace_roots'];
    const roots: Data | undefined = valueAt(table, path);
    for (const [root, isOn] of Object.entries(isTable(roots) ? roots : {})) add(root, isOn === true, [...path, root]);
  }
  return found;
}

function denials(table: DataTable): string[] {
  const list = valueAt(table, ['permissions', 'filesystem', 'deny_read']);
  const texts = (isArray(list) ? list : []).filter((text) => typeof text === 'string');
  // A pattern that ends in a slash matches nothing.
  return texts.filter((text) => !/[*?[].*\/$/s.test(text)).flatMap((text) => resolved(text) ?? []);
}

/** A path without detours, seen from the folder of the file; what lies in the home begins with `~`. */
function resolved(text: string): string | undefined {
  const start = /^[/~]/.test(text) ? text : `/etc/codex/${text}`;
  const names: string[] = [];
  for (const name of start.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    // Where the home lies is not known.
    else if (names.pop() === '~') return undefined;
  }
  return names.join('/');
}

/** `**` stands for any number of names, at the end for at least one. */
function matchesNames(pattern: readonly string[], names: readonly string[]): boolean {
  // Which beginnings of the names the pattern matches so far.
  let open = names.map(() => false);
  open = [true, ...open];
  for (const [at, part] of pattern.entries()) {
    const isLast = at === pattern.length - 1;
    const next = open.map(() => false);
    let isReached = false;
    for (let index = 0; index <= names.length; index++) {
      const name = names[index - 1];
      if (part === '**') {
        if (!isLast && open[index]) isReached = true;
        next[index] = isReached;
        if (open[index]) isReached = true;
      } else next[index] = name !== undefined && open[index - 1] === true && matchesName(part, name);
    }
    open = next;
  }
  return open[names.length] === true;
}

/** Of classes and alternatives Codex knows more: a name with one of them is taken as matching only if it is plain. */
function matchesName(pattern: string, name: string): boolean {
  const set = /^([^[\]{}]*)\[(!|\^)?([^[\]{}]+)\]([^[\]{}]*)$/.exec(pattern);
  if (set) {
    const [, before = '', not, signs = '', after = ''] = set;
    return [...name].some(
      (sign, at) =>
        isInSet(sign, signs) === (not === undefined) &&
        globMatches(before, name.slice(0, at)) &&
        globMatches(after, name.slice(at + sign.length)),
    );
  }
  const choice = /^([^[\]{}]*)\{([^[\]{}]*)\}([^[\]{}]*)$/.exec(pattern);
  const [, before = '', choices, after = ''] = choice ?? [];
  return choices === undefined
    ? !/[[\]{}]/.test(pattern) && globMatches(pattern, name)
    : choices.split(',').some((one) => globMatches(`${before}${one}${after}`, name));
}

function isInSet(sign: string, signs: string): boolean {
  const ranges = [...signs.matchAll(/(.)-(.)|./gsu)];
  return ranges.some(([all, from, to]) => (from && to ? from <= sign && sign <= to : all === sign));
}
