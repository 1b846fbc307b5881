import { type Diagnostic, diagnostic, type Result } from '../diagnostics/diagnostic.ts';
import type { SourceFile, SourceLocation } from './source-file.ts';

/** The largest input that is read, in bytes. */
export const maxInputBytes = 4 * 1024 * 1024;

/** Bytes of a file as text: UTF-8 without its mark, neither empty nor binary nor above `maxInputBytes`. */
export function decode(name: string, bytes: Uint8Array): Result<SourceFile> {
  const fail = (found: Diagnostic): Result<SourceFile> => ({ value: undefined, diagnostics: [found] });
  const start = { location: endOf(name, '') };
  if (bytes.length > maxInputBytes)
    return fail(diagnostic('input/too-large', start, { bytes: bytes.length, maxBytes: maxInputBytes }));
  if (isUtf16(bytes)) return fail(diagnostic('input/not-utf8', start, { encoding: 'UTF-16' }));

  const text = decodeStrictly(bytes, false);
  if (text === undefined) {
    const good = goodPrefix(bytes);
    const nul = good.indexOf('\0');
    if (nul >= 0) return fail(diagnostic('input/binary', { location: endOf(name, good.slice(0, nul)) }, {}));
    const at = { location: endOf(name, good) };
    // A NUL after the first bad byte: not a text in another encoding.
    return fail(
      bytes.includes(0)
        ? diagnostic('input/binary', at, {})
        : diagnostic('input/not-utf8', at, { encoding: undefined }),
    );
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) return fail(diagnostic('input/binary', { location: endOf(name, text.slice(0, nul)) }, {}));
  if (text === '') return fail(diagnostic('input/empty', start, {}));
  return { value: { name, text }, diagnostics: [] };
}

const strict = new TextDecoder('utf-8', { fatal: true });

/** The text, or undefined at a byte that is not UTF-8; `partial` allows a last character that is cut. */
function decodeStrictly(bytes: Uint8Array, partial: boolean): string | undefined {
  try {
    // One that may stop in the middle of a character remembers it: it serves one text alone.
    const decoder = partial ? new TextDecoder('utf-8', { fatal: true }) : strict;
    return decoder.decode(bytes, { stream: partial });
  } catch {
    return undefined;
  }
}

/** The text before the first bad byte, by bisection: the decoder does not say where it stopped. */
function goodPrefix(bytes: Uint8Array): string {
  let good = 0;
  let bad = bytes.length + 1;
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (decodeStrictly(bytes.subarray(0, middle), true) === undefined) bad = middle;
    else good = middle;
  }
  return decodeStrictly(bytes.subarray(0, good), true) ?? '';
}

/** UTF-16 by its mark, or by the NUL that stands beside each of two leading ASCII characters. */
function isUtf16(bytes: Uint8Array): boolean {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  const ascii = (byte: number | undefined): boolean => byte !== undefined && byte > 0 && byte < 0x80;
  return (ascii(a) && b === 0 && ascii(c) && d === 0) || (a === 0 && ascii(b) && c === 0 && ascii(d));
}

/** The place just behind a text that starts the file. */
function endOf(file: string, before: string): SourceLocation {
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  const column = before.length - lineStart + 1;
  return { file, line, column, endLine: line, endColumn: column };
}
