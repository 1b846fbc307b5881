import type { ArgsOf, Code } from '../diagnostics/catalog.ts';
import type { KeyPath } from '../source/document.ts';
import type { Span } from '../source/source-file.ts';

/** A finding about the wrapper before its file is known. */
export type WrapperFinding = {
  [C in Extract<Code, `profile/${string}`>]: {
    readonly code: C;
    readonly args: ArgsOf<C>;
    readonly span: Span;
    readonly path: KeyPath;
  };
}[Extract<Code, `profile/${string}`>];
