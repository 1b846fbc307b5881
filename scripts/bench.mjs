// Times the commands against bare Node and the peers in one run, round robin, so that noise hits all alike.
// npm run bench [-- ROUNDS]. Prints medians and ratios; asserts none. A peer that is not on PATH is named.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-bench-'));
const rounds = Number(process.argv[2] ?? 15);
const main = join(root, 'dist/main.cjs');
const policy = join(root, 'templates/policies/enterprise.yaml');
const fleet = 1000;

/** A valid file of about 5 KB, no two alike: rules, hooks, host entries, read denials. */
function requirementsFile(seed) {
  const words = (count, what) => Array.from({ length: count }, (_, at) => `"${what}-${seed}-${at}"`).join(', ');
  const rule = (_, at) => `[[rules.prefix_rules]]
pattern = [{ token = "tool-${seed}-${at}" }, { any_of = [${words(6, 'word')}] }]
decision = "${at % 2 === 0 ? 'forbidden' : 'prompt'}"
justification = "Rule ${at} of policy ${seed}: ask the platform team before you run this tool."
`;
  const hook = (event, at) => `[[hooks.${event}]]
[[hooks.${event}.hooks]]
type = "command"
command = "if [ -f /etc/codex/hooks/relay-${seed}-${at} ]; then /etc/codex/hooks/relay-${seed}-${at} ${event}; fi"
timeout = ${at + 3}
`;
  const host = (_, at) => `[[remote_sandbox_config]]
hostname_patterns = ["host-${seed}-${at}.example.com"]
allowed_sandbox_modes = ["read-only"]
`;
  const denied = Array.from({ length: 8 }, (_, at) => `  "/srv/secret-${seed}/${at}/**",`).join('\n');
  return `allowed_approval_policies = ["on-request", "never"]
allowed_sandbox_modes = ["read-only", "workspace-write"]
allow_managed_hooks_only = true

[features]
hooks = true

[permissions.filesystem]
deny_read = [
${denied}
]

[hooks]
managed_dir = "/etc/codex/hooks"
windows_managed_dir = 'C:\\ProgramData\\OpenAI\\Codex\\hooks'

${['PreToolUse', 'PostToolUse', 'SessionStart', 'Stop', 'UserPromptSubmit', 'PreCompact'].map(hook).join('\n')}
${Array.from({ length: 10 }, rule).join('\n')}
${Array.from({ length: 4 }, host).join('\n')}`;
}

const folder = join(scratch, 'fleet');
mkdirSync(folder);
let bytes = 0;
for (let seed = 0; seed < fleet; seed++) {
  const text = requirementsFile(seed);
  bytes += text.length;
  writeFileSync(join(folder, `${seed}.toml`), text);
}
const files = readdirSync(folder).map((name) => join(folder, name));
const [one = ''] = files;

const schema = join(scratch, 'requirements.schema.json');
writeFileSync(schema, spawnSync(process.execPath, [main, 'schema', 'requirements'], { encoding: 'utf8' }).stdout);

const node = process.execPath;
const single = {
  'bare node': [node, ['-e', '0']],
  'codex-mdm --version': [node, [main, '--version']],
  'codex-mdm validate, one file': [node, [main, 'validate', one]],
  'codex-mdm validate, every release from 0.145.0': [node, [main, 'validate', one, '--codex', '>=0.145.0']],
  'codex-mdm build, the enterprise example': [node, [main, 'build', policy, '--out', scratch, '--quiet']],
  'codex-mdm build --check': [node, [main, 'build', policy, '--out', scratch, '--check', '--quiet']],
  'tombi lint, one file': ['tombi', ['lint', '--offline', '--quiet', one]],
  'taplo lint, one file': ['taplo', ['lint', '--schema', `file://${schema}`, one]],
};
const many = {
  'codex-mdm validate': [node, [main, 'validate', ...files]],
  'tombi lint': ['tombi', ['lint', '--offline', '--quiet', folder]],
  'taplo lint': ['taplo', ['lint', '--schema', `file://${schema}`, ...files]],
};

const absent = new Set();

/** Milliseconds of one run, or undefined where the program is not on this machine. */
function time(name, [program, args], env) {
  const start = process.hrtime.bigint();
  const { status, error } = spawnSync(program, args, { stdio: 'ignore', cwd: scratch, env });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) {
    absent.add(program);
    return undefined;
  }
  if (status !== 0 && program === node) throw new Error(`${name} ended with ${status}`);
  return ms;
}

function measure(commands, count, env) {
  const times = new Map();
  for (let round = 0; round < count; round++)
    for (const [name, command] of Object.entries(commands)) {
      if (absent.has(command[0])) continue;
      const ms = time(name, command, env);
      if (ms !== undefined) times.set(name, [...(times.get(name) ?? []), ms]);
    }
  return times;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function printSingle(title, env) {
  const times = measure(single, rounds, env);
  const floor = median(times.get('bare node'));
  console.log(`\n${title}`);
  for (const [name, values] of times) {
    const [ms, ratio] = [median(values).toFixed(1), (median(values) / floor).toFixed(2)];
    console.log(
      `  ${name.padEnd(48)} ${ms.padStart(8)} ms  ${ratio.padStart(6)} x bare node  (n = ${values.length}, least ${Math.min(...values).toFixed(1)})`,
    );
  }
}

try {
  const { NODE_EXTRA_CA_CERTS: authorities, ...plain } = process.env;
  console.log(`Node ${process.version}, ${cpus().length} processors, one file = ${Math.round(bytes / fleet)} bytes`);
  printSingle('One process for each file', plain);
  // Node 20 reads these certificates before our first line runs, whatever the program.
  if (authorities) printSingle('The same with NODE_EXTRA_CA_CERTS', process.env);

  console.log(`\n${fleet} files in one process`);
  const times = measure(many, Math.max(3, Math.ceil(rounds / 5)), plain);
  const ours = median(times.get('codex-mdm validate'));
  for (const [name, values] of times) {
    const ms = median(values);
    console.log(
      `  ${name.padEnd(48)} ${ms.toFixed(0).padStart(8)} ms  ${Math.round((fleet / ms) * 1000)
        .toString()
        .padStart(6)} files/s  ${(ms / ours).toFixed(1).padStart(6)} x codex-mdm  (n = ${values.length})`,
    );
  }
  for (const program of absent) console.log(`${program}: not on PATH, not measured`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
