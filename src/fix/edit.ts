import type { Span } from '../source/source-file.ts';

/** What stands at a place of a text from now on; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** The text with the edits; of edits at one place the first stands first. None may overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const { span, text: fresh } of ordered) {
    if (span.start < at) throw new Error('unreachable: two edits overlap');
    result += text.slice(at, span.start) + fresh;
    at = span.end;
  }
  return result + text.slice(at);
}

/** Whether an edit touches the place of another one. */
export function overlaps(edit: Edit, others: readonly Edit[]): boolean {
  return others.some(
    ({ span }) =>
      (span.start < edit.span.end && edit.span.start < span.end) ||
      (span.start === edit.span.start && span.end > span.start && edit.span.end > edit.span.start),
  );
}
