import type { Data } from '../source/document.ts';

/** Whether a text is white space alone, as Codex sees it. The empty text has facts of its own. */
export function isBlank(value: Data | undefined): boolean {
  return typeof value === 'string' && /^\p{White_Space}+$/u.test(value);
}
