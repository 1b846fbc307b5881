import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { type Data, isArray, isTable } from '../../source/document.ts';
import { secretIn } from '../../source/secrets.ts';
import type { Advised } from './advised.ts';

/** Texts and names that are secrets by their form. The message says of what kind, never which. */
export function secretAdvice({ table, at }: Advised): Diagnostic[] {
  const found: Diagnostic[] = [];
  // One path for the whole walk: copies for thousands of texts without a secret would cost more than the look at them.
  const path: (string | number)[] = [];
  const look = (text: string, part: 'key' | 'value'): void => {
    const what = secretIn(text);
    if (what) found.push(diagnostic('advice/secret', at([...path], part), { what }));
  };
  const walk = (value: Data): void => {
    if (typeof value === 'string') look(value, 'value');
    else if (isArray(value))
      for (const [index, item] of value.entries()) {
        path.push(index);
        walk(item);
        path.pop();
      }
    else if (isTable(value))
      for (const [key, member] of Object.entries(value)) {
        path.push(key);
        look(key, 'key');
        walk(member);
        path.pop();
      }
  };
  walk(table);
  return found;
}
