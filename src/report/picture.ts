import { withoutSecrets } from '../source/secrets.ts';
import { lineText, type SourceFile, type SourceLocation } from '../source/source-file.ts';
import { type Cell, cellsOf } from './cells.ts';

/** A source line as it is shown, and the line below it that underlines the finding. */
export interface Picture {
  readonly line: string;
  /** What stands before the carets: spaces, and the tabs of the line. */
  readonly indent: string;
  readonly carets: string;
}

const cut = '…';

/** The first line of a place with carets below; a line wider than `width` columns is cut around them. */
export function drawPicture(source: SourceFile, location: SourceLocation, width: number): Picture {
  // The line goes to CI logs: a secret in it is blotted out, with as many columns.
  const whole = shownLine(source, location.line);
  const start = Math.min(location.column - 1, whole.length);
  const end = location.endLine > location.line ? whole.length : Math.min(location.endColumn - 1, whole.length);

  // Of a line of megabytes only the neighbourhood is looked at.
  const from = Math.max(0, start - width * 2);
  const near = cellsOf(whole.slice(from, start + width * 4)).map((cell) => ({ ...cell, offset: cell.offset + from }));
  const isCut = near.length === 0 || from > 0 || from + width * 4 < whole.length || columnsOf(near) > width;
  const cells = isCut ? near.map(untabbed) : near;
  const marked = { from: indexAt(cells, start), to: Math.max(indexAt(cells, end), indexAt(cells, start)) };
  const shown = isCut ? windowAround(cells, marked.from, width) : { from: 0, to: cells.length };

  const head = shown.from > 0 || from > 0 ? cut : '';
  const tail = shown.to < cells.length || from + width * 4 < whole.length ? cut : '';
  const visibleCells = cells.slice(shown.from, shown.to);
  const before = cells.slice(shown.from, marked.from);
  const under = cells.slice(marked.from, Math.min(marked.to, shown.to));
  return {
    line: `${head}${visibleCells.map((cell) => cell.shown).join('')}${tail}`.trimEnd(),
    indent:
      ' '.repeat(head.length) + before.map((cell) => (cell.shown === '\t' ? '\t' : ' '.repeat(cell.columns))).join(''),
    carets: '^'.repeat(Math.max(1, columnsOf(under))),
  };
}

let last: { readonly source: SourceFile; readonly line: number; readonly text: string } | undefined;

/** A line without its secrets; of a file on one line, it is the same for thousands of findings. */
function shownLine(source: SourceFile, line: number): string {
  if (last?.source !== source || last.line !== line)
    last = { source, line, text: withoutSecrets(lineText(source, line)) };
  return last.text;
}

function columnsOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.columns, 0);
}

/** The cell that starts at an offset of the line or behind it. */
function indexAt(cells: readonly Cell[], offset: number): number {
  const index = cells.findIndex((cell) => cell.offset >= offset);
  return index < 0 ? cells.length : index;
}

/** A run of cells of at most `width` columns with its marks of cutting; a third of it before the finding. */
function windowAround(
  cells: readonly Cell[],
  marked: number,
  width: number,
): { readonly from: number; readonly to: number } {
  let from = marked;
  for (let room = Math.floor(width / 3); from > 0; from--) {
    room -= cells[from - 1]?.columns ?? 0;
    if (room < 0) break;
  }
  let to = from;
  for (let room = width - 2 * cut.length; to < cells.length; to++) {
    room -= cells[to]?.columns ?? 0;
    if (room < 0) break;
  }
  return { from, to };
}

/** In a line that is cut, tabs would stand at other stops than in the file. */
function untabbed(cell: Cell): Cell {
  return cell.shown === '\t' ? { ...cell, shown: ' ' } : cell;
}
