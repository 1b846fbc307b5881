import { type Data, type DataTable, isArray, type KeyPath, valueAt } from '../source/document.ts';
import { globMatches } from './glob.ts';
import { once } from './once.ts';

/** Comparisons of two patterns in one file: enough for a thousand hosts behind a dozen wildcards. */
const maxComparisons = 50_000;

/** Lists of sandbox modes that no host goes by. */
export interface IdleLists {
  /** That of the root: an entry for all hosts takes its place. */
  readonly root: boolean;
  /** Those of entries, by their place: they name no host, or earlier entries match all that they name. */
  readonly entries: ReadonlySet<number>;
}

/**
 * The lists of sandbox modes that no host goes by: Codex does not look into them, but for the names of the modes
 * (measured on 0.123.0 to 0.169.0).
 */
export const idleLists = once((table): IdleLists => {
  const { remote_sandbox_config: entries } = table;
  const patterns = (isArray(entries) ? entries : []).map(patternsOf);
  const earlier: string[] = [];
  const exact = new Set<string>();
  let comparisons = 0;
  const isCovered = (pattern: string): boolean => {
    if (exact.has(pattern)) return true;
    comparisons += earlier.length;
    return comparisons <= maxComparisons && earlier.some((one) => globMatches(one, pattern));
  };
  const idle = patterns.flatMap((mine, index) => {
    const isIdle = mine.every(isCovered);
    for (const pattern of mine) {
      exact.add(pattern);
      if (/[*?]/.test(pattern)) earlier.push(pattern);
    }
    return isIdle ? [index] : [];
  });
  return { root: patterns.flat().some(isEveryHost), entries: new Set(idle) };
});

/** The list of sandbox modes that counts on a host which no entry names by itself. */
export function usualModes(table: DataTable): Data | undefined {
  const { allowed_sandbox_modes: modes, remote_sandbox_config: entries } = table;
  const forAll = (isArray(entries) ? entries : []).find((entry) => patternsOf(entry).some(isEveryHost));
  return forAll === undefined ? modes : valueAt(forAll, ['allowed_sandbox_modes']);
}

/** The patterns of an entry as Codex compares them: without case, blanks around them and dots at the end. */
function patternsOf(entry: Data): string[] {
  const list = valueAt(entry, ['hostname_patterns']);
  return (isArray(list) ? list : []).flatMap((text) => {
    const pattern = typeof text === 'string' ? text.trim().replace(/\.+$/, '').toLowerCase() : '';
    return canBeHost(pattern) ? [pattern] : [];
  });
}

/** Linux takes names of 64 characters, and the DNS longer ones of letters, digits and hyphens. */
function canBeHost(pattern: string): boolean {
  const least = pattern.replaceAll('*', '').length;
  if (pattern === '' || /\p{Cc}/u.test(pattern)) return false;
  return least <= 64 || (least <= 253 && /^[a-z0-9.*?-]+$/.test(pattern));
}

/** A host has a name of one character at least. */
function isEveryHost(pattern: string): boolean {
  return /^\*+\??\**$|^\?\*+$/.test(pattern);
}

/** Whether a path is that of a list which no host goes by. */
export function isIdle(path: KeyPath, { root, entries }: IdleLists): boolean {
  const [first, index, key] = path;
  if (path.length === 1) return root && first === 'allowed_sandbox_modes';
  return (
    path.length === 3 &&
    first === 'remote_sandbox_config' &&
    key === 'allowed_sandbox_modes' &&
    typeof index === 'number' &&
    entries.has(index)
  );
}
