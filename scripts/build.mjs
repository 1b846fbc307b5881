// Bundles src/ into dist/: one CommonJS file for each command and each part that a command loads only at need.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { fromTypeScript, root } from './typescript.mjs';

const commands = ['build', 'validate', 'schema', 'codes', 'relay', 'targets', 'version', 'versions', 'yargs'];
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

/** Modules that a file without findings never calls: each is a bundle that is loaded when the first of its names is used. */
const loadedAtUse = {
  catalog: 'src/diagnostics/catalog.ts',
  findings: 'src/contract/findings.ts',
  phrases: 'src/contract/phrases.ts',
  'matcher-advice': 'src/contract/advice/matchers.ts',
  'rare-advice': 'src/contract/advice/rare.ts',
  'rare-rules': 'src/contract/rules/rare.ts',
  suggest: 'src/source/suggest.ts',
  picture: 'src/report/picture.ts',
  regex: 'src/contract/regex.ts',
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
  // require() finds the sibling bundle and its exports; import() would go through the ESM loader, which is slower.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/** Keeps what is imported at need out of the importing bundle: it is another file, loaded when it is asked for. */
const separateParts = {
  name: 'separate-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
      if (kind !== 'dynamic-import') return undefined;
      const file = join(resolveDir, path);
      const [name] = Object.entries(parts).find(([, source]) => join(root, source) === file) ?? [];
      if (name === undefined) throw new Error(`${path} is imported at need and has no bundle of its own`);
      if (name === compiled) return { path: name, namespace: 'compiled' };
      return { path: `./${name}.cjs`, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'compiled' }, ({ path: name }) => ({
      contents: `import { requireCompiled } from './src/cli/compiled.ts';
        module.exports = requireCompiled(__dirname + '/${name}.cjs', require);`,
      resolveDir: root,
    }));
  },
};

/** The bundle whose start is most of what a run of it takes: V8's code for it is kept beside it. */
const compiled = 'validate';

/** Stands in for such a module: its names are getters, and esbuild reads an imported name where it is used. */
const lateModules = {
  name: 'late-modules',
  setup({ onResolve, onLoad, initialOptions }) {
    onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, kind }) => {
      const file = join(resolveDir, path);
      const [name] = Object.entries(loadedAtUse).find(([, source]) => join(root, source) === file) ?? [];
      if (kind !== 'import-statement' || name === undefined) return undefined;
      return { path: name, namespace: 'late' };
    });
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path: name }) => {
      const source = readFileSync(join(root, loadedAtUse[name]), 'utf8');
      const names = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, exported]) => exported);
      const getters = names.map((exported) => `get ${exported}() { return require('./${name}.cjs').${exported}; }`);
      return { contents: `module.exports = { ${getters.join(', ')} };`, resolveDir: root };
    });
    initialOptions.external = Object.keys(loadedAtUse).map((name) => `./${name}.cjs`);
  },
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
const bundle = (entryPoints, banner = '') =>
  build({ ...shared, entryPoints, banner: { js: banner }, outdir: 'dist', plugins: [separateParts, lateModules] });
const { yargs, ...others } = parts;
await bundle({ main: 'src/main.ts' }, '#!/usr/bin/env node');
// Of all that is bundled, yargs alone asks where it stands.
await bundle({ yargs }, "const __url = require('node:url').pathToFileURL(__filename).href;");
await bundle({ ...others, ...loadedAtUse, index: 'src/index.ts' });
chmodSync(join(root, 'dist/main.cjs'), 0o755);
// The tables of schemas/ in one file: without what only people and `schema` read, and each list of ranges once; in
// groups, a line each, because a file has few of the root keys, and to read what is known of the others takes time.
const { groupOf } = await fromTypeScript('src/contract/tree.ts');
const table = (name) => JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8'));
const ranges = new Map();
const groups = {};
for (const fact of table('codex-contract.json').facts) {
  const { evidence: _, stages: __, ...rest } = fact;
  const text = JSON.stringify(fact.ranges);
  if (!ranges.has(text)) ranges.set(text, ranges.size);
  const group = groupOf(fact);
  groups[group] ??= [];
  groups[group].push({ ...rest, ranges: ranges.get(text) });
}
const { releases } = table('codex-releases.json');
const head = { releases, ranges: [...ranges.keys()].map((text) => JSON.parse(text)), groups: Object.keys(groups) };
const lines = [head, ...Object.values(groups)].map((line) => JSON.stringify(line));
writeFileSync(join(root, 'dist/contract.jsonl'), lines.join('\n'));
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

// The code of what one judged file calls, and no more: V8 compiles a function when it is called first.
const { codeFile, compiledBundle, startBundle } = await fromTypeScript('src/cli/compiled.ts');
const file = join(root, 'dist', `${compiled}.cjs`);
const script = compiledBundle(file);
const { validateFiles } = startBundle(script, file, createRequire(file));
const example = join(root, 'dist-profiles/enterprise/device/requirements.toml');
await validateFiles({ positionals: [example], options: {} }, { cwd: root, stdout: () => {}, stderr: console.error });
writeFileSync(codeFile(file), script.createCachedData());
