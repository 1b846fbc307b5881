import type { Span } from '../source/source-file.ts';

/** The whole lines that a span touches, with their last line break. */
export function linesOf(text: string, { start, end }: Span): Span {
  const lineEnd = text.indexOf('\n', Math.max(start, end - 1));
  return { start: lineStart(text, start), end: lineEnd < 0 ? text.length : lineEnd + 1 };
}

/** Where the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** The line before one that starts at an offset; undefined at the start of the text. */
export function lineBefore(text: string, start: number): Span | undefined {
  return start === 0 ? undefined : { start: lineStart(text, start - 1), end: start };
}

/** Where the comment lines that stand directly above a line start; the line itself where there are none. */
export function withComments(text: string, start: number): number {
  let first = start;
  for (let above = lineBefore(text, first); above; above = lineBefore(text, first)) {
    if (!/^[ \t]*#/.test(text.slice(above.start, above.end))) break;
    first = above.start;
  }
  return first;
}

/** Whether a line holds nothing. */
export function isBlank(text: string, line: Span): boolean {
  return text.slice(line.start, line.end).trim() === '';
}

/** The line break of a text: that of the line at an offset. */
export function lineBreak(text: string, offset: number): string {
  const at = text.indexOf('\n', offset);
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}
