/** Characters of a reason that a relay shows. */
const maxLength = 2000;

/**
 * A text as a relay may show it: one line, without control characters, direction marks and other invisible ones;
 * undefined when nothing visible is left, because Codex takes a denial without a visible reason for none.
 */
export function visibleText(text: string): string | undefined {
  const cleaned = text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/\p{Cf}/gu, '')
    .trim();
  return cleaned === '' ? undefined : Array.from(cleaned).slice(0, maxLength).join('');
}

/** The reason of the relay's own denials. */
export function denialMessage(userMessage: string, policyName: string): string {
  return visibleText(userMessage) ?? `Blocked by policy ${policyName}.`;
}

/** A text inside a JSON string, without its quotation marks, in pure ASCII. */
export function jsonText(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A value of a CloudEvents HTTP header: what is not plain is percent-encoded as UTF-8. */
export function headerValue(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9._@-]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  }).join('');
}
