import type { Statement } from '../contract/statement.ts';
import { shorten } from '../source/describe.ts';
import { formatPath, isArray, isTable, type KeyPath, type ParsedDocument, valueAt } from '../source/document.ts';
import type { Span } from '../source/source-file.ts';
import { editDistance, fold } from '../source/suggest.ts';
import type { TomlLayout } from '../source/toml-layout.ts';
import type { Repair } from './repair.ts';

/** How other tools write a handler's timeout in seconds; Codex reads none of them. */
const timeouts = ['timeoutsec', 'timeoutsecs', 'timeoutsecond', 'timeoutseconds'];

/** The one name that is meant: another way of writing it, or one slip away from it; undefined where two could be. */
export function intended(name: string, candidates: readonly string[]): string | undefined {
  const folded = fold(name);
  if (timeouts.includes(folded) && candidates.includes('timeout')) return 'timeout';
  const others = candidates.filter((candidate) => candidate !== name);
  const [same, ...more] = others.filter((candidate) => fold(candidate) === folded);
  if (same !== undefined && more.length === 0) return same;
  const [near, ...nearer] = others.filter((candidate) => isSlip(name, candidate));
  return nearer.length === 0 ? near : undefined;
}

/** Names that differ in a digit are two versions of one thing, and in short names one letter says too much. */
function isSlip(name: string, candidate: string): boolean {
  const digits = (text: string): string => text.replaceAll(/[^0-9]/g, '');
  return (
    Math.max(name.length, candidate.length) > 3 &&
    digits(name) === digits(candidate) &&
    editDistance(name, candidate) === 1
  );
}

/** Keys, events and flags that nobody knows, and stand one slip from a name that is still free. */
export function misspeltKeys(
  document: ParsedDocument,
  layout: TomlLayout,
  failing: readonly Statement[],
): readonly Repair[] {
  const repairs = failing.flatMap(({ path, reason }): Repair[] => {
    const written = path.at(-1);
    if (reason.kind !== 'unknown' || typeof written !== 'string') return [];
    const name = intended(written, reason.candidates);
    const parent = valueAt(document.value, path.slice(0, -1));
    if (name === undefined || !isTable(parent) || Object.hasOwn(parent, name)) return [];
    const parts = layout.parts.get(formatPath(path)) ?? [];
    return [
      {
        path,
        what: `\`${shorten(formatPath(path))}\` is now \`${name}\``,
        edits: parts.map((span) => ({ span, text: keyText(name, document.source.text, span) })),
        changes: [{ kind: 'rename', path, name }],
      },
    ];
  });
  // Two that would get one name: which of them was meant is for people to say.
  return onlyOnes(repairs, ({ path, changes: [change] }) =>
    formatPath([...path.slice(0, -1), change?.kind === 'rename' ? change.name : '']),
  );
}

/** The items that share their key with no other. */
export function onlyOnes<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return items.filter((item) => counts.get(keyOf(item)) === 1);
}

function keyText(name: string, text: string, { start }: Span): string {
  const quote = text[start];
  if (!/^[A-Za-z0-9_-]+$/.test(name)) return JSON.stringify(name);
  return quote === '"' || quote === "'" ? `${quote}${name}${quote}` : name;
}

/** Values of an enumeration that stand one slip from an accepted one. */
export function misspeltValues(document: ParsedDocument, failing: readonly Statement[]): readonly Repair[] {
  return failing.flatMap(({ path, reason }): Repair[] => {
    if (reason.kind !== 'unknown-value') return [];
    const accepted = [...reason.values.keys()].filter((value) => /^[A-Za-z0-9]/.test(value));
    const value = intended(reason.value, accepted);
    const span = valueSpan(document, path);
    const list = valueAt(document.value, path.slice(0, -1));
    if (value === undefined || !span || (isArray(list) && list.includes(value))) return [];
    const quote = document.source.text[span.start] === "'" ? "'" : '"';
    return [
      {
        path,
        what: `\`${shorten(reason.value)}\` at \`${shorten(formatPath(path))}\` is now \`${value}\``,
        edits: [{ span, text: `${quote}${value}${quote}` }],
        changes: [{ kind: 'value', path, value }],
      },
    ];
  });
}

function valueSpan({ spans }: ParsedDocument, path: KeyPath): Span | undefined {
  let node: typeof spans | undefined = spans;
  for (const step of path) node = node?.children.get(step);
  return node?.value;
}

/** Whether two paths lead to one place. */
export function isPath(a: KeyPath, b: KeyPath): boolean {
  return a.length === b.length && a.every((step, at) => step === b[at]);
}
