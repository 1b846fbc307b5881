import { build } from 'plist';

/** What our property lists may hold. Numbers are whole: nothing of ours is a `<real>` or `<data>`. */
export type PlistValue = string | number | boolean | readonly PlistValue[] | { readonly [key: string]: PlistValue };

/**
 * An XML property list: keys in the order given, tabs, LF. The package drops null and undefined, writes NaN and does
 * not say where a character is forbidden, so values are checked first; a fault throws with its place.
 */
export function plist(value: PlistValue): string {
  check(value, 'plist');
  return `${build(value as Parameters<typeof build>[0], { indent: '\t', newline: '\n' })}\n`;
}

/** Text that XML can carry and every reader gives back alike: control characters, CR and lone surrogates become U+FFFD. */
export function plistText(text: string): string {
  return text.replaceAll(forbidden, '\uFFFD');
}

// XML 1.0, production Char, and CR, which readers turn into LF; `u` makes a surrogate pair one character.
const forbidden = /[^\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

function check(value: unknown, place: string): void {
  if (typeof value === 'boolean') return;
  if (typeof value === 'string') {
    if (plistText(value) !== value) throw new Error(`unreachable: a character at ${place} that XML cannot carry`);
    return;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error(`unreachable: ${value} at ${place} is no whole number`);
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) check(item, `${place}[${index}]`);
    return;
  }
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error(`unreachable: ${String(value)} at ${place} has no form in a property list`);
  for (const [key, member] of Object.entries(value)) {
    check(key, `a key of ${place}`);
    check(member, `${place}.${key}`);
  }
}
