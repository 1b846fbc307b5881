// Mutates valid files and compares what we say of each mutant with what the real Codex does with it:
//   npm run conformance:fuzz [-- --codex 0.169.0,0.141.0] [--count 1000] [--seed 1]
// --count is for each release. The same seed gives the same mutants. Exit code 1: a disagreement. 2: it cannot run here.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const entry = join(root, 'test/conformance/fuzz.ts');

// TypeScript, and Node 20 runs none: it comes through esbuild.
const { outputFiles } = await build({
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
  define: { 'import.meta.url': 'here' },
  banner: {
    js: `import { createRequire } from 'node:module'; const here = ${JSON.stringify(pathToFileURL(entry).href)}; const require = createRequire(here);`,
  },
});
const { fuzz } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
process.exitCode = await fuzz(process.argv.slice(2), root);
