import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { type Data, isArray, isTable, type KeyPath } from '../../source/document.ts';
import { mayBeSecret, secretIn } from '../../source/secrets.ts';
import { someAt } from '../../source/some-at.ts';
import type { Advised } from './advised.ts';

/** Texts and names that are secrets by their form. The message says of what kind, never which. */
export function secretAdvice({ table, text: whole, at }: Advised): Diagnostic[] {
  if (whole !== undefined && !mayBeSecret(whole) && !hidesTexts(whole)) return [];
  const found: Diagnostic[] = [];
  const look = (text: string, path: KeyPath, part: 'key' | 'value'): void => {
    const what = secretIn(text);
    if (what) found.push(diagnostic('advice/secret', at(path, part), { what }));
  };
  const walk = (value: Data, path: KeyPath): void => {
    // Most of a document has no secret: it is left before a path is made for each of thousands of texts.
    if (!mayHold(value)) return;
    if (typeof value === 'string') look(value, path, 'value');
    else if (isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    else if (isTable(value))
      for (const [key, member] of Object.entries(value)) {
        look(key, [...path, key], 'key');
        walk(member, [...path, key]);
      }
  };
  walk(table, []);
  return found;
}

/** Whether a document can spell a letter otherwise than by itself, or break a text in two. */
function hidesTexts(whole: string): boolean {
  return someAt(whole, '\\', (at) => /[uUx\s]/.test(whole.charAt(at + 1)));
}

/** Whether some text or name in a value may be a secret. */
function mayHold(value: Data): boolean {
  if (typeof value === 'string') return mayBeSecret(value);
  if (typeof value !== 'object') return false;
  if (isArray(value)) return value.some(mayHold);
  if (!isTable(value)) return false;
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (mayBeSecret(key) || (member !== undefined && mayHold(member))) return true;
  }
  return false;
}
