import type { KeyPath } from '../source/document.ts';
import type { Change } from './change.ts';
import type { Edit } from './edit.ts';

/** One correction: what it does to the text, and what that must do to the data. */
export interface Repair {
  /** The statement that it mends. */
  readonly path: KeyPath;
  /** In words; of two repairs of one text never the same. */
  readonly what: string;
  readonly edits: readonly Edit[];
  readonly changes: readonly Change[];
  /** A blank line that several repairs at one place need once. */
  readonly gap?: Edit;
}
