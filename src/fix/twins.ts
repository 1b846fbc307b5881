import type { Statement } from '../contract/statement.ts';
import { formatPath, type ParsedDocument, valueAt } from '../source/document.ts';
import type { Span } from '../source/source-file.ts';
import type { TomlLayout } from '../source/toml-layout.ts';
import { isSame } from './change.ts';
import { linesOf } from './lines.ts';
import { isPath } from './names.ts';
import type { Repair } from './repair.ts';

/** A key in both of its spellings with one value, such as `commandWindows` beside `command_windows`: one goes. */
export function twins(
  document: ParsedDocument,
  layout: TomlLayout,
  statements: readonly Statement[],
): readonly Repair[] {
  return statements.flatMap(({ path, fact, reason }): Repair[] => {
    const name = fact.aliasOf && siblingName(fact.subject, fact.aliasOf);
    const value = valueAt(document.value, path);
    const other = name === undefined ? undefined : valueAt(document.value, [...path.slice(0, -1), name]);
    if (reason.kind !== 'key' || value === undefined || other === undefined || !isSame(value, other)) return [];
    const span = placeOf(document.source.text, layout, path);
    return span
      ? [
          {
            path,
            what: `\`${formatPath(path)}\` is gone, because \`${name}\` says the same`,
            edits: [{ span, text: '' }],
            changes: [{ kind: 'remove', path }],
          },
        ]
      : [];
  });
}

/** The other spelling, where it stands in the same table. */
function siblingName(subject: string, other: string): string | undefined {
  const [, table = '', name] = /^(.*\.)?([A-Za-z0-9_-]+)$/s.exec(other) ?? [];
  return subject.startsWith(table) && /^[A-Za-z0-9_-]+$/.test(subject.slice(table.length)) ? name : undefined;
}

/** What to cut for a key to be gone: its line, or its part of a table in braces with one comma. */
function placeOf(text: string, layout: TomlLayout, path: Statement['path']): Span | undefined {
  const line = layout.lines.find(({ table, names }) => isPath([...table, ...names], path));
  if (line) {
    const whole = linesOf(text, line.span);
    // A comment behind it may be about either spelling.
    return text.slice(line.span.end, whole.end).trim() === '' ? whole : undefined;
  }
  const member = layout.members.find((one) => isPath(one.path, path));
  if (!member) return undefined;
  const inside = layout.members.filter(({ braces }) => braces.start === member.braces.start);
  const at = inside.indexOf(member);
  const before = inside[at - 1];
  const after = inside[at + 1];
  const span = before
    ? { start: before.span.end, end: member.span.end }
    : { start: member.span.start, end: after?.span.start ?? member.span.end };
  const cut = text.slice(span.start, member.span.start) + text.slice(member.span.end, span.end);
  return /^[\s,]*$/.test(cut) ? span : undefined;
}
