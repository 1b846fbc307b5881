import type { Contract } from '../contract/contract.ts';
import type { Statement } from '../contract/statement.ts';
import { formatPath, type KeyPath, type ParsedDocument } from '../source/document.ts';
import type { Span } from '../source/source-file.ts';
import type { Line, TomlLayout } from '../source/toml-layout.ts';
import type { Edit } from './edit.ts';
import { isBlank, lineBefore, lineBreak, lineStart, linesOf, withComments } from './lines.ts';
import { isPath, onlyOnes } from './names.ts';
import type { Repair } from './repair.ts';

/**
 * Keys of the root that stand behind a table header, so that the table swallows them: they move above the first
 * header with their comments. Neighbours move as one where `together` says so, and keep the blank lines between them.
 */
export function misplaced(
  document: ParsedDocument,
  layout: TomlLayout,
  failing: readonly Statement[],
  contract: Contract,
  together: boolean,
): readonly Repair[] {
  const { firstHeader } = layout;
  if (!firstHeader) return [];
  const wrong = new Set(failing.map(({ path }) => formatPath(path)));
  const swallowed = layout.lines.filter(({ table, names: [first = ''] }) => {
    const path = [...table, first];
    return (
      table.length > 0 &&
      contract.root.members.has(first) &&
      !Object.hasOwn(document.value, first) &&
      wrong.has(formatPath(path))
    );
  });
  // Of a key that two tables swallow, nobody knows which one is meant.
  const single = onlyOnes(swallowed, ({ names }) => formatPath(names));
  return runs(new Set(single), layout.lines, together).map((run) =>
    repair(document.source.text, run, layout, firstHeader),
  );
}

function runs(chosen: ReadonlySet<Line>, lines: readonly Line[], together: boolean): readonly (readonly Line[])[] {
  const result: Line[][] = [];
  let last: Line | undefined;
  for (const line of lines) {
    const run = result.at(-1);
    if (chosen.has(line)) {
      if (together && run && last && run.at(-1) === last && isPath(last.table, line.table)) run.push(line);
      else result.push([line]);
    }
    last = line;
  }
  return result;
}

function repair(text: string, run: readonly Line[], layout: TomlLayout, firstHeader: Span): Repair {
  const first = run[0]?.span ?? firstHeader;
  const last = run.at(-1)?.span ?? first;
  const block = { start: withComments(text, lineStart(text, first.start)), end: linesOf(text, last).end };
  const eol = lineBreak(text, firstHeader.start);
  const moved = dedented(text, block, run);
  const target = insertion(text, layout, firstHeader);
  const insert: Edit = {
    span: { start: target.at, end: target.at },
    text: moved.endsWith('\n') ? moved : `${moved}${eol}`,
  };
  const table = tableName(run[0]?.table ?? []);
  return {
    path: [...(run[0]?.table ?? []), ...(run[0]?.names.slice(0, 1) ?? [])],
    what: `${run.map(({ names }) => `\`${formatPath(names)}\``).join(', ')} now ${run.length === 1 ? 'stands' : 'stand'} above the first table, no longer in \`${table}\``,
    edits: [insert, { span: withBlankLines(text, block), text: '' }],
    changes: run.map(({ table: from, names }) => ({ kind: 'move', table: from, names })),
    ...(target.needsGap ? { gap: { ...insert, text: eol } } : {}),
  };
}

function tableName(path: KeyPath): string {
  const names = formatPath(path.filter((step) => typeof step === 'string'));
  return path.some((step) => typeof step === 'number') ? `[[${names}]]` : `[${names}]`;
}

/** Behind the last key of the root, else above the first header and the comments that belong to it. */
function insertion(text: string, layout: TomlLayout, firstHeader: Span): { at: number; needsGap: boolean } {
  const last = layout.lines.findLast(({ table }) => table.length === 0);
  if (last) return { at: linesOf(text, last.span).end, needsGap: false };
  return { at: withComments(text, lineStart(text, firstHeader.start)), needsGap: true };
}

/** A block to cut, with the blank lines before it where there are such lines behind it too, or the end. */
function withBlankLines(text: string, block: Span): Span {
  const next = linesOf(text, { start: block.end, end: block.end });
  if (block.end < text.length && !isBlank(text, next)) return block;
  let { start } = block;
  for (let above = lineBefore(text, start); above && isBlank(text, above); above = lineBefore(text, start))
    start = above.start;
  return { start, end: block.end };
}

/** The lines of a block without the indentation that they had below their table; what a value holds stays as it is. */
function dedented(text: string, block: Span, run: readonly Line[]): string {
  const first = run[0]?.span.start ?? block.start;
  const indent = text.slice(lineStart(text, first), first);
  const values = run.map(({ span }) => span);
  let result = '';
  for (let at = block.start; at < block.end; ) {
    const { end } = linesOf(text, { start: at, end: at + 1 });
    const line = text.slice(at, end);
    const isInside = values.some((span) => span.start < at && at < span.end);
    result += !isInside && line.startsWith(indent) ? line.slice(indent.length) : line;
    at = end;
  }
  return result;
}
