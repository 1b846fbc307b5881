// For the scripts that need code of the project before anything is built: Node 20 runs no TypeScript.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** The folder of the project. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The exports of TypeScript modules, named by their paths in the project; `import.meta.url` is the first one's. */
export async function fromTypeScript(...modules) {
  const { outputFiles } = await build({
    stdin: { contents: modules.map((path) => `export * from './${path}';`).join('\n'), resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    define: { 'import.meta.url': 'here' },
    // semver is CommonJS and asks for Node's modules with require.
    banner: {
      js: `import { createRequire } from 'node:module'; const here = ${JSON.stringify(pathToFileURL(join(root, modules[0])).href)}; const require = createRequire(here);`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
