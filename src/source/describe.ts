import { type Data, isArray, isTable } from './document.ts';
import { withoutSecrets } from './secrets.ts';

/** What a value is, in the words of a message: "the text `yes`", "the number 5", "a list". Long text is cut. */
export function describe(value: Data): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text \`${shorten(value)}\``;
  if (typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'number') return `the number ${floatText(value)}`;
  if (typeof value === 'boolean') return String(value);
  if (isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return isTable(value) ? 'a table' : 'a date';
}

/** A float as it is written: `30.0`, never `30`. */
function floatText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}

/** A text of the user for a message: one line, at most 60 characters, secrets blotted out. */
export function shorten(text: string): string {
  const visible = withoutSecrets(text).replace(/\p{Cc}/gu, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`);
  const characters = [...visible];
  return characters.length > 60 ? `${characters.slice(0, 57).join('')}…` : visible;
}
