import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { type DataTable, isArray, isTable, type KeyPath } from '../../source/document.ts';
import { globMatches } from '../glob.ts';
import type { Advised, Place } from './advised.ts';

/** Comparisons of two patterns in one file: enough for a thousand hosts behind a dozen wildcards. */
const maxComparisons = 50_000;

/** An entry of `remote_sandbox_config`, and the texts among its patterns. */
interface Entry {
  readonly entry: DataTable;
  readonly path: KeyPath;
  readonly patterns: readonly Pattern[];
}

/** Of thousands of hosts few are named: their paths are made for these. */
interface Pattern {
  readonly text: string;
  readonly entry: number;
  readonly number: number;
}

function pathOf({ entry, number }: Pattern): KeyPath {
  return [root, entry, 'hostname_patterns', number];
}

/** Entries of `remote_sandbox_config` that nobody reaches, that widen the list, and patterns that are no host names. */
export function hostAdvice(advised: Advised): Diagnostic[] {
  const { table, at } = advised;
  const list = table[root];
  if (!isArray(list) || list.length === 0) return [];
  const entries = list.flatMap((entry, index) => (isTable(entry) ? [entryOf(entry, index)] : []));
  const limitless = table['allowed_sandbox_modes'] === undefined;
  return [
    ...(limitless ? [diagnostic('advice/hosts-without-default', at([root], 'key'), {})] : []),
    ...unreachable(entries, advised),
    ...entries.flatMap((entry) => [...emptyPatterns(entry, advised), ...wider(entry, advised)]),
  ];
}

const root = 'remote_sandbox_config';

function entryOf(entry: DataTable, index: number): Entry {
  const { hostname_patterns: list } = entry;
  const patterns = (isArray(list) ? list : []).flatMap((text, number): Pattern[] =>
    typeof text === 'string' ? [{ text, entry: index, number }] : [],
  );
  return { entry, path: [root, index], patterns };
}

function emptyPatterns({ entry, path, patterns }: Entry, { at }: Advised): Diagnostic[] {
  const { hostname_patterns: list } = entry;
  if (isArray(list) && list.length === 0)
    return [diagnostic('advice/host-patterns-empty', at([...path, 'hostname_patterns']), {})];
  return patterns.flatMap((pattern) => {
    const why = notAHostName(pattern.text);
    if (why === undefined) return [];
    return [diagnostic('advice/host-pattern', at(pathOf(pattern)), { pattern: shorten(pattern.text), why })];
  });
}

/** Why no host can have such a name, or undefined. Letter case is fine: Codex compares without it. */
function notAHostName(pattern: string): string | undefined {
  if (/^[\w.*?-]+$/.test(pattern)) return undefined;
  if (pattern.trim() === '') return 'it is empty';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern)) return 'it is a URL';
  if (/:\d+$/.test(pattern)) return 'it has a port';
  if (/[/\\]/.test(pattern)) return 'it has a slash';
  if (/@/.test(pattern)) return 'it has a user';
  if (/\s/.test(pattern)) return 'it has a blank';
  return /[[\]{}()|^$+]/.test(pattern) ? 'only `*` and `?` stand for other characters' : undefined;
}

/** Whether the entries name hosts, each once, and no patterns: none of them covers another. */
function areApart(entries: readonly Entry[]): boolean {
  const seen = new Set<string>();
  for (const { patterns } of entries)
    for (const { text } of patterns) {
      const host = text.toLowerCase();
      if (seen.has(host) || /[*?]/.test(host)) return false;
      seen.add(host);
    }
  return true;
}

function wider({ entry, path }: Entry, { table, at }: Advised): Diagnostic[] {
  const { allowed_sandbox_modes: everywhere } = table;
  const { allowed_sandbox_modes: here } = entry;
  if (!isArray(everywhere) || !isArray(here)) return [];
  const modes = here.flatMap((mode) => (typeof mode === 'string' && !everywhere.includes(mode) ? [shorten(mode)] : []));
  return modes.length > 0 ? [diagnostic('advice/host-wider', at([...path, 'allowed_sandbox_modes']), { modes })] : [];
}

/** Patterns that earlier entries cover: the first entry that matches decides. */
function unreachable(entries: readonly Entry[], { at }: Advised): Diagnostic[] {
  if (areApart(entries)) return [];
  const exact = new Map<string, Pattern>();
  const wild: { readonly text: string; readonly pattern: Pattern }[] = [];
  let comparisons = 0;
  const coverOf = (text: string): Pattern | undefined => {
    const same = exact.get(text);
    if (same || wild.length === 0) return same;
    comparisons += wild.length;
    return comparisons > maxComparisons ? undefined : wild.find((one) => globMatches(one.text, text))?.pattern;
  };
  return entries.flatMap(({ path, patterns }) => {
    const covered = patterns.map((pattern) => {
      const text = pattern.text.toLowerCase();
      return { pattern, text, by: coverOf(text) };
    });
    for (const { pattern, text } of covered) {
      if (/[*?]/.test(text)) wild.push({ text, pattern });
      if (!exact.has(text)) exact.set(text, pattern);
    }
    const hidden = covered.flatMap(({ pattern, text, by }) => (by ? [{ pattern, text, by }] : []));
    const [first] = hidden;
    if (!first) return [];
    const related = (by: Pattern): { message: string; location: Place['location'] }[] => [
      { message: 'this pattern matches first', location: at(pathOf(by)).location },
    ];
    if (hidden.length === patterns.length)
      return [diagnostic('advice/host-unreachable', { ...at(path, 'key'), related: related(first.by) }, {})];
    return hidden.map(({ pattern, text, by }) => {
      const place = { ...at(pathOf(pattern)), related: related(by) };
      return diagnostic('advice/host-pattern-covered', place, { pattern: shorten(text) });
    });
  });
}
