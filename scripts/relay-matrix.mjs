// Runs every cell of test/relay/faults.json (shell × class of events × fault) and prints what came of them as a table.
// npm run relay:matrix. Exit code 1: a cell is not as the file says. 2: it cannot run here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { classes, faults } = JSON.parse(readFileSync(join(root, 'test/relay/faults.json'), 'utf8'));
const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-'));
try {
  const report = join(scratch, 'report.json');
  const start = Date.now();
  spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      'test/relay/matrix.test.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--testTimeout=180000',
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, RELAY_MATRIX: 'all', REQUIRE_ALL: '1' } },
  );
  if (!existsSync(report)) {
    console.error('relay:matrix cannot run: vitest left no report');
    process.exitCode = 2;
  } else {
    const { testResults, success } = JSON.parse(readFileSync(report, 'utf8'));
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    print(tests, Math.round((Date.now() - start) / 1000));
    process.exitCode = success ? 0 : 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** One row for each fault, one column for each shell: how many of its cells are as the file says. */
function print(tests, seconds) {
  const shells = [...new Set(tests.map(({ title }) => shellOf(title)))];
  const wide = Math.max(...faults.map(({ id }) => id.length));
  const row = (first, cells) =>
    console.log([first.padEnd(wide), ...cells.map((text) => text.padEnd(9))].join('  ').trimEnd());
  let right = 0;
  row('fault', shells);
  for (const { id } of faults)
    row(
      id,
      shells.map((shell) => {
        const test = tests.find(({ title }) => title.startsWith(`${id} where `) && shellOf(title) === shell);
        if (test?.status !== 'passed' && test?.status !== 'failed') return 'not run';
        const wrong = new Set(
          test.failureMessages.flatMap((text) =>
            classes.map((one) => one.id).filter((one) => text.includes(`${id} × ${one} `)),
          ),
        ).size;
        const good = test.status === 'passed' ? classes.length : wrong === 0 ? 0 : classes.length - wrong;
        right += good;
        return `${good}/${classes.length}`;
      }),
    );
  const all = faults.length * classes.length * shells.length;
  console.log(`${right} of ${all} cells are as test/relay/faults.json says (${shells.length} shells, ${seconds} s)`);
}

function shellOf(title) {
  return / where sh is (\w+)/.exec(title)?.[1] ?? '';
}
