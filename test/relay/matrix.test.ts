import { afterAll, beforeAll, describe, expect } from 'vitest';
import { hasProgram, testWith } from '../support/programs.ts';
import { cellsOf, matrixShells, table } from './faults.ts';
import { differences } from './matrix-cell.ts';
import { type Mock, startMock } from './matrix-collector.ts';
import { slow } from './matrix-judge.ts';
import { newFolder, run, toolEvent } from './support.ts';

/** `npm run relay:matrix` takes all cells; a test run takes every pair. */
const selection = process.env['RELAY_MATRIX'] === 'all' ? 'all' : 'pairs';

/** Faults of the machine itself are made in a private mount namespace. */
const inRooms: readonly string[] = ['disk-full', 'spool-unwritable', 'curl-missing'];

let mock: Mock;
beforeAll(async () => {
  if (hasProgram('openssl')) mock = await startMock(newFolder());
});
afterAll(() => mock?.close());

// Most of the time is waiting: for time limits, and for senders.
describe.concurrent('the relay does what test/relay/faults.json says', () => {
  for (const fault of table.faults)
    for (const shell of matrixShells)
      testWith(
        [
          shell,
          'bash',
          'curl',
          'openssl',
          'unshare',
          ...(inRooms.includes(fault.id) ? ['root namespaces', 'nsenter'] : []),
        ],
        `${fault.id} where sh is ${shell}`,
        async () => {
          const found: string[] = [];
          for (const cell of cellsOf(fault, shell, selection)) {
            let last = await differences(cell, mock);
            if (last.length > 0 && last.every((what) => what.startsWith(slow))) last = await differences(cell, mock);
            const isBusy = last.some((what) => what.startsWith(slow)) && (await isMachineBusy());
            found.push(
              ...last.filter((what) => !isBusy || !what.startsWith(slow)).map((what) => `${cell.name}: ${what}`),
            );
          }
          expect(found).toEqual([]);
        },
        180_000,
      );
});

/** Whether a hook that only reads is far from its usual 15 ms: then nothing is to be learned from the clock. */
async function isMachineBusy(): Promise<boolean> {
  const { milliseconds } = await run(['bash', '-c', '/bin/sh -c "/bin/cat >/dev/null"'], toolEvent);
  return milliseconds > 100;
}
