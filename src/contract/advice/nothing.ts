import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Advised } from './advised.ts';

/** A file of comments and blank lines: Codex takes it as a policy that says nothing. */
export function nothingAdvice({ table, at }: Advised): Diagnostic[] {
  return Object.keys(table).length === 0 ? [diagnostic('advice/nothing-said', at([]), {})] : [];
}
