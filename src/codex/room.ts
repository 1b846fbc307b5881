import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { shLiteral } from '../artifacts/script.ts';
import { CliError } from '../cli-error.ts';
import { keeperScript } from './keeper.ts';

/**
 * A private machine on this machine: its own root file system (a throw-away overlay over the real one), host name,
 * processes, and a network that is nothing but loopback. Whatever is written inside is gone with it, and `/etc/codex`
 * or a folder such as `/enterprise` can be made inside though the real machine has none.
 * Mock servers need no helper program inside: the room hands out listening sockets of its own network, and the server
 * on them is an ordinary object of this process, which a test can script and look into.
 */
export interface Room {
  readonly hostName: string;
  /** Writes a file inside the room, and the folders above it. */
  write(file: string, data: string | Uint8Array, mode?: number): Promise<void>;
  /** A file's bytes, or undefined when it is not there. */
  read(file: string): Promise<Buffer | undefined>;
  /** All paths below a folder, relative to it, sorted; empty when it is not there. */
  list(folder: string): Promise<readonly string[]>;
  makeFolder(folder: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** A listening socket on 127.0.0.1 inside the room; port 0 takes a free one. */
  listen(port?: number): Promise<Listener>;
  /** Starts a program inside. It dies with the room at the latest. */
  spawn(program: string, args: readonly string[], options?: SpawnOptions): ChildProcessWithoutNullStreams;
  /** Runs a program inside to its end; after the limit it and its process group are killed: exit code null. */
  run(
    program: string,
    args: readonly string[],
    options?: SpawnOptions & { readonly limitSeconds?: number },
  ): Promise<RunResult>;
  /** Kills everything inside. */
  close(): Promise<void>;
}

export interface Listener {
  readonly server: Server;
  readonly port: number;
}

export interface SpawnOptions {
  readonly cwd?: string;
  /** The whole environment; nothing of this process's own is passed on. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface RunResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** An environment that is the same on every machine; HOME is an empty folder of the room. */
export const plainEnv: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/room/user',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
};

/** Why no room can be opened on this machine, or undefined when one can. */
export function whyNoRoom(): string | undefined {
  if (process.platform !== 'linux') return 'private namespaces need Linux';
  const probe = spawnSync('unshare', ['--mount', '--net', '--uts', '--pid', '--fork', 'true'], { encoding: 'utf8' });
  if (probe.error) return 'the program unshare (util-linux) is not there';
  return probe.status === 0 ? undefined : `private namespaces need root: ${probe.stderr.trim()}`;
}

export interface RoomOptions {
  readonly hostName?: string;
  /** Folders that are visible inside, read-only, wherever they lie: temporary folders of the machine are not, else. */
  readonly share?: readonly string[];
}

/** Opens a room. Throws CliError where the machine does not allow it. */
export async function openRoom({ hostName = 'codex-room', share = [] }: RoomOptions = {}): Promise<Room> {
  if (!/^[A-Za-z0-9.-]+$/.test(hostName)) throw new Error('unreachable: a host name with special characters');
  const namespaces = ['--mount', '--net', '--uts', '--ipc', '--pid', '--fork', '--kill-child'];
  const keeper = spawn('unshare', [...namespaces, 'sh', '-c', setUp(hostName, share), process.execPath, keeperScript], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...plainEnv },
  });
  const ask = await connect(keeper);
  const spawnInside: Room['spawn'] = (program, args, { cwd = '/', env = {} } = {}) =>
    spawn('nsenter', [...enter(keeper), '--', 'sh', '-c', 'cd "$0" && exec "$@"', cwd, program, ...args], {
      env: { ...plainEnv, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });

  const room: Room = {
    hostName,
    write: async (file, data, mode = 0o644) =>
      void (await ask('write', { file, data: Buffer.from(data).toString('base64'), mode })),
    read: async (file) => {
      const { value } = await ask('read', { file });
      return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
    },
    list: async (folder) => {
      const { value } = await ask('list', { folder });
      return Array.isArray(value) ? value.map(String) : [];
    },
    makeFolder: async (folder) => void (await ask('makeFolder', { folder })),
    remove: async (file) => void (await ask('remove', { file })),
    listen: async (port = 0) => {
      const { id, value, server } = await ask('listen', { port });
      if (!server || !isPort(value)) throw new Error('unreachable: the keeper sent no socket');
      await ask('handedOver', { listener: id });
      return { server, port: value.port };
    },
    spawn: spawnInside,
    run: (program, args, { limitSeconds = 60, ...options } = {}) => {
      const started = performance.now();
      const child = spawnInside('timeout', ['-s', 'KILL', `${limitSeconds}`, program, ...args], options);
      child.stdin.end();
      return outcome(child, started);
    },
    close: () =>
      new Promise((resolve) => {
        if (keeper.exitCode !== null || keeper.signalCode !== null) return resolve();
        keeper.once('exit', () => resolve());
        keeper.kill('SIGKILL');
      }),
  };
  // The machine's own name must resolve at once: Codex looks it up at every start, and waits for a DNS it cannot reach.
  await room.write('/etc/hosts', `127.0.0.1 localhost ${hostName}\n`);
  await room.write('/etc/resolv.conf', 'options timeout:1 attempts:1\nnameserver 127.0.0.1\n');
  await room.makeFolder('/room/user');
  return room;
}

/**
 * $0 is node, $1 the keeper's script. /mnt is covered by an empty tmpfs, which then carries the overlay's upper half:
 * so no folder is made on the real disk. pivot_root instead of chroot, because Codex's sandbox makes user namespaces,
 * which the kernel refuses in a chroot. Other mounted file systems come along read-only.
 */
function setUp(hostName: string, share: readonly string[]): string {
  const bind = (place: string): string => {
    const inside = shLiteral(`.${place}`);
    return `mount --bind ${shLiteral(place)} ${inside} && mount -o remount,bind,ro ${inside}`;
  };
  const others = mountPoints(readFileSync('/proc/self/mountinfo', 'utf8')).map((place) => `${bind(place)} || :`);
  const shared = share.map((place) => `mkdir -p ${shLiteral(`.${place}`)}\n${bind(place)}`);
  return `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay /mnt/root
cd /mnt/root
${others.join('\n')}
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs -o mode=1777 tmpfs tmp
${shared.join('\n')}
mkdir .outside
pivot_root . .outside
cd /
umount -l /.outside
rmdir /.outside
ip link set lo up 2>/dev/null || ifconfig lo 127.0.0.1 up
echo '${hostName}' > /proc/sys/kernel/hostname
exec "$0" -e "$1"`;
}

/** Folders where other file systems are mounted, but for those that a room makes anew. */
function mountPoints(mountinfo: string): string[] {
  const places = mountinfo.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  return [...new Set(places)].filter(
    (place) => /^\/[\w./-]+$/.test(place) && !/^\/(?:dev|proc|sys|tmp|run|etc|mnt)(?:\/|$)/.test(place),
  );
}

/** unshare itself stands in the new namespaces, but for that of processes, which only its children are in. */
function enter(keeper: ChildProcess): string[] {
  const own = `/proc/${keeper.pid}/ns`;
  return [
    `--mount=${own}/mnt`,
    `--net=${own}/net`,
    `--uts=${own}/uts`,
    `--ipc=${own}/ipc`,
    `--pid=${own}/pid_for_children`,
  ];
}

interface Answer {
  readonly id: number;
  readonly value: unknown;
  readonly server: Server | undefined;
}
type Ask = (op: string, args: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** Resolves once the keeper is up; each later question gets its own answer, or fails when the keeper is gone. */
function connect(keeper: ChildProcess): Promise<Ask> {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let stderr = '';
  keeper.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const wait = (id: number): Promise<Answer> => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  const fail = (why: string): void => {
    for (const { reject } of waiting.values())
      reject(new CliError(`no private namespace for Codex: ${stderr.trim() || why}`));
    waiting.clear();
  };
  keeper.on('message', (message: { id: number; value?: unknown; error?: string }, handle) => {
    const waiter = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error !== undefined) waiter?.reject(new Error(`in the room: ${message.error}`));
    else
      waiter?.resolve({
        id: message.id,
        value: message.value,
        server: handle instanceof Object && 'listening' in handle ? handle : undefined,
      });
  });
  keeper.on('error', (error) => fail(error.message));
  keeper.on('exit', () => fail('its first process ended'));
  const ask: Ask = (op, args) => {
    lastId += 1;
    const answer = wait(lastId);
    if (!keeper.connected) fail('it is closed');
    else keeper.send({ id: lastId, op, ...args });
    return answer;
  };
  return wait(0).then(() => ask);
}

function isPort(value: unknown): value is { readonly port: number } {
  return typeof value === 'object' && value !== null && 'port' in value && typeof value.port === 'number';
}

function outcome(child: ChildProcessWithoutNullStreams, started: number): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr, milliseconds: performance.now() - started }));
  });
}
