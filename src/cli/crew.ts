import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Contract } from '../contract/contract.ts';
import { checkName, type Job, type Outcome } from './check.ts';
import type { Io } from './io.ts';

/** Threads beside the first one. More of them would wait for the disk. */
const maxMates = 3;

/** Files that a thread takes at a time. */
const share = 16;

/** What a thread is told. */
export interface Task {
  readonly names: readonly string[];
  readonly job: Job;
  readonly cwd: string;
  /** The place of the first file that nobody has taken yet; all threads see the same number. */
  readonly next: Int32Array;
}

/** The outcomes of some names, by their places. */
export type Share = readonly (readonly [place: number, outcome: Outcome])[];

/** Checks many files on as many processors as there are. The outcomes are in the order of the names. */
export async function checkTogether(
  names: readonly string[],
  job: Job,
  contract: Contract,
  io: Io,
): Promise<readonly Outcome[]> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const task: Task = { names, job, cwd: io.cwd, next };
  const program = join(import.meta.dirname, 'crew-mate.cjs');
  // Run from its sources, the program has no bundle that a thread could start.
  const mates = existsSync(program) ? Math.min(availableParallelism() - 1, maxMates) : 0;
  const theirs = Array.from({ length: mates }, () => sharesOf(new Worker(program, { workerData: task })));
  const mine = takeShares(task, (name) => checkName(name, job, contract, io));
  const outcomes: Outcome[] = [];
  for (const [place, outcome] of (await Promise.all([mine, ...theirs])).flat()) outcomes[place] = outcome;
  return outcomes;
}

/** Checks names that nobody has taken, until none is left. */
export async function takeShares({ names, next }: Task, check: (name: string) => Promise<Outcome>): Promise<Share> {
  const done: [number, Outcome][] = [];
  for (let from = Atomics.add(next, 0, share); from < names.length; from = Atomics.add(next, 0, share))
    for (const [at, name] of names.slice(from, from + share).entries()) done.push([from + at, await check(name)]);
  return done;
}

function sharesOf(worker: Worker): Promise<Share> {
  return new Promise((resolve, reject) => {
    worker.once('message', (done: Share) => resolve(done));
    worker.once('error', reject);
  });
}
