// Forms of texts that HTTP and addresses have; Codex reads both by the same standards.

/** Whether a text is a name of a header, of a cookie, or an authentication scheme. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(text);
}

/** An address in its parts. Not asked by `URL.canParse`: in hot code, that of Node 20 refuses letters beyond ASCII. */
export function urlOf(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** HTTPS, or HTTP that stays on the machine; no user and no fragment. */
export function keepsSecrets(address: string): boolean {
  const url = urlOf(address);
  if (url?.username !== '' || url.password !== '' || url.href.includes('#')) return false;
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
}
