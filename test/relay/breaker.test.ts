import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { RelayEvent } from '../../src/policy/policy.ts';
import { hasProgram, testWith } from '../support/programs.ts';
import {
  type Collector,
  collector,
  type Device,
  hook,
  install,
  names,
  relayEvent,
  relayPolicy,
  shells,
  toolEvent,
  until,
} from './support.ts';

let server: Collector;
beforeAll(async () => {
  server = await collector();
});
beforeEach(() => {
  server.received.length = 0;
  server.override = 'silence';
});
afterAll(() => server.close());

function device(event: Partial<RelayEvent> = {}, shell?: string, endpoint = server.url('allow')): Device {
  const events = new Map([
    ['PreToolUse', relayEvent({ timeoutSeconds: 1, onFailure: 'closed', ...event })],
    ['UserPromptSubmit', relayEvent({ timeoutSeconds: 2, onFailure: 'open' })],
    ['PostToolUse', relayEvent({ mode: 'observe' })],
  ]);
  return install(relayPolicy({ endpoint, events }), shell === undefined ? {} : { shell });
}

const breaker = (at: Device): number[] =>
  existsSync(join(at.spool, 'breaker'))
    ? readFileSync(join(at.spool, 'breaker'), 'utf8').trim().split(' ').map(Number)
    : [];
const now = (): number => Math.floor(Date.now() / 1000);
const setBreaker = (at: Device, ...line: readonly (number | string)[]): void =>
  writeFileSync(join(at.spool, 'breaker'), `${line.join(' ')}\n`);
const ask = (at: Device, event = 'PreToolUse') => hook(at, event, toolEvent);

/** The same in every shell, side by side: most of the time is silence. */
testWith(
  ['curl'],
  'a silent collector is asked once for each time limit, and again when the pause is over',
  async () => {
    const present = shells.filter(hasProgram);
    expect(present).toContain('dash');
    await Promise.all(
      present.map(async (shell) => {
        const server = await collector();
        server.override = 'silence';
        const at = device({}, shell, server.url('allow'));
        const denied = { status: 2, stdout: '', stderr: 'Blocked by Acme.\n' };
        expect(await ask(at)).toMatchObject(denied);
        const [end = 0, pause, silence] = breaker(at);
        expect([pause, silence]).toEqual([5, 1]);
        expect(end - now()).toBeGreaterThanOrEqual(3);

        const quick = await hook(at, 'PreToolUse', Buffer.alloc(300_000, 'x'));
        expect(quick).toMatchObject({ ...denied, drained: true });
        expect([shell, quick.milliseconds < 900]).toEqual([shell, true]);
        expect(server.received).toHaveLength(1);

        setBreaker(at, now() - 1, 5, 1);
        expect(await ask(at)).toMatchObject(denied);
        expect(server.received).toHaveLength(2);
        expect(breaker(at).slice(1)).toEqual([10, 1]);

        server.override = 'allow';
        setBreaker(at, now() - 1, 10, 1);
        expect([shell, (await ask(at)).status, breaker(at)]).toEqual([shell, 0, []]);
        await server.close();
      }),
    );
  },
);

describe('the circuit breaker', () => {
  testWith(['curl'], 'pauses for thirty seconds at most, and no longer than that when clocks go back', async () => {
    const at = device();
    await ask(at);
    setBreaker(at, now() - 1, 20, 1);
    await ask(at);
    expect(breaker(at).slice(1)).toEqual([30, 1]);
    server.override = 'allow';
    for (const line of [[now() + 4000, 30, 1], ['x', 5, 1], [now() + 9, 0, 1], ['']]) {
      setBreaker(at, ...line);
      expect([line, (await ask(at)).status]).toEqual([line, 0]);
    }
  });

  testWith(['curl'], 'lets those ask who would wait longer than the silence lasted', async () => {
    const at = device();
    await ask(at);
    server.override = undefined;
    expect((await ask(at, 'UserPromptSubmit')).status).toBe(0);
    expect(server.received).toHaveLength(2);
    expect(breaker(at)).toEqual([]);
    server.override = 'silence';
    expect((await ask(at, 'UserPromptSubmit')).status).toBe(0);
    expect(breaker(at).slice(1)).toEqual([5, 2]);
    const quick = await Promise.all([ask(at), ask(at, 'UserPromptSubmit')]);
    expect(quick.map(({ status }) => status)).toEqual([2, 0]);
    expect(server.received).toHaveLength(3);
  });

  testWith(['curl'], 'sends one question when the pause is over, the others go on as before', async () => {
    const at = device();
    await ask(at);
    setBreaker(at, now() - 1, 5, 1);
    const first = ask(at);
    await until(() => (breaker(at)[0] ?? 0) > now());
    const results = await Promise.all([ask(at), ask(at), ask(at), first]);
    expect(results.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
    expect(server.received).toHaveLength(2);
  });

  testWith(['curl'], 'counts silence only: errors, refused connections and verdicts cost no time', async () => {
    for (const answer of ['error', 'html', 'broken-off', 'deny-stuck']) {
      server.override = answer;
      const at = device();
      await ask(at);
      expect([answer, breaker(at)]).toEqual([answer, []]);
    }
    const refused = device({}, undefined, 'http://127.0.0.1:9/');
    await ask(refused);
    expect(breaker(refused)).toEqual([]);
  });

  testWith(['curl'], 'keeps what is only reported in the spool until the pause is over', async () => {
    const at = device();
    await ask(at);
    server.override = 'allow';
    setBreaker(at, now() + 20, 20, 1);
    const waiting = (): string[] => names(at.spool).filter((name) => name.endsWith('.event'));
    await hook(at, 'PostToolUse', 'first');
    await until(() => waiting().length === 1 && !names(at.spool).includes('lock'));
    expect(server.received).toHaveLength(1);
    setBreaker(at, now() - 1, 20, 1);
    await hook(at, 'PostToolUse', 'second');
    await until(() => waiting().length === 0 && server.received.length === 3);
  });
});
