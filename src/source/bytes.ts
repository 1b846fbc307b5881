import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { locationAt, type SourceFile } from './source-file.ts';

/** What is worth saying of the bytes of a TOML text that Codex accepts: its mark, and its line ends. */
export function byteFindings(source: SourceFile, bytes: Uint8Array): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    found.push(diagnostic('input/byte-order-mark', { location: locationAt(source, { start: 0, end: 0 }) }, {}));
  const first = source.text.indexOf('\r\n');
  if (first >= 0) {
    let lines = 0;
    for (let at = first; at >= 0; at = source.text.indexOf('\r\n', at + 2)) lines++;
    found.push(diagnostic('input/crlf', { location: locationAt(source, { start: first, end: first + 1 }) }, { lines }));
  }
  return found;
}
