import { parentPort, workerData } from 'node:worker_threads';
import { loadContract } from '../package-data.ts';
import { checkName } from './check.ts';
import { type Task, takeShares } from './crew.ts';
import { processIo } from './io.ts';

// The program of a thread that helps with many files: it takes shares, and hands over all outcomes at its end.
const task = workerData as Task;
const contract = loadContract();
const io = { ...processIo(), cwd: task.cwd };
void takeShares(task, (name) => checkName(name, task.job, contract, io)).then((done) => parentPort?.postMessage(done));
