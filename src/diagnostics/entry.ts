export type Severity = 'error' | 'warning' | 'note';

/** What is said of one kind of finding. The arguments carry the facts, the entry owns the wording. */
export interface Entry<Args> {
  readonly severity: Severity;
  /** One sentence: lower case first, no final full stop, names of the file in backticks. */
  readonly message: (args: Args) => string;
  /** An order that the reader can carry out. */
  readonly help?: (args: Args) => string | undefined;
  /** Why it matters, one or two sentences for docs/diagnostics.md and `codes CODE`. */
  readonly why: string;
}

/** Gives an entry the type of its arguments. */
export function entry<Args>(value: Entry<Args>): Entry<Args> {
  return value;
}

/** Texts in backticks, joined as an English list; at most eight, then "and N more". */
export function list(texts: readonly string[]): string {
  const shown = texts.slice(0, 8).map((text) => `\`${text}\``);
  return texts.length > 8 ? `${shown.join(', ')} and ${texts.length - 8} more` : shown.join(', ');
}
