/** The bytes, or why Codex does not decode the text. */
export type Base64Result = { readonly bytes: Uint8Array } | { readonly problem: string; readonly fix: string };

const oneLine = 'write it on one line, as `base64 -w0` or `codex-mdm build` do';

/** Strict standard base64 with padding, as Codex decodes it; white space around it is cut off, inside it is refused. */
export function decodeBase64(text: string): Base64Result {
  const value = text.trim();
  if (/[\r\n]/.test(value)) return { problem: 'it is broken into lines', fix: oneLine };
  if (/\s/.test(value)) return { problem: 'it holds blank space', fix: oneLine };
  if (/^[A-Za-z0-9_-]+={0,2}$/.test(value) && /[-_]/.test(value))
    return { problem: 'it is in the URL alphabet (`-` and `_`)', fix: 'use `+` and `/`, the standard alphabet' };
  const odd = /[^A-Za-z0-9+/=]/.exec(value)?.[0];
  if (odd !== undefined)
    return { problem: `\`${odd}\` is no character of base64`, fix: 'encode the text of requirements.toml as base64' };
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    return { problem: 'its length or its padding (`=`) is wrong', fix: 'encode the file again: a part is missing' };
  const bytes = Buffer.from(value, 'base64');
  // A last character with bits that belong to no byte: the decoder of Codex is strict there too.
  if (bytes.toString('base64') !== value)
    return { problem: 'its last character does not fit', fix: 'encode the file again: a part is missing' };
  return { bytes };
}
