/** Tags may stand in one another this many times: a signed profile needs about ten. */
const maxLevels = 32;

/** The content of a signed message, or why there is none. */
export type CmsResult = { readonly content: Uint8Array } | { readonly problem: string; readonly fix: string };

interface Element {
  readonly tag: number;
  readonly isConstructed: boolean;
  /** Of the content, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Behind the element, its end mark included. */
  readonly next: number;
}

const signedData = '2a864886f70d010702';
const envelopedData = '2a864886f70d010703';

/**
 * The content inside a CMS (PKCS#7) SignedData, DER or BER with indefinite lengths and content in pieces. The signature
 * is not verified. Never throws.
 */
export function cmsContent(bytes: Uint8Array): CmsResult {
  const broken = { problem: 'the signed message is broken', fix: 'sign the profile again' };
  const outer = elementAt(bytes, 0, bytes.length, 0);
  if (outer?.tag !== 0x30) return broken;
  const [type, wrapper] = childrenOf(bytes, outer, 1, 2) ?? [];
  if (type?.tag !== 0x06) return broken;
  const name = hex(bytes.subarray(type.start, type.end));
  if (name === envelopedData)
    return { problem: 'the profile is encrypted, and cannot be read here', fix: 'check it before it is encrypted' };
  if (name !== signedData || !wrapper || wrapper.tag !== 0xa0)
    return { problem: 'the file is no signed message (CMS SignedData)', fix: 'name a profile or a property list' };
  const [signed] = childrenOf(bytes, wrapper, 2, 1) ?? [];
  if (signed?.tag !== 0x30) return broken;
  // version, digestAlgorithms, encapContentInfo
  const [, , inner] = childrenOf(bytes, signed, 3, 3) ?? [];
  if (inner?.tag !== 0x30) return broken;
  const [, explicit] = childrenOf(bytes, inner, 4, 2) ?? [];
  if (!explicit)
    return {
      problem: 'the signature does not hold the profile that it signs',
      fix: 'sign with the content inside (`openssl smime -sign -nodetach -outform der -binary`)',
    };
  const [content] = childrenOf(bytes, explicit, 5, 1) ?? [];
  const pieces: Uint8Array[] = [];
  if (!content || !collect(bytes, content, 6, pieces)) return broken;
  return { content: pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces) };
}

/** The bytes of an OCTET STRING, in one piece or in many. */
function collect(bytes: Uint8Array, element: Element, level: number, pieces: Uint8Array[]): boolean {
  if ((element.tag & 0x1f) !== 0x04) return false;
  if (!element.isConstructed) {
    pieces.push(bytes.subarray(element.start, element.end));
    return true;
  }
  const children = childrenOf(bytes, element, level, Number.POSITIVE_INFINITY);
  return children?.every((child) => collect(bytes, child, level + 1, pieces)) ?? false;
}

/** The first elements inside a constructed one; undefined where one is broken. */
function childrenOf(bytes: Uint8Array, parent: Element, level: number, limit: number): Element[] | undefined {
  if (!parent.isConstructed) return undefined;
  const found: Element[] = [];
  for (let at = parent.start; at < parent.end && found.length < limit; ) {
    const child = elementAt(bytes, at, parent.end, level);
    if (!child) return undefined;
    found.push(child);
    at = child.next;
  }
  return found;
}

/** The element at a place. For one of indefinite length all that it holds is walked through once. */
function elementAt(bytes: Uint8Array, at: number, end: number, level: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  // Tags of more than one byte do not occur in such a message.
  if (level > maxLevels || tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || at + 2 > end)
    return undefined;
  const isConstructed = (tag & 0x20) !== 0;
  if (first === 0x80) {
    if (!isConstructed) return undefined;
    const start = at + 2;
    let inner = start;
    while (!(bytes[inner] === 0 && bytes[inner + 1] === 0)) {
      const child = inner < end ? elementAt(bytes, inner, end, level + 1) : undefined;
      if (!child) return undefined;
      inner = child.next;
    }
    return inner + 2 > end ? undefined : { tag, isConstructed, start, end: inner, next: inner + 2 };
  }
  const sizeLength = first < 0x80 ? 0 : first & 0x7f;
  if (sizeLength > 4) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < sizeLength; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  const start = at + 2 + sizeLength;
  return start + length > end ? undefined : { tag, isConstructed, start, end: start + length, next: start + length };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * The bytes of a message that was written as text: PEM (`-----BEGIN PKCS7-----`, `CMS`) or S/MIME, as `openssl smime`
 * writes without `-outform der`. Undefined where the text is neither.
 */
export function unwrapText(text: string): Uint8Array | undefined {
  const pem = /^-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----\r?\n([A-Za-z0-9+/=\s]*)-----END \1-----\s*$/.exec(
    text.trimStart(),
  );
  const smime = /^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n([A-Za-z0-9+/=\s]*)$/.exec(text);
  const body =
    pem?.[2] ?? (smime && /^content-type:\s*application\/(?:x-)?pkcs7-mime/im.test(text) ? smime[1] : undefined);
  return body === undefined ? undefined : Buffer.from(body.replaceAll(/\s/g, ''), 'base64');
}
