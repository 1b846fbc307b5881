import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A private mount namespace that stays open, for faults of the machine itself: a full disk, a missing program. */
export interface Room {
  /** The words that start a program in it. */
  readonly enter: readonly string[];
  /** A path as it is in the room, for the files that are only there. */
  path(path: string): string;
  close(): void;
}

/** Makes a room and runs shell commands in it, as root; `variables` are what the commands may need to know. */
export async function openRoom(setup: string, variables: Readonly<Record<string, string>>): Promise<Room> {
  const keeper = spawn(
    'unshare',
    ['-m', '--propagation', 'private', '/bin/sh', '-euc', `${setup}\necho ready\nexec cat`],
    { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', ...variables }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let problem = '';
  keeper.stderr.on('data', (chunk: Buffer) => {
    problem += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    keeper.on('error', reject);
    keeper.on('close', () => reject(new Error(`no room: ${problem}`)));
    keeper.stdout.once('data', () => resolve());
  });
  return {
    enter: ['nsenter', '-m', '-t', String(keeper.pid)],
    path: (path) => `/proc/${keeper.pid}/root${path}`,
    close: () => keeper.kill('SIGKILL'),
  };
}

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: readonly string[];
}

/** The processes whose arguments name a folder, parents before their children. */
export function processesIn(folder: string): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        if (!line.includes(folder)) return [];
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent, args: line.split('\0') }];
      } catch {
        return [];
      }
    });
}

/** Ends processes at once, as nobody can hinder; those that are gone already are fine. */
export function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

/** Whether a killed process is gone for good: until its parent has taken notice it counts as one that runs. */
export function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}`);
}

/** Everything that these processes have started and that has not left them. */
export function descendants(pids: readonly number[]): number[] {
  const children = pids.flatMap((pid) => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
        .split(' ')
        .filter((text) => text !== '')
        .map(Number);
    } catch {
      return [];
    }
  });
  return children.length === 0 ? [] : [...children, ...descendants(children)];
}
