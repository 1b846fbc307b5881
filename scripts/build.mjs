// Bundles src/ into dist/: one CommonJS file for each command, so that a command loads only what it needs.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const commands = ['build', 'validate', 'schema', 'codes', 'targets', 'versions', 'yargs'];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'linked',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__url' },
  banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  // require() finds the sibling bundle and its exports; import() would go through the ESM loader, which is slower.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/** Keeps each command out of the entry: it is another file, loaded when it is asked for. */
const separateCommands = {
  name: 'separate-commands',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^\\./(?:${commands.join('|')})\\.ts$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: path.replace(/\.ts$/, '.cjs'), external: true } : undefined,
    );
  },
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  plugins: [separateCommands],
  banner: { js: `#!/usr/bin/env node\n${shared.banner.js}` },
});
await build({
  ...shared,
  entryPoints: Object.fromEntries(commands.map((name) => [name, `src/cli/${name}.ts`])),
  outdir: 'dist',
});
await build({ ...shared, entryPoints: { index: 'src/index.ts' }, outdir: 'dist' });
chmodSync(join(root, 'dist/main.cjs'), 0o755);
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
