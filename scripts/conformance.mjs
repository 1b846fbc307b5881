// Runs every built example through the real Codex: npm run conformance [-- --codex 0.169.0,0.141.0]
// Exit code 1: a check failed. 2: it cannot run here. The binaries are kept in a cache outside the tree.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function cannotRun(why) {
  console.error(`conformance cannot run: ${why}`);
  process.exit(2);
}

// The room is TypeScript, and Node 20 runs none: the two functions that are needed before vitest come through esbuild.
async function codexRoom() {
  const { outputFiles } = await build({
    stdin: {
      contents: "export { obtainCodex } from './binary.ts'; export { whyNoRoom } from './room.ts';",
      resolveDir: join(root, 'src/codex'),
    },
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

function chosenVersions() {
  let values;
  try {
    values = parseArgs({ options: { codex: { type: 'string', multiple: true } } }).values;
  } catch (error) {
    cannotRun(error.message);
  }
  const asked = (values.codex ?? []).flatMap((list) => list.split(',')).map((version) => version.trim());
  const bad = asked.find((version) => !/^\d+\.\d+\.\d+$/.test(version));
  if (bad !== undefined) cannotRun(`${JSON.stringify(bad)} is not a version such as 0.169.0`);
  if (asked.length > 0) return [...new Set(asked)];
  const { releases } = JSON.parse(readFileSync(join(root, 'schemas/codex-releases.json'), 'utf8'));
  const newest = releases.filter(({ linux }) => linux !== false).at(-1).version;
  return [...new Set([newest, '0.141.0', '0.133.0'])];
}

const versions = chosenVersions();
const bundles = process.env.CONFORMANCE_BUNDLES ?? join(root, 'dist-profiles');
if (!existsSync(bundles) || readdirSync(bundles).length === 0) cannotRun(`${bundles} holds no built examples`);
const { obtainCodex, whyNoRoom } = await codexRoom();
const why = whyNoRoom();
if (why !== undefined) cannotRun(why);
for (const version of versions) {
  try {
    console.log(`Codex ${version}: ${await obtainCodex(version)}`);
  } catch (error) {
    cannotRun(error.message);
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-'));
try {
  const report = join(scratch, 'report.json');
  spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      'test/conformance',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, CONFORMANCE_VERSIONS: versions.join(','), CONFORMANCE_BUNDLES: bundles },
    },
  );
  if (!existsSync(report)) cannotRun('vitest left no report');
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    numFailedTestSuites,
    testResults,
  } = JSON.parse(readFileSync(report, 'utf8'));
  const checks = testResults.flatMap(({ assertionResults }) => assertionResults);
  const pairs = [...new Set(checks.flatMap(({ ancestorTitles }) => ancestorTitles.slice(0, 1)))];
  for (const pair of pairs)
    console.log(`ran: ${pair}, ${checks.filter(({ ancestorTitles }) => ancestorTitles[0] === pair).length} checks`);
  const live = checks.filter(
    ({ ancestorTitles, status }) => ancestorTitles.length > 0 && status !== 'pending' && status !== 'skipped',
  ).length;
  console.log(`${live} checks ran live, ${pairs.length} pairs of example and version on Codex ${versions.join(', ')}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || numFailedTestSuites > 0 || live === 0 ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
