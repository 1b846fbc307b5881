import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FileArtifact } from '../../src/artifacts/artifact.ts';

/** Salt from PyPI lives in a virtual environment: SALT_CALL names its salt-call, else the one on PATH is taken. */
export const saltCall = process.env['SALT_CALL'] ?? 'salt-call';

/** A program that lies beside salt-call where SALT_CALL names one. */
export function besideSalt(name: string): string {
  return saltCall.includes('/') ? join(dirname(saltCall), name) : name;
}

/** Grains that make Salt compile states as on that system; what is not given stays that of this machine. */
const grainSets = {
  Linux: {},
  MacOS: {
    os: 'MacOS',
    os_family: 'MacOS',
    kernel: 'Darwin',
    osrelease: '15.1',
    osmajorrelease: 15,
    osfinger: 'MacOS-15',
    oscodename: 'Sequoia',
    init: 'launchd',
    cpuarch: 'arm64',
    osarch: 'arm64',
  },
  Windows: {
    os: 'Windows',
    os_family: 'Windows',
    kernel: 'Windows',
    osrelease: '11',
    osmajorrelease: 11,
    osfinger: 'Windows-11',
    oscodename: 'unknown',
    init: 'unknown',
    cpuarch: 'AMD64',
    osarch: 'AMD64',
  },
} as const;
type GrainSet = keyof typeof grainSets;

/** One state of a run, as Salt's JSON has it. */
export interface StateReturn {
  readonly id: string;
  readonly name: string;
  readonly result: boolean | null;
  readonly comment: string;
  readonly changes: Readonly<Record<string, unknown>>;
}

export interface SaltRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What stands under `local` in the JSON on stdout. */
  readonly local: unknown;
  /** In the order in which they ran; empty when the states did not compile. */
  readonly states: readonly StateReturn[];
}

/** A machine of its own for states: a writable overlay over this one, without network, gone with `close`. */
export interface SaltBed {
  /** Where the machine's `/` can be reached from the tests. */
  readonly root: string;
  /** Puts a formula in place of the former one. */
  readonly install: (artifacts: readonly FileArtifact[]) => void;
  /** One salt-call without a master; `grains` default to this machine's. */
  readonly call: (args: readonly string[], grains?: GrainSet) => SaltRun;
  /** A shell command inside, as root; its standard output. Throws when it fails. */
  readonly sh: (command: string) => string;
  readonly close: () => void;
}

/** Starts a bed; needs salt-call and root namespaces. */
export async function openSaltBed(): Promise<SaltBed> {
  const host = mkdtempSync(join(tmpdir(), 'codex-mdm-salt-'));
  for (const name of Object.keys(grainSets)) mkdirSync(join(host, 'bed', name), { recursive: true });
  mkdirSync(join(host, 'private'));
  for (const [name, grains] of Object.entries(grainSets))
    writeFileSync(join(host, 'bed', name, 'minion'), minionConfig(grains));
  const holder = spawn('unshare', ['-m', '-n', '--propagation', 'private', 'sh', '-c', setUp, 'sh', host, venv()], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const close = (): void => {
    holder.kill('SIGKILL');
    rmSync(host, { recursive: true, force: true });
  };
  await ready(holder).catch((error: unknown) => {
    close();
    throw error;
  });
  const enter = (args: readonly string[]) =>
    spawnSync('nsenter', ['-t', String(holder.pid), '-m', '-n', '-r', '-w', ...args], {
      encoding: 'utf8',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', PYTHONWARNINGS: 'ignore', LC_ALL: 'C.UTF-8' },
      timeout: 120_000,
    });
  return {
    root: `/proc/${holder.pid}/root`,
    install(artifacts) {
      const formula = join(host, 'bed', 'formula');
      rmSync(formula, { recursive: true, force: true });
      for (const { path, bytes } of artifacts) {
        const place = join(formula, path.replace(/^salt\/codex-formula\//, ''));
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, bytes);
      }
    },
    call(args, grains = 'Linux') {
      const options = ['--local', '-c', `/bed/${grains}`, '--out=json', '--retcode-passthrough', '-l', 'critical'];
      const { status, stdout, stderr } = enter([absolute(saltCall), ...options, ...args]);
      const local = localOf(stdout);
      return { status, stdout, stderr, local, states: statesOf(local) };
    },
    sh(command) {
      const { status, stdout, stderr } = enter(['/bin/sh', '-euc', command]);
      if (status !== 0) throw new Error(`${command}: ${stderr}`);
      return stdout;
    },
    close,
  };
}

function minionConfig(grains: object): string {
  return JSON.stringify({
    file_client: 'local',
    id: 'minion-1',
    root_dir: '/srv/salt-bed',
    file_roots: { base: ['/bed/formula'] },
    pillar_roots: { base: ['/bed/pillar'] },
    enable_fqdns_grains: false,
    fileserver_followsymlinks: false,
    log_level_logfile: 'quiet',
    grains,
  });
}

/** Runs inside the namespace: an overlay as the new root, a small /dev, and the parts that may be other mounts. */
const setUp = `
set -eu
mount -t tmpfs -o mode=0755 none "$1/private"
cd "$1/private"
mkdir upper work root
mount -t overlay overlay -o "lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work" root
mount -t proc proc root/proc
mount -t tmpfs -o mode=0755 none root/dev
mkdir root/dev/shm root/bed
for name in null zero random urandom; do : > "root/dev/$name"; mount --bind "/dev/$name" "root/dev/$name"; done
mount --bind "$1/bed" root/bed
if [ -n "$2" ]; then mkdir -p "root$2"; mount --bind "$2" "root$2"; mount -o remount,bind,ro "root$2"; fi
rm -rf root/etc/codex root/enterprise
echo ready
exec chroot root /bin/cat
`;

/** The virtual environment of salt-call, when it is one: its file system may not be that of /. */
function venv(): string {
  const folder = dirname(dirname(absolute(saltCall)));
  return existsSync(join(folder, 'pyvenv.cfg')) ? folder : '';
}

function absolute(program: string): string {
  if (program.startsWith('/')) return program;
  return spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).stdout.trim();
}

function ready(holder: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let stderr = '';
    holder.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    holder.stdout?.once('data', () => resolve());
    holder.once('exit', (code) => reject(new Error(`the private root could not be made (${code}): ${stderr}`)));
  });
}

function localOf(stdout: string): unknown {
  if (!stdout.trimStart().startsWith('{')) return undefined;
  const all = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  return all['local'];
}

interface RawReturn extends Omit<StateReturn, 'id'> {
  readonly __id__: string;
  readonly __run_num__: number;
}

function statesOf(local: unknown): StateReturn[] {
  if (typeof local !== 'object' || local === null || Array.isArray(local)) return [];
  return (Object.values(local) as RawReturn[])
    .filter((one) => typeof one === 'object' && one !== null && '__run_num__' in one)
    .sort((a, b) => a.__run_num__ - b.__run_num__)
    .map(({ __id__: id, name, result, comment, changes }) => ({ id, name, result, comment, changes }));
}
