import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { testWith } from '../support/programs.ts';
import {
  type Collector,
  collector,
  type Device,
  hook,
  install,
  names,
  newFolder,
  relayPolicy,
  run,
  shells,
  toolEvent,
  until,
} from './support.ts';

let server: Collector;
beforeAll(async () => {
  server = await collector();
});
afterAll(() => server.close());

function observed(answer: string, over: Partial<RelayPolicy> = {}): RelayPolicy {
  return relayPolicy({ endpoint: server.url(answer), ...over });
}

const waiting = (device: Device): string[] => names(device.spool).filter((name) => name.endsWith('.event'));
const idle = (device: Device): boolean =>
  !names(device.spool).some((name) => /^(?:lock|raw,|ask,|answer,|record,)/.test(name));
const got = (answer: string) => server.received.filter(({ url }) => url === `/${answer}`);

for (const shell of shells)
  describe(`an observed event where sh is ${shell}`, () => {
    testWith([shell, 'curl'], 'is delivered by a child, byte for byte, and leaves nothing behind', async () => {
      server.received.length = 0;
      const device = install(observed('allow'), { shell });
      const transcript = join(newFolder(), 'rollout.jsonl');
      writeFileSync(
        transcript,
        '{"type":"session_meta","payload":{"id":"x","originator":"codex_exec","cli_version":"0.169.0"}}\nmore\n',
      );
      const event = toolEvent.replace('"transcript_path":null', `"transcript_path":${JSON.stringify(transcript)}`);
      const result = await hook(device, 'PostToolUse', event);
      expect([result.status, result.stdout, result.stderr]).toEqual([0, '', '']);
      await until(() => got('allow').length === 1 && idle(device) && waiting(device).length === 0);
      expect(got('allow')[0]?.body.toString()).toBe(event);
      expect(got('allow')[0]?.headers).toMatchObject({
        'ce-type': 'com.openai.codex.hook.PostToolUse',
        'ce-mode': 'observe',
        'ce-subject': '01a1b2c3-0000-7000-8000-00000000f0c8',
        'ce-codexversion': '0.169.0',
      });
      expect(names(device.spool)).toEqual(['identity']);
    });

    testWith(
      [shell, 'curl'],
      'waits in a private folder while the collector is away, and follows later under the same key',
      async () => {
        const device = install(observed('error'), { shell });
        for (const body of ['first', '', 'third']) {
          const before = server.received.length;
          expect((await hook(device, 'PostToolUse', body)).status).toBe(0);
          await until(() => idle(device) && server.received.length > before);
        }
        expect(waiting(device)).toHaveLength(3);
        for (const name of waiting(device)) expect(statSync(join(device.spool, name)).mode & 0o777).toBe(0o600);
        const keys = waiting(device).map((name) => name.split(',')[3]);
        server.received.length = 0;
        server.override = 'ok';
        await hook(device, 'PostToolUse', 'fourth');
        await until(() => waiting(device).length === 0 && idle(device));
        server.override = undefined;
        expect(server.received.map(({ body }) => body.toString()).sort()).toEqual(['', 'first', 'fourth', 'third']);
        expect(server.received.map(({ headers }) => headers['ce-id'])).toEqual(expect.arrayContaining(keys));
      },
    );

    testWith(
      [shell, 'curl'],
      'is dropped when the spool is full or the collector refuses it, and the drops are reported',
      async () => {
        const device = install(observed('busy', { spool: { maxEvents: 2, maxBytes: 1000, maxAgeSeconds: 100 } }), {
          shell,
        });
        for (const body of ['one', 'two', 'three', 'four']) {
          const before = server.received.length;
          await hook(device, 'PostToolUse', body);
          await until(() => idle(device) && server.received.length > before);
        }
        expect(waiting(device)).toHaveLength(2);
        expect(readFileSync(join(device.spool, 'dropped'), 'utf8')).toBe('2\n');
        server.override = 'gone';
        await hook(device, 'PostToolUse', 'x'.repeat(2000));
        await until(() => idle(device) && waiting(device).length === 0);
        server.received.length = 0;
        server.override = 'ok';
        await hook(device, 'PostToolUse', 'last');
        await until(() => idle(device) && server.received.length === 1);
        server.override = undefined;
        // Two by count, then all three by size (a newest event that is too long leaves no room), then none.
        expect(server.received[0]?.headers['ce-dropped']).toBe('5');
        await until(() => !names(device.spool).includes('dropped'));
      },
    );

    testWith([shell, 'curl'], 'returns at once, whatever the collector does', async () => {
      const device = install(observed('silence'), { shell });
      const results = await Promise.all(Array.from({ length: 5 }, (_, i) => hook(device, 'PostToolUse', `${i}`)));
      for (const { status, milliseconds } of results) expect([status, milliseconds < 1500]).toEqual([0, true]);
      await until(() => waiting(device).length === 5);
    });
  });

describe('the spool', () => {
  testWith(['curl'], 'loses no event of parallel hooks', async () => {
    server.received.length = 0;
    const device = install(observed('allow'));
    await Promise.all(Array.from({ length: 30 }, (_, i) => hook(device, 'PostToolUse', `parallel ${i}`)));
    await until(() => got('allow').length >= 30 && waiting(device).length === 0 && idle(device));
    expect(new Set(got('allow').map(({ body }) => body.toString())).size).toBe(30);
    expect(new Set(got('allow').map(({ headers }) => headers['ce-id'])).size).toBe(30);
  });

  testWith(['curl'], 'drops what is too old, and adopts what a killed relay left', async () => {
    const device = install(observed('error', { spool: { maxEvents: 9, maxBytes: 1000, maxAgeSeconds: 3600 } }));
    mkdirSync(device.spool, { recursive: true, mode: 0o700 });
    const old = Math.floor(Date.now() / 1000) - 4000;
    writeFileSync(join(device.spool, `${old},2026-01-01T00:00:00Z,PostToolUse,an-id,-,-,-,-.event`), 'old');
    writeFileSync(join(device.spool, 'raw,Stop,4711'), 'left');
    utimesSync(join(device.spool, 'raw,Stop,4711'), old, old);
    await hook(device, 'PostToolUse', 'new');
    await until(() => idle(device) && waiting(device).length === 2);
    expect(
      waiting(device)
        .map((name) => readFileSync(join(device.spool, name), 'utf8'))
        .sort(),
    ).toEqual(['left', 'new']);
    expect(readFileSync(join(device.spool, 'dropped'), 'utf8')).toBe('1\n');
  });

  testWith(['curl'], 'has one sender, whose lock is taken over when it died', async () => {
    server.received.length = 0;
    const device = install(observed('allow'));
    mkdirSync(device.spool, { recursive: true, mode: 0o700 });
    writeFileSync(join(device.spool, 'lock'), `${process.pid}\n`);
    await hook(device, 'PostToolUse', 'held');
    await until(() => waiting(device).length === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(got('allow')).toHaveLength(0);
    writeFileSync(join(device.spool, 'lock'), '4194999\n');
    await hook(device, 'PostToolUse', 'free');
    await until(() => waiting(device).length === 0 && idle(device));
    expect(
      got('allow')
        .map(({ body }) => body.toString())
        .sort(),
    ).toEqual(['free', 'held']);
  });

  testWith(['curl'], 'is never reached through a link, and without it events are sent once', async () => {
    const device = install(observed('allow'));
    const elsewhere = newFolder();
    mkdirSync(join(device.home, '.local/state'), { recursive: true });
    symlinkSync(elsewhere, device.spool);
    for (const env of [{}, { HOME: '/nonexistent' }, { HOME: '/nonexistent', TMPDIR: '/dev/null' }]) {
      server.received.length = 0;
      expect((await hook(device, 'PostToolUse', toolEvent, { env, userShell: ['dash'] })).status).toBe(0);
      await until(() => got('allow').length === 1);
      expect(got('allow')[0]?.body.toString()).toBe(toolEvent);
    }
    expect(names(elsewhere)).toEqual([]);
  });

  testWith(['curl'], 'logs outcomes without contents or tokens, and only when asked', async () => {
    const token = join(newFolder(), 'token');
    writeFileSync(token, 't0ps3cret\n');
    for (const log of ['off', 'errors', 'events'] as const) {
      const auth = { tokenFile: { posix: token, windows: undefined }, header: 'Authorization', scheme: 'Bearer' };
      const device = install(observed('allow', { log, auth }));
      server.override = 'error';
      const before = server.received.length;
      await hook(device, 'PostToolUse', toolEvent);
      await until(() => server.received.length > before && idle(device));
      server.override = undefined;
      await hook(device, 'PreToolUse', toolEvent);
      await until(() => names(device.spool).every((name) => !name.startsWith('a')));
      const written = names(device.spool).includes('relay.log')
        ? readFileSync(join(device.spool, 'relay.log'), 'utf8')
        : '';
      expect(written.split('\n').length - 1).toBe({ off: 0, errors: 1, events: 2 }[log]);
      expect(written).not.toMatch(/t0ps3cret|HOME|session/);
      rmSync(device.spool, { recursive: true });
    }
  });

  testWith(['curl'], 'does not grow from a launch with an event that the policy does not have', async () => {
    const device = install(observed('allow'));
    expect(await run([device.script, 'Stop'], toolEvent, { HOME: device.home })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(names(device.spool)).toEqual([]);
  });
});
