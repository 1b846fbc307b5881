import type { Data } from '../../source/document.ts';

// White space as Codex sees it: that of Unicode. What JavaScript trims lacks U+0085 and has U+FEFF beside.

/** Whether a text is white space alone. The empty text has facts of its own. */
export function isBlank(value: Data | undefined): boolean {
  // A first character of plain ASCII settles it for nearly every text.
  return typeof value === 'string' && !isPlain(value.charCodeAt(0)) && /^\p{White_Space}+$/u.test(value);
}

/** Whether a character is of ASCII and neither white space nor control: `!` to `~`. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** A text without white space around it. */
export function trimmed(text: string): string {
  // Nearly every text begins and ends with plain ASCII, and then there is nothing to look for.
  if (isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1))) return text;
  return text.replaceAll(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}
