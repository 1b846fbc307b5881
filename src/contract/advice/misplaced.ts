import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import type { KeyPath } from '../../source/document.ts';
import { isPlainRootKey } from '../misplaced.ts';
import { type Advised, membersAt } from './advised.ts';

/** Tables that take any name with a text or a boolean, so that a root key below their header is an entry like others. */
const openTables: readonly KeyPath[] = [
  ['otel', 'span_attributes'],
  ['otel', 'tracestate'],
];

/** Root keys that stand in such a table: Codex takes them as entries. Elsewhere the judge speaks. */
export function misplacedAdvice({ table, contract, at }: Advised): Diagnostic[] {
  return openTables.flatMap((path) =>
    membersAt(table, path).flatMap(([key]) => {
      if (!isPlainRootKey(key, contract)) return [];
      const args = { key, table: path.join('.'), line: at(path, 'key').location.line };
      return [diagnostic('advice/root-key-in-table', at([...path, key], 'key'), args)];
    }),
  );
}
