import type { Data } from '../../source/document.ts';

/** Whether a text is white space alone, as Codex sees it. The empty text has facts of its own. */
export function isBlank(value: Data | undefined): boolean {
  // A first character of plain ASCII settles it for nearly every text.
  return typeof value === 'string' && !/^[!-~]/.test(value) && /^\p{White_Space}+$/u.test(value);
}
