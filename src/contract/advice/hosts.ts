import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { isArray, isTable, type KeyPath } from '../../source/document.ts';
import { globMatches } from '../glob.ts';
import { type Advised, itemsAt, type Place, textsAt } from './advised.ts';

/** Comparisons of two patterns in one file: enough for a thousand hosts behind a dozen wildcards. */
const maxComparisons = 50_000;

/** Entries of `remote_sandbox_config` that nobody reaches, that widen the list, and patterns that are no host names. */
export function hostAdvice(advised: Advised): Diagnostic[] {
  const { table, at } = advised;
  const entries = itemsAt(table, root).map((entry, index) => ({ entry, path: [...root, index] }));
  if (entries.length === 0) return [];
  const everywhere = table['allowed_sandbox_modes'];
  const limitless = everywhere === undefined ? [diagnostic('advice/hosts-without-default', at(root, 'key'), {})] : [];
  return [
    ...limitless,
    ...unreachable(advised),
    ...entries.flatMap(({ path }) => [...emptyPatterns(advised, path), ...wider(advised, path)]),
  ];
}

const root: KeyPath = ['remote_sandbox_config'];

function emptyPatterns({ table, at }: Advised, path: KeyPath): Diagnostic[] {
  const place = [...path, 'hostname_patterns'];
  const found = textsAt(table, place);
  const odd = found.flatMap(({ text, path: where }) => {
    const why = notAHostName(text);
    return why === undefined ? [] : [diagnostic('advice/host-pattern', at(where), { pattern: shorten(text), why })];
  });
  const list = itemsAt(table, path.slice(0, -1))[Number(path.at(-1))];
  const patterns = isTable(list) ? list['hostname_patterns'] : undefined;
  return isArray(patterns) && patterns.length === 0 ? [diagnostic('advice/host-patterns-empty', at(place), {})] : odd;
}

/** Why no host can have such a name, or undefined. Letter case is fine: Codex compares without it. */
function notAHostName(pattern: string): string | undefined {
  if (pattern.trim() === '') return 'it is empty';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern)) return 'it is a URL';
  if (/:\d+$/.test(pattern)) return 'it has a port';
  if (/[/\\]/.test(pattern)) return 'it has a slash';
  if (/@/.test(pattern)) return 'it has a user';
  if (/\s/.test(pattern)) return 'it has a blank';
  return /[[\]{}()|^$+]/.test(pattern) ? 'only `*` and `?` stand for other characters' : undefined;
}

function wider({ table, at }: Advised, path: KeyPath): Diagnostic[] {
  const everywhere = table['allowed_sandbox_modes'];
  if (!isArray(everywhere)) return [];
  const place = [...path, 'allowed_sandbox_modes'];
  const modes = textsAt(table, place).flatMap(({ text }) => (everywhere.includes(text) ? [] : [shorten(text)]));
  return modes.length > 0 ? [diagnostic('advice/host-wider', at(place), { modes })] : [];
}

/** Patterns that earlier entries cover: the first entry that matches decides. */
function unreachable({ table, at }: Advised): Diagnostic[] {
  const exact = new Map<string, KeyPath>();
  const wild: { readonly pattern: string; readonly path: KeyPath }[] = [];
  let comparisons = 0;
  const coverOf = (pattern: string): KeyPath | undefined => {
    const same = exact.get(pattern);
    if (same) return same;
    comparisons += wild.length;
    return comparisons > maxComparisons ? undefined : wild.find((one) => globMatches(one.pattern, pattern))?.path;
  };
  return itemsAt(table, root).flatMap((_, index) => {
    const patterns = textsAt(table, [...root, index, 'hostname_patterns']).map(({ text, path }) => ({
      pattern: text.toLowerCase(),
      path,
    }));
    const covered = patterns.map((one) => ({ ...one, by: coverOf(one.pattern) }));
    for (const { pattern, path } of patterns) {
      if (/[*?]/.test(pattern)) wild.push({ pattern, path });
      if (!exact.has(pattern)) exact.set(pattern, path);
    }
    const hidden = covered.flatMap(({ pattern, path, by }) => (by ? [{ pattern, path, by }] : []));
    const [first] = hidden;
    if (!first) return [];
    const related = (by: KeyPath): { message: string; location: Place['location'] }[] => [
      { message: 'this pattern matches first', location: at(by).location },
    ];
    if (hidden.length === patterns.length)
      return [
        diagnostic('advice/host-unreachable', { ...at([...root, index], 'key'), related: related(first.by) }, {}),
      ];
    return hidden.map(({ pattern, path, by }) =>
      diagnostic('advice/host-pattern-covered', { ...at(path), related: related(by) }, { pattern: shorten(pattern) }),
    );
  });
}
