import type { KeyPath } from '../source/document.ts';
import type { SourceLocation } from '../source/source-file.ts';
import { type ArgsOf, type Code, catalog } from './catalog.ts';
import type { Severity } from './entry.ts';

export type { Severity };

/** A second place that belongs to a finding: "first defined here". */
export interface Related {
  readonly message: string;
  readonly location: SourceLocation;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | undefined;
  readonly location: SourceLocation;
  /** The key that the finding is about, in the file it stands in. */
  readonly path: KeyPath;
  readonly related: readonly Related[];
}

/** A stage's value (undefined when it could not be made) and all that it found. Stages collect; they do not throw. */
export interface Result<T> {
  readonly value: T | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The only maker of diagnostics: wording and severity come from the catalogue, the facts from the arguments. */
export function diagnostic<C extends Code>(
  code: C,
  at: { readonly location: SourceLocation; readonly path?: KeyPath; readonly related?: readonly Related[] },
  args: ArgsOf<C>,
): Diagnostic {
  const entry = catalog[code] as {
    readonly severity: Severity;
    readonly message: (args: ArgsOf<C>) => string;
    readonly help?: (args: ArgsOf<C>) => string | undefined;
  };
  return {
    code,
    severity: entry.severity,
    message: entry.message(args),
    help: entry.help?.(args),
    location: at.location,
    path: at.path ?? [],
    related: at.related ?? [],
  };
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** Sorted by file, line, column and code, exact duplicates dropped: the order in which every format prints. */
export function sorted(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const order = (a: Diagnostic, b: Diagnostic): number =>
    compareText(a.location.file, b.location.file) ||
    a.location.line - b.location.line ||
    a.location.column - b.location.column ||
    (a.location.decoded?.line ?? 0) - (b.location.decoded?.line ?? 0) ||
    (a.location.decoded?.column ?? 0) - (b.location.decoded?.column ?? 0) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message);
  const result = [...diagnostics].sort(order);
  return result.filter((d, i) => {
    const before = result[i - 1];
    return !before || order(before, d) !== 0;
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
