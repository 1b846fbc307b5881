import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Compilation, compile, sourcesOf } from '../../src/compile.ts';
import type { Result } from '../../src/diagnostics/diagnostic.ts';
import { packageData } from './policies.ts';

const folder = 'templates/policies';

/** The file names of the example policies. */
export const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();

/** Compiles an example as `build` does. */
export function compileExample(name: string): Promise<Result<Compilation>> {
  const path = join(folder, name);
  const source = { name: path, text: readFileSync(path, 'utf8') };
  const files = new Map(
    sourcesOf(source, packageData).map((file) => [file, new Uint8Array(readFileSync(join(dirname(path), file)))]),
  );
  return compile(source, files, packageData);
}
