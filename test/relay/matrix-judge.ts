import type { Cell } from './faults.ts';
import { table } from './faults.ts';
import type { Received, Run } from './support.ts';

/** The `payload.max_bytes` of every cell. */
export const maxBytes = 1024 * 1024;

/** Reason that a denial of 10 MB may show: a beginning, and not too much of it. */
const cutReason = /^x{1000,4000}$/;

/** How a difference begins that may be the machine's: it was busy. */
export const slow = 'it took';

/** What the collector learned of an event when the fault was over. */
export interface Later {
  readonly events: readonly Received[];
  readonly dropped: number;
}

/** What Codex was told that the table does not say. */
export function wrongAnswer({ outcome, eventClass, fault }: Cell, run: Run): string[] {
  const denies = outcome.denies !== 'nobody';
  const { exit, stdout, stderr } = table.denials[eventClass.denial];
  const expected = outcome.denies === 'message' ? table.message : table.reason;
  const isReason = (text: string): boolean => (outcome.denies === 'cut' ? cutReason.test(text) : text === expected);
  // A shell that reports the death of the relay does so first.
  const last = fault.noise ? (run.stderr.split('\n').at(-2) ?? '') : run.stderr.replace(/\n$/, '');
  const isOut = denies && stdout === 'stop' ? isReason(stopReason(run.stdout)) : run.stdout === '';
  const isErr = denies && stderr === 'reason' ? isReason(last) : run.stderr === '' || fault.noise === true;
  return [
    ...unless(run.status === (denies ? exit : 0), `exit ${run.status}`),
    ...unless(isOut, `stdout: ${shortened(run.stdout)}`),
    ...unless(isErr, `stderr: ${shortened(run.stderr)}`),
    ...unless(run.drained, 'the event was not read to its end'),
  ];
}

/**
 * Whether Codex's own limit would have let through, whatever the policy says: 1 s at SessionEnd, else 5 s above
 * the relay's.
 */
export function tooSlow({ eventClass }: Cell, seconds: number, { milliseconds }: Run): string[] {
  const limit = eventClass.id === 'session-end' ? 1 : seconds + 5;
  return unless(milliseconds < limit * 1000, `${slow} ${Math.round(milliseconds)} ms`);
}

/** The reason in `{"continue":false,"stopReason":…}` alone on its line; '' for anything else. */
function stopReason(stdout: string): string {
  try {
    const answer: unknown = JSON.parse(stdout);
    if (typeof answer !== 'object' || answer === null || Object.keys(answer).join() !== 'continue,stopReason')
      return '';
    return 'stopReason' in answer && 'continue' in answer && answer.continue === false ? String(answer.stopReason) : '';
  } catch {
    return '';
  }
}

/** What the collector learned that the table does not say, and the other way round. `kept` events were in the spool. */
export function wrongReport(
  { outcome, eventClass, event }: Cell,
  input: Uint8Array,
  received: readonly Received[],
  kept: number,
  later: Later,
): string[] {
  const [least, most] = ({ none: [0, 0], one: [1, 1], any: [0, 1] } as const)[outcome.collector];
  const waits = outcome.later === 'event' || outcome.later === 'part' ? 1 : 0;
  const copies = [...received, ...later.events];
  const ids = new Set(copies.map(({ headers }) => headers['ce-id']));
  const isRight = ({ body, headers }: Received): boolean =>
    outcome.later === 'part' ? isBeginning(body, input) : isWhole(body, headers, input);
  const isOurs = ({ headers }: Received): boolean =>
    headers['ce-type'] === `com.openai.codex.hook.${event}` && headers['ce-mode'] === eventClass.mode;
  return [
    ...unless(received.length >= least && received.length <= most, `the collector saw it ${received.length} times`),
    ...unless(outcome.later !== 'event' || kept === 1, `${kept} events in the spool`),
    ...unless(later.events.length === waits, `the next report brought ${later.events.length} events`),
    ...unless(later.dropped === (outcome.later === 'count' ? 1 : 0), `the next report counted ${later.dropped}`),
    ...unless(ids.size <= 1, 'one event had two ids'),
    ...copies.flatMap((copy) => [
      ...unless(isRight(copy), `the collector got other bytes: ${shortened(copy.body.toString('latin1'))}`),
      ...unless(isOurs(copy), `reported as ${copy.headers['ce-type']}, ${copy.headers['ce-mode']}`),
    ]),
  ];
}

function isWhole(body: Buffer, headers: Received['headers'], input: Uint8Array): boolean {
  const isCut = input.length > maxBytes;
  return (
    body.equals(input.slice(0, maxBytes)) &&
    headers['ce-truncated'] === (isCut ? 'true' : undefined) &&
    headers['ce-size'] === (isCut ? String(input.length) : undefined)
  );
}

function isBeginning(body: Buffer, input: Uint8Array): boolean {
  return body.length > 0 && body.length < input.length && body.equals(input.slice(0, body.length));
}

function unless(holds: boolean, what: string): string[] {
  return holds ? [] : [what];
}

function shortened(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
