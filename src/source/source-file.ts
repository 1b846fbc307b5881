/** A text that came from the user, and the only place where offsets become lines and columns. */
export interface SourceFile {
  /** As the user wrote it, with '/' separators; `<stdin>` for '-'. */
  readonly name: string;
  /** Decoded strictly as UTF-8, byte order mark removed. */
  readonly text: string;
}

/** UTF-16 offsets into a text, half open. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as people and editors count: lines and columns from 1, columns in UTF-16 units, the end exclusive. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Where the text stands in a value that the file carries encoded, such as a profile; all else is its key's place. */
  readonly decoded?: DecodedPlace;
}

/** A place in the decoded value of a key, counted like any other. */
export interface DecodedPlace {
  readonly key: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

const lineStarts = new WeakMap<SourceFile, readonly number[]>();

function startsOf(source: SourceFile): readonly number[] {
  const known = lineStarts.get(source);
  if (known) return known;
  const starts = [0];
  for (let i = source.text.indexOf('\n'); i >= 0; i = source.text.indexOf('\n', i + 1)) starts.push(i + 1);
  lineStarts.set(source, starts);
  return starts;
}

function position(starts: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The place of a span; offsets outside the text are moved to its nearest end. */
export function locationAt(source: SourceFile, span: Span): SourceLocation {
  const starts = startsOf(source);
  const start = Math.min(Math.max(span.start, 0), source.text.length);
  const end = Math.min(Math.max(span.end, start), source.text.length);
  const from = position(starts, start);
  const to = position(starts, end);
  return { file: source.name, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** A decoded place as people read it: `requirements_toml_base64:3:5`. */
export function formatDecoded({ key, line, column }: DecodedPlace): string {
  return `${key}:${line}:${column}`;
}

/** One line of the text without its line break, counted from 1; the empty string when there is no such line. */
export function lineText(source: SourceFile, line: number): string {
  const starts = startsOf(source);
  const start = starts[line - 1];
  if (start === undefined) return '';
  return source.text.slice(start, starts[line] ?? source.text.length).replace(/\r?\n$/, '');
}
