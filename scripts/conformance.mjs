// Runs every built example, every case of the corpus, and the relay under faults through the real Codex:
//   npm run conformance [-- --codex 0.169.0,0.141.0] [--only REGEX] [--record]
// --only chooses cases of the corpus by name and leaves all else out; --record writes what was seen of them to
// test/conformance/observed/. Exit code 1: a check failed. 2: it cannot run here. The binaries are kept in a cache
// outside the tree.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fromTypeScript, root } from './typescript.mjs';

function cannotRun(why) {
  console.error(`conformance cannot run: ${why}`);
  process.exit(2);
}

function readOptions() {
  const options = {
    codex: { type: 'string', multiple: true },
    only: { type: 'string', default: '' },
    record: { type: 'boolean', default: false },
  };
  try {
    const { values } = parseArgs({ options });
    new RegExp(values.only);
    return values;
  } catch (error) {
    return cannotRun(error.message);
  }
}

function chosenVersions(values) {
  const asked = (values.codex ?? []).flatMap((list) => list.split(',')).map((version) => version.trim());
  const bad = asked.find((version) => !/^\d+\.\d+\.\d+$/.test(version));
  if (bad !== undefined) cannotRun(`${JSON.stringify(bad)} is not a version such as 0.169.0`);
  if (asked.length > 0) return [...new Set(asked)];
  const { releases } = JSON.parse(readFileSync(join(root, 'schemas/codex-releases.json'), 'utf8'));
  const newest = releases.filter(({ linux }) => linux !== false).at(-1).version;
  return [...new Set([newest, '0.141.0', '0.133.0'])];
}

const options = readOptions();
const versions = chosenVersions(options);
const withExamples = options.only === '' && !options.record;
const bundles = process.env.CONFORMANCE_BUNDLES ?? join(root, 'dist-profiles');
if (withExamples && (!existsSync(bundles) || readdirSync(bundles).length === 0))
  cannotRun(`${bundles} holds no built examples`);
const { obtainCodex, whyNoRoom } = await fromTypeScript('src/codex/binary.ts', 'src/codex/room.ts');
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
      withExamples ? 'test/conformance' : 'test/conformance/corpus.test.ts',
      // One file after the other: each runs several programs at once by itself.
      '--no-file-parallelism',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: {
        ...process.env,
        CONFORMANCE_VERSIONS: versions.join(','),
        CONFORMANCE_BUNDLES: bundles,
        CONFORMANCE_ONLY: options.only,
        CONFORMANCE_RECORD: options.record ? '1' : '',
      },
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
  const ran = checks.filter(({ status }) => status !== 'pending' && status !== 'skipped');
  const groupOf = ({ ancestorTitles }) => ancestorTitles[0] ?? '';
  const comparisons = (prefix) =>
    ran
      .filter((check) => groupOf(check).startsWith(prefix))
      .reduce((sum, { title }) => sum + Number(/(\d+) comparisons$/.exec(title)?.[1] ?? 0), 0);
  const ofRelay = ran.filter((check) => groupOf(check).startsWith('relay on '));
  const ofExamples = ran.filter((check) => /^(?!(?:corpus|recorded|relay) )\S+ on \d/.test(groupOf(check)));
  const groupsOf = (some) => [...new Set(some.map(groupOf))];
  const pairs = groupsOf(ofExamples);
  for (const group of [...pairs, ...groupsOf(ofRelay)])
    console.log(`ran: ${group}, ${ran.filter((check) => groupOf(check) === group).length} checks`);
  if (withExamples)
    console.log(
      `${ofExamples.length} checks ran live, ${pairs.length} pairs of example and version on Codex ${versions.join(', ')}; ${ofRelay.length} checks of the relay`,
    );
  const live = comparisons('corpus on ');
  console.log(`${live} comparisons live, ${comparisons('recorded on ')} recorded`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode =
    failed > 0 ||
    numFailedTestSuites > 0 ||
    live === 0 ||
    (withExamples && (pairs.length === 0 || ofRelay.length === 0))
      ? 1
      : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
