// Loads the prober, which is TypeScript and no part of the package: Node 20 runs none, so it comes through esbuild.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The folder of the contract's data. */
export const schemas = join(root, 'schemas');

/** The exports of a module of src/prober/. */
export async function prober(name) {
  const { outputFiles } = await build({
    entryPoints: [join(root, `src/prober/${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    // semver is CommonJS and asks for Node's modules with require.
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
