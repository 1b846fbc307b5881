import { createHash } from 'node:crypto';

/** One file of a bundle: a relative path with '/' separators, its permissions and its bytes. */
export interface FileArtifact {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: 0o644 | 0o755;
  readonly bytes: Uint8Array;
}

/** A file artifact from text (encoded as UTF-8) or bytes. */
export function file(path: string, content: string | Uint8Array, mode: 0o644 | 0o755 = 0o644): FileArtifact {
  return { kind: 'file', path, mode, bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content };
}

/** The SHA-256 of some bytes, in lower-case hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Base64 on one line, with padding. */
export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes as string).toString('base64');
}

/** Order by UTF-16 code unit, the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
