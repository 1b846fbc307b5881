// Times the commands against bare Node in one run, round robin, so that noise hits all alike. Prints ratios; asserts none.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-bench-'));
const main = join(root, 'dist/main.cjs');
const policy = join(root, 'templates/policies/enterprise.yaml');
const requirements = join(root, 'dist-profiles/enterprise/device/requirements.toml');
const rounds = Number(process.argv[2] ?? 15);

const commands = {
  'bare node': ['-e', '0'],
  'codex-mdm --version': [main, '--version'],
  'codex-mdm validate, one file': [main, 'validate', requirements],
  'codex-mdm validate, every release from 0.145.0': [main, 'validate', requirements, '--codex', '>=0.145.0'],
  'codex-mdm build, the enterprise example': [main, 'build', policy, '--out', scratch, '--quiet'],
  'codex-mdm build --check': [main, 'build', policy, '--out', scratch, '--check', '--quiet'],
};
const peers = [
  ['tombi', ['lint', '--offline', '--quiet', requirements]],
  ['taplo', ['lint', requirements]],
];

const times = new Map();
const time = (name, program, args) => {
  const start = process.hrtime.bigint();
  const { status, error } = spawnSync(program, args, { stdio: 'ignore' });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) return false;
  if (status !== 0 && program === process.execPath) throw new Error(`${name} ended with ${status}`);
  times.set(name, [...(times.get(name) ?? []), ms]);
  return true;
};

const absent = new Set();
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(commands)) time(name, process.execPath, args);
  for (const [name, args] of peers)
    if (!absent.has(name) && !time(`${name} lint, one file`, name, args)) absent.add(name);
}
rmSync(scratch, { recursive: true, force: true });

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const floor = median(times.get('bare node'));
for (const [name, values] of times)
  console.log(
    `${name.padEnd(48)} ${median(values).toFixed(1).padStart(8)} ms  ${(median(values) / floor).toFixed(2).padStart(6)} x bare node  (n = ${values.length})`,
  );
for (const name of absent) console.log(`${name}: not on this machine`);
