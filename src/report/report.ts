import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile } from '../source/source-file.ts';

/** All that a run has to say, in any format. */
export interface Report {
  readonly tool: { readonly name: 'codex-mdm'; readonly version: string };
  /** Already sorted, exact duplicates dropped. */
  readonly diagnostics: readonly Diagnostic[];
  /** The texts by name, for the picture and for the files without findings. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** Lines for people, such as the releases on which all holds. */
  readonly notes: readonly string[];
  /** The last line for people. */
  readonly summary: string;
  readonly checkedFiles: number;
  /** What was checked, file by file; without it nothing is said of single files. */
  readonly files?: readonly CheckedFile[];
}

/** A file that was checked, and what each range of releases makes of the requirements in it (oldest first). */
export interface CheckedFile {
  readonly file: string;
  readonly kind: string;
  readonly ranges: readonly { readonly from: string; readonly to: string; readonly effect: string }[];
}

/** How text is shown: `width` in columns. */
export interface Style {
  readonly color: boolean;
  readonly width: number;
}

export type Format = 'text' | 'json' | 'sarif' | 'github' | 'junit' | 'gitlab';

/** A report as a text that ends in a line break; nothing is printed. */
export type Formatter = (report: Report, style: Style) => string;

/** Finding and help as one sentence, for the formats that have a single field. */
export function sentence({ message, help }: Diagnostic): string {
  return help === undefined ? message : `${message}; ${help}`;
}
