import { sha256 } from '../artifacts/artifact.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../source/document.ts';
import { formatDecoded } from '../source/source-file.ts';

/**
 * One lower-case hex SHA-256 for each finding, by which a system recognises it after lines have moved. Equal findings
 * in one file are told apart by their order.
 */
export function fingerprints(diagnostics: readonly Diagnostic[]): readonly string[] {
  const seen = new Map<string, number>();
  return diagnostics.map(({ code, path, message, location }) => {
    const { decoded } = location;
    const said = decoded ? message.replace(` (${formatDecoded(decoded)})`, '') : message;
    const identity = JSON.stringify([location.file, code, formatPath(path), said]);
    const before = seen.get(identity) ?? 0;
    seen.set(identity, before + 1);
    return sha256(new TextEncoder().encode(before === 0 ? identity : `${identity} ${before}`));
  });
}
