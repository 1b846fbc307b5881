import { Buffer } from 'node:buffer';
import { ZipArchive } from 'archiver';
import { byCodeUnit, type FileArtifact } from './artifact.ts';

/** A zip of these files: stored, sorted, with one fixed date, so that equal files give equal bytes everywhere. */
export async function zip(entries: readonly FileArtifact[]): Promise<Uint8Array> {
  const archive = new ZipArchive({ store: true });
  const chunks: Uint8Array[] = [];
  const done = new Promise<void>((resolve, reject) => {
    archive.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    archive.on('end', resolve);
    archive.on('error', reject);
  });
  for (const { path, bytes, mode } of [...entries].sort((a, b) => byCodeUnit(a.path, b.path)))
    archive.append(Buffer.from(bytes), { name: path, mode, date: new Date('1980-01-01T00:00:00Z') });
  await archive.finalize();
  await done;
  return Buffer.concat(chunks);
}
