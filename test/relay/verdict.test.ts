import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { RelayEvent, RelayPolicy } from '../../src/policy/policy.ts';
import { testWith } from '../support/programs.ts';
import {
  type Collector,
  collector,
  hash,
  hook,
  install,
  names,
  newFolder,
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
afterAll(() => server.close());

/** A PreToolUse hook, enforced, whose collector answers so. */
function enforced(answer: string, event: Partial<RelayEvent> = {}, over: Partial<RelayPolicy> = {}): RelayPolicy {
  return relayPolicy({ endpoint: server.url(answer), events: new Map([['PreToolUse', relayEvent(event)]]), ...over });
}

const verdicts: readonly (readonly [answer: string, reason: string | undefined])[] = [
  ['allow', undefined],
  ['deny', 'No: "secrets" `id` $HOME \\ é\n'],
  ['deny-odd', 'a b [31m  cd\n'],
  ['deny-invisible', 'Blocked by Acme.\n'],
  ['deny-empty', 'Blocked by Acme.\n'],
  ['deny-not-ascii', '禁止\n'],
];
const failures = ['ok', 'redirect', 'html', 'error', 'broken-off', 'silence'];
/** What differs between shells is how they take curl's report, not which of them it is. */
const failuresFor = (shell: string): readonly string[] => (shell === 'dash' ? failures : ['html', 'broken-off']);

for (const shell of shells)
  describe(`an enforced event where sh is ${shell}`, () => {
    testWith([shell, 'curl'], 'follows the collector', async () => {
      await Promise.all(
        verdicts.map(async ([answer, reason]) => {
          const result = await hook(install(enforced(answer), { shell }), 'PreToolUse', toolEvent);
          expect([answer, result.status, result.stdout, result.stderr]).toEqual([
            answer,
            reason === undefined ? 0 : 2,
            '',
            reason ?? '',
          ]);
        }),
      );
    });

    testWith([shell, 'curl'], 'follows the policy where the collector gives no answer', async () => {
      await Promise.all(
        failuresFor(shell).flatMap((answer) =>
          (['open', 'closed'] as const).map(async (onFailure) => {
            const device = install(enforced(answer, { onFailure, timeoutSeconds: 1 }), { shell });
            const result = await hook(device, 'PreToolUse', toolEvent);
            const expected = onFailure === 'open' ? [0, ''] : [2, 'Blocked by Acme.\n'];
            expect([answer, onFailure, result.status, result.stderr, result.stdout]).toEqual([
              answer,
              onFailure,
              ...expected,
              '',
            ]);
            expect(result.milliseconds).toBeLessThan(4000);
          }),
        ),
      );
    });

    testWith([shell, 'curl'], 'hands on any event byte for byte', async () => {
      const device = install(enforced('allow'), { shell });
      const start = server.received.length;
      for (const body of [
        Buffer.alloc(0),
        Buffer.from([0, 1, 255, 254, 10, 0, 10]),
        Buffer.alloc(900_000, 'x\n'),
        Buffer.from(toolEvent),
      ]) {
        expect((await hook(device, 'PreToolUse', body)).status).toBe(0);
        expect(server.received.at(-1)?.body.equals(body)).toBe(true);
      }
      expect(server.received.length - start).toBe(4);
      const headers = server.received.at(-1)?.headers ?? {};
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-type': 'com.openai.codex.hook.PreToolUse',
        'ce-source': '/codex-mdm/acme',
        'ce-mode': 'enforce',
        'ce-policyhash': hash,
      });
      expect(headers['ce-id']).toMatch(/^[0-9a-f-]{32,36}$/);
      expect(headers['ce-time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(headers['ce-host']).toMatch(/^\S+$/);
      expect(headers['ce-user']).toMatch(/^\S+$/);
      await until(() => names(device.spool).join() === 'identity');
      expect(statSync(device.spool).mode & 0o777).toBe(0o700);
    });

    testWith([shell, 'curl'], 'cuts long events, and says so', async () => {
      const device = install(enforced('allow', {}, { payload: { content: 'full', maxBytes: 1024 } }), { shell });
      expect((await hook(device, 'PreToolUse', Buffer.alloc(2_000_000, 'y'))).status).toBe(0);
      const received = server.received.at(-1);
      expect(received?.body.length).toBe(1024);
      expect(received?.headers).toMatchObject({ 'ce-size': '2000000', 'ce-truncated': 'true' });
      expect(received?.headers['ce-sha256']).toMatch(/^[0-9a-f]{64}$/);
    });

    testWith([shell, 'curl'], 'keeps to a verdict whatever is wrong with HOME', async () => {
      const device = install(enforced('deny'), { shell });
      for (const [env, reason] of [
        [{ HOME: '/nonexistent' }, 'No: "secrets" `id` $HOME \\ é\n'],
        [{ HOME: '' }, 'No: "secrets" `id` $HOME \\ é\n'],
        [{ HOME: '/dev/null', TMPDIR: '/dev/null' }, 'Blocked by Acme.\n'],
      ] as const) {
        const result = await hook(device, 'PreToolUse', toolEvent, { env, userShell: ['dash'] });
        expect([env, result.status, result.stderr]).toEqual([env, 2, reason]);
        expect(server.received.at(-1)?.body.toString()).toBe(toolEvent);
      }
    });
  });

describe('an enforced event', () => {
  testWith(['curl'], 'is stopped by JSON at SessionStart and PreCompact', async () => {
    for (const event of ['SessionStart', 'PreCompact'])
      for (const [answer, reason] of [
        ['deny', 'No: "secrets" `id` $HOME \\ é'],
        ['error', 'Say "no" \\ é'],
      ]) {
        const policy = enforced(
          answer ?? '',
          {},
          { events: new Map([[event, relayEvent({ onFailure: 'closed' })]]), userMessage: 'Say "no" \\ é' },
        );
        const result = await hook(install(policy), event, toolEvent);
        expect([result.status, JSON.parse(result.stdout)]).toEqual([0, { continue: false, stopReason: reason }]);
      }
  });

  testWith(['curl'], 'is denied by a body that never ends or is far too long', async () => {
    for (const [answer, reason] of [
      ['deny-huge', /^x{4000}\n$/],
      ['deny-stuck', /^(?:partly|Blocked by Acme\.)\n$/],
    ] as const) {
      const result = await hook(install(enforced(answer, { timeoutSeconds: 1 })), 'PreToolUse', toolEvent);
      expect([answer, result.status]).toEqual([answer, 2]);
      expect(result.stderr).toMatch(reason);
    }
  });

  testWith(['curl'], 'replaces a result and continues a turn by the same answer', async () => {
    for (const [event, mode] of [
      ['PostToolUse', 'replace'],
      ['Stop', 'continue'],
      ['SubagentStop', 'continue'],
    ] as const) {
      const result = await hook(
        install(enforced('deny', {}, { events: new Map([[event, relayEvent({ mode })]]) })),
        event,
        toolEvent,
      );
      expect([event, result.status, result.stdout, result.stderr]).toEqual([
        event,
        2,
        '',
        'No: "secrets" `id` $HOME \\ é\n',
      ]);
    }
  });

  testWith(['curl'], 'sends only size and digest where the policy says metadata', async () => {
    const device = install(enforced('allow', {}, { payload: { content: 'metadata', maxBytes: 1024 }, identity: [] }));
    expect((await hook(device, 'PreToolUse', 'secret')).status).toBe(0);
    const received = server.received.at(-1);
    expect([
      received?.body.length,
      ...['ce-size', 'ce-sha256', 'ce-user'].map((name) => received?.headers[name]),
    ]).toEqual([0, '6', '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', undefined]);
  });

  testWith(['curl'], 'fails where the collector refuses the connection or the token cannot be read', async () => {
    const auth = { tokenFile: { posix: newFolder(), windows: undefined }, header: 'Authorization', scheme: 'Bearer' };
    for (const over of [{ endpoint: 'http://127.0.0.1:9/' }, { auth }, { endpoint: 'https://nowhere.invalid/' }]) {
      const result = await hook(install(enforced('allow', { onFailure: 'closed' }, over)), 'PreToolUse', toolEvent);
      expect([result.status, result.stderr]).toEqual([2, 'Blocked by Acme.\n']);
    }
  });
});
