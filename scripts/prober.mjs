// The prober, which is TypeScript and no part of the package.
import { join } from 'node:path';
import { fromTypeScript, root } from './typescript.mjs';

/** The folder of the contract's data. */
export const schemas = join(root, 'schemas');

/** The exports of a module of src/prober/. */
export function prober(name) {
  return fromTypeScript(`src/prober/${name}.ts`);
}
