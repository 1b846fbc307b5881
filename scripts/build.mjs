// Bundles src/ into dist/: one CommonJS file for each command and each part that a command loads only at need.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const commands = ['build', 'validate', 'schema', 'codes', 'relay', 'targets', 'versions', 'yargs'];
const parts = {
  ...Object.fromEntries(commands.map((name) => [name, `src/cli/${name}.ts`])),
  compile: 'src/compile.ts',
  fix: 'src/cli/fix.ts',
  zip: 'src/artifacts/zip.ts',
  'validate-placed': 'src/validate.ts',
  'validate-profile': 'src/validate-profile.ts',
  'validate-config': 'src/validate-config.ts',
  select: 'src/contract/select.ts',
  formats: 'src/report/index.ts',
  glob: 'src/cli/glob.ts',
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'linked',
  // A third less to read at each start; the source maps tell where a line came from.
  minify: true,
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__url' },
  banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href;" },
  // require() finds the sibling bundle and its exports; import() would go through the ESM loader, which is slower.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/** Keeps what is imported at need out of the importing bundle: it is another file, loaded when it is asked for. */
const separateParts = {
  name: 'separate-parts',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = join(resolveDir, path);
      const [name] = Object.entries(parts).find(([, source]) => join(root, source) === file) ?? [];
      if (name === undefined) throw new Error(`${path} is imported at need and has no bundle of its own`);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
const bundle = (entryPoints, banner = shared.banner) =>
  build({ ...shared, entryPoints, banner, outdir: 'dist', plugins: [separateParts] });
await bundle({ main: 'src/main.ts' }, { js: `#!/usr/bin/env node\n${shared.banner.js}` });
await bundle({ ...parts, index: 'src/index.ts' });
chmodSync(join(root, 'dist/main.cjs'), 0o755);
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
