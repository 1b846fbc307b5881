/** One code point of a line as a terminal shows it. */
export interface Cell {
  /** The character itself, or an escape for one that would not be seen or would steer the terminal. */
  readonly shown: string;
  /** Columns of the terminal; a tab counts as one, because the line below repeats it. */
  readonly columns: number;
  /** UTF-16 offset in the line. */
  readonly offset: number;
}

const joiner = '\u200D';
/** Control characters, marks of direction, and others that would not be seen or would steer the terminal. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u;
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
const narrowest = /[\p{Mn}\p{Me}\p{Emoji_Modifier}]/u;

/** A line without its break, code point by code point. */
export function cellsOf(line: string): Cell[] {
  const cells: Cell[] = [];
  let offset = 0;
  let isJoined = false;
  for (const character of line) {
    const isShown = character === '\t' || character === joiner || !unseen.test(character);
    const shown = isShown ? character : escapeOf(character);
    cells.push({ shown, columns: isShown ? columnsOf(character, isJoined) : shown.length, offset });
    isJoined = character === joiner;
    offset += character.length;
  }
  return cells;
}

function columnsOf(character: string, isJoined: boolean): number {
  if (isJoined || character === joiner || narrowest.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Printable ASCII, and the dashes and dots of our own sentences. */
const plain = /^[ -~\u2010-\u2027]*$/;

/** A text with every character that would not be seen, or would steer a terminal, as an escape; tabs and line breaks too. */
export function visible(text: string): string {
  if (plain.test(text)) return text;
  return cellsOf(text)
    .map(({ shown }) => (shown === '\t' ? '\\t' : shown))
    .join('');
}

function escapeOf(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
