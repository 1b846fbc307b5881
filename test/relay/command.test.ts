import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RelayEvent } from '../../src/policy/policy.ts';
import { testWith } from '../support/programs.ts';
import {
  collector,
  type Device,
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

/** A relay whose judge is a shell script. */
function judge(script: string, event: Partial<RelayEvent> = {}, shell?: string): { device: Device; program: string } {
  const program = join(newFolder(), "it's a judge");
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const policy = relayPolicy({
    preset: 'agent-hooks',
    endpoint: undefined,
    command: { posix: program, windows: undefined },
    settings: { AGENT_HOOK_CODEX_EXECPOLICY_MODEL: 'it\'s "5"' },
    events: new Map([
      ['PreToolUse', relayEvent({ timeoutSeconds: 1, ...event })],
      ['PostToolUse', relayEvent({ mode: 'observe' })],
    ]),
  });
  return { device: install(policy, shell === undefined ? {} : { shell }), program };
}

const deny = (reason: string): string =>
  `cat >/dev/null; printf '%s' '${JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: reason } })}'`;

const answers: readonly (readonly [what: string, script: string, outcome: 'pass' | 'failure' | string])[] = [
  ['nothing', 'cat >/dev/null', 'pass'],
  ['an empty object', 'cat >/dev/null; echo "{}"', 'pass'],
  ['nothing, the event unread', 'exit 0', 'pass'],
  ['a denial by exit 2', 'cat >/dev/null; printf "no\\n  way\\033[0m" >&2; exit 2', 'no   way [0m'],
  ['a denial by exit 2 without a reason', 'cat >/dev/null; exit 2', 'Blocked by Acme.'],
  ['a denial as JSON', deny('not "this" \\ time'), 'not "this" \\ time'],
  ['a denial without a reason', deny(''), 'Blocked by Acme.'],
  ['a block', 'echo "{ \\"decision\\" : \\"block\\", \\"reason\\": \\"r\\" }"', 'r'],
  ['a stop', 'echo "{\\"continue\\":false,\\"stopReason\\":\\"s\\"}"', 's'],
  [
    'a denial inside a text',
    'echo "{\\"note\\":\\"\\\\\\"permissionDecision\\\\\\":\\\\\\"deny\\\\\\"\\",\\"n\\":[1,-2.5e3,true,null,{}]}"',
    'pass',
  ],
  [
    'an allowance',
    'echo "{\\"hookSpecificOutput\\":{\\"hookEventName\\":\\"PreToolUse\\",\\"permissionDecision\\":\\"allow\\"}}"',
    'pass',
  ],
  ['plain text', 'echo "all fine"', 'failure'],
  ['two objects', 'echo "{} {}"', 'failure'],
  ['a list', 'echo "[]"', 'failure'],
  ['half an object', 'echo "{\\"decision\\":\\"blo"', 'failure'],
  ['another exit code', 'echo "{}"; exit 1', 'failure'],
  ['a signal', 'kill -9 $$', 'failure'],
  ['silence', 'exec sleep 30', 'failure'],
];

for (const shell of shells)
  describe(`the administrator's command where sh is ${shell}`, () => {
    testWith([shell], 'is taken at its word, and only at that', async () => {
      await Promise.all(
        answers
          .filter(([what]) => shell === 'dash' || what !== 'silence')
          .flatMap(([what, script, outcome]) =>
            (shell === 'dash' ? (['open', 'closed'] as const) : (['closed'] as const)).map(async (onFailure) => {
              const result = await hook(judge(script, { onFailure }, shell).device, 'PreToolUse', toolEvent);
              const passes = outcome === 'pass' || (outcome === 'failure' && onFailure === 'open');
              const reason = outcome === 'failure' ? 'Blocked by Acme.' : outcome;
              expect([what, onFailure, result.status, result.stdout, result.stderr]).toEqual([
                what,
                onFailure,
                passes ? 0 : 2,
                '',
                passes ? '' : `${reason}\n`,
              ]);
            }),
          ),
      );
    });
  });

describe("the administrator's command", () => {
  test('gets the event and the settings', async () => {
    const seen = join(newFolder(), 'seen');
    const { device } = judge(`cat >${seen}; printf '%s' "$AGENT_HOOK_CODEX_EXECPOLICY_MODEL $* $PATH" >${seen}.model`);
    expect((await hook(device, 'PreToolUse', toolEvent)).status).toBe(0);
    expect(readFileSync(seen, 'utf8')).toBe(toolEvent);
    expect(readFileSync(`${seen}.model`, 'utf8')).toBe('it\'s "5" callback --provider codex /usr/bin:/bin');
  });

  test('fails when it is absent or not executable', async () => {
    const { device, program } = judge('exit 0', { onFailure: 'closed' });
    chmodSync(program, 0o644);
    if (process.getuid?.() !== 0) expect((await hook(device, 'PreToolUse', toolEvent)).status).toBe(2);
    writeFileSync(`${program}.moved`, '');
    const absent = install(
      relayPolicy({
        preset: 'custom',
        endpoint: undefined,
        command: { posix: `${program}.absent`, windows: undefined },
        events: new Map([['PreToolUse', relayEvent({ onFailure: 'closed' })]]),
      }),
    );
    expect(await hook(absent, 'PreToolUse', toolEvent)).toMatchObject({ status: 2, stderr: 'Blocked by Acme.\n' });
  });

  test('gets observed events later, when it was not ready', async () => {
    const seen = join(newFolder(), 'seen');
    const { device } = judge(`[ -f ${seen}.ready ] || exit 75; cat >>${seen}`);
    const waiting = (): string[] => names(device.spool).filter((name) => name.endsWith('.event'));
    const idle = (): boolean => !names(device.spool).some((name) => /^(?:lock|raw,|answer,)/.test(name));
    await hook(device, 'PostToolUse', 'one;');
    await until(() => waiting().length === 1 && idle());
    expect(existsSync(seen)).toBe(false);
    writeFileSync(`${seen}.ready`, '');
    await hook(device, 'PostToolUse', 'two;');
    await until(() => waiting().length === 0 && idle());
    expect(readFileSync(seen, 'utf8').split(';').sort()).toEqual(['', 'one', 'two']);
  });
});

describe('the tool of preset agent-hooks', () => {
  testWith(['dash'], 'is a report that nobody repeats: what it did not hear is of no use to anybody', async () => {
    const device = install(
      relayPolicy({
        preset: 'agent-hooks',
        endpoint: undefined,
        command: { posix: '/nonexistent/agent-hooks', windows: undefined },
        events: new Map([['Stop', relayEvent({ mode: 'observe' })]]),
      }),
    );
    expect((await hook(device, 'Stop', '{}')).status).toBe(0);
    await until(() => names(device.spool).join() === 'dropped');
  });
});

describe('preset mintmcp with an address', () => {
  testWith(['curl'], "posts the event as it is, and takes a hook's answer", async () => {
    const token = join(newFolder(), 'token');
    writeFileSync(token, 'org-key\n');
    const server = await collector();
    try {
      const device = install(
        relayPolicy({
          preset: 'mintmcp',
          endpoint: server.url('hook/{token}'),
          auth: { tokenFile: { posix: token, windows: undefined }, header: 'Authorization', scheme: 'Bearer' },
          events: new Map([['PreToolUse', relayEvent({ onFailure: 'closed' })]]),
        }),
      );
      const outcomes = [];
      for (const [status, text] of [
        [200, ''],
        [200, '{"decision":"block","reason":"no \\u00fc"}'],
        [200, '{"suppressOutput":true}'],
        [200, '<html>'],
        [500, '{}'],
      ] as const) {
        server.reply = (response) => response.writeHead(status).end(text);
        const result = await hook(device, 'PreToolUse', toolEvent);
        outcomes.push([result.status, result.stderr]);
      }
      const failed = [2, 'Blocked by Acme.\n'];
      expect(outcomes).toEqual([[0, ''], [2, 'no ü\n'], [0, ''], failed, failed]);
      expect(server.received[0]).toMatchObject({ url: '/hook/org-key', body: Buffer.from(toolEvent) });
      expect(server.received[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
      expect(server.received[0]?.headers.authorization).toBeUndefined();
    } finally {
      await server.close();
    }
  });
});

describe("a vendor's script", () => {
  for (const userShell of ['bash', 'zsh', 'dash'])
    testWith([userShell], `runs unchanged behind the guard in ${userShell}`, async () => {
      const events = new Map([['PreToolUse', relayEvent({ onFailure: 'closed' })]]);
      const device = install(
        relayPolicy({
          preset: 'mintmcp',
          endpoint: undefined,
          script: 'mint.sh',
          settings: { MINTMCP_USER: `it's $(id)` },
          events,
        }),
      );
      const missing = await hook(device, 'PreToolUse', toolEvent, { userShell: [userShell] });
      expect([missing.status, missing.stdout, missing.stderr]).toEqual([2, '', 'Blocked by Acme.\n']);
      writeFileSync(join(device.dir, 'mint.sh'), 'printf "%s|" "$MINTMCP_USER"; cat; exit 3\n');
      const result = await hook(device, 'PreToolUse', toolEvent, { userShell: [userShell] });
      expect([result.status, result.stdout]).toEqual([3, `it's $(id)|${toolEvent}`]);
    });
});
