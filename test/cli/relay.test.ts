import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Collector, collector } from '../relay/support.ts';
import { runCli } from '../support/memory-io.ts';
import { policyWith, scratch } from '../support/policies.ts';
import { testWith } from '../support/programs.ts';

const folder = scratch();

/** A policy file with this relay section, in YAML. */
function policyFile(name: string, relay: string, options: Parameters<typeof policyWith>[1] = {}): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, policyWith(relay, options));
  return path;
}

const events = `
    SessionStart: { mode: enforce, on_failure: closed }
    PreToolUse: { mode: enforce, on_failure: closed, matcher: "^Bash$" }
    PermissionRequest: { mode: enforce }
    PostToolUse: observe
    SessionEnd: observe`;

let server: Collector;
beforeAll(async () => {
  server = await collector();
});
afterAll(() => server.close());

interface Shown {
  readonly rounds: readonly {
    readonly collector: string;
    readonly rows: readonly {
      readonly event: string;
      readonly tool?: string;
      readonly verdict: string;
      readonly reason?: string;
      readonly exit: number;
      readonly bytes: number;
      readonly milliseconds: number;
      readonly report?: string;
      readonly ok: boolean;
    }[];
  }[];
  readonly summary: { readonly events: number; readonly unexpected: number };
}

async function shown(args: readonly string[]): Promise<{ exit: number; result: Shown }> {
  const { exit, stdout, stderr } = await runCli(['relay', 'test', '--format', 'json', ...args], {
    env: { PATH: '/usr/bin:/bin' },
  });
  if (stdout === '') throw new Error(stderr);
  return { exit, result: JSON.parse(stdout) as Shown };
}

describe('relay test', () => {
  testWith(['curl'], 'shows what the relay makes of a collector that lets through, denies and is away', async () => {
    const policy = policyFile(
      'mock',
      `relay:\n  endpoint: https://collector.acme.com/codex\n  user_message: Not today.\n  auth: { token_file: { posix: /etc/codex/relay.token } }\n  proxy: http://127.0.0.1:9\n  events:${events}\n`,
    );
    const { exit, result } = await shown(['--policy', policy]);
    expect(result.summary).toEqual({ events: 18, unexpected: 0 });
    expect(exit).toBe(0);
    const found = result.rounds.map(({ rows }) =>
      rows.map(({ event, tool, verdict, reason, exit: code, report }) => [event, tool, verdict, reason, code, report]),
    );
    const denied = 'Denied by the collector of relay test';
    const row = (event: string, tool: string | undefined, verdict: string, reason?: string): unknown[] => [
      event,
      tool,
      verdict,
      reason,
      reason !== undefined && event !== 'SessionStart' ? 2 : 0,
      undefined,
    ];
    const reported = (report: string): unknown[] => [
      ['PostToolUse', 'Bash', 'reported', undefined, 0, report],
      ['PostToolUse', 'mcp__docs__search', 'reported', undefined, 0, report],
      ['SessionEnd', undefined, 'reported', undefined, 0, report],
    ];
    expect(found).toEqual([
      [
        row('SessionStart', undefined, 'let through'),
        row('PreToolUse', 'Bash', 'let through'),
        row('PermissionRequest', 'Bash', 'let through'),
        ...reported('delivered'),
      ],
      [
        row('SessionStart', undefined, 'denied', denied),
        row('PreToolUse', 'Bash', 'denied', denied),
        row('PermissionRequest', 'Bash', 'denied', denied),
        ...reported('dropped'),
      ],
      [
        row('SessionStart', undefined, 'failure, denied', 'Not today.'),
        row('PreToolUse', 'Bash', 'failure, denied', 'Not today.'),
        row('PermissionRequest', 'Bash', 'failure, let through'),
        ...reported('spooled'),
      ],
    ]);
  });

  testWith(['curl'], 'asks the collector that it is told of, and fails when that is none', async () => {
    const policy = policyFile('told', `relay:\n  endpoint: https://collector.acme.com/codex\n  events:${events}\n`);
    server.received.length = 0;
    const good = await shown(['--policy', policy, '--endpoint', server.url('allow')]);
    expect([good.exit, good.result.summary]).toEqual([0, { events: 6, unexpected: 0 }]);
    expect(server.received).toHaveLength(6);
    expect(server.received[0]?.headers).toMatchObject({
      'ce-policy': 'test',
      'ce-type': 'com.openai.codex.hook.SessionStart',
    });
    const bad = await shown(['--policy', policy, '--endpoint', server.url('error')]);
    expect([bad.exit, bad.result.summary]).toEqual([1, { events: 6, unexpected: 6 }]);
  });

  testWith(['curl'], "speaks the protocol of the policy's preset", async () => {
    for (const [preset, enforced] of [
      ['akto', ['UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop']],
      ['mintmcp', ['UserPromptSubmit', 'PreToolUse', 'PostToolUse']],
    ] as const) {
      const policy = policyFile(preset, `relay:\n  preset: ${preset}\n  endpoint: https://collector.acme.com\n`);
      const { exit, result } = await shown(['--policy', policy]);
      expect([preset, exit, result.summary.unexpected]).toEqual([preset, 0, 0]);
      const denied = result.rounds[1]?.rows.filter(({ verdict }) => verdict === 'denied').map(({ event }) => event);
      expect([...new Set(denied)]).toEqual(enforced);
    }
  });

  test("asks the administrator's program where the policy has one", async () => {
    const program = join(folder, 'judge');
    writeFileSync(program, '#!/bin/sh\ncat >/dev/null\necho no >&2\nexit 2\n', { mode: 0o755 });
    const policy = policyFile(
      'custom',
      `relay:\n  preset: custom\n  command: { posix: ${program} }\n  events: { PreToolUse: { mode: enforce } }\n`,
    );
    const { exit, result } = await shown(['--policy', policy]);
    expect(exit).toBe(0);
    expect(result.rounds[0]?.rows.map(({ tool, verdict, reason }) => [tool, verdict, reason])).toEqual(
      ['Bash', 'apply_patch', 'mcp__docs__search'].map((tool) => [tool, 'denied', 'no']),
    );
  });

  testWith(['curl'], 'prints tables for people', async () => {
    const policy = policyFile(
      'text',
      'relay:\n  endpoint: https://collector.acme.com/codex\n  events: { Stop: observe }\n',
    );
    const { exit, stdout } = await runCli(['relay', 'test', '--policy', policy], { env: { PATH: '/usr/bin:/bin' } });
    expect(exit).toBe(0);
    expect(stdout).toMatch(
      /^the built-in collector lets through:\n {2}event {2}verdict +exit +bytes +ms +report\n {2}Stop {3}reported +0 +\d+ +\d+\.\d +delivered\n/,
    );
    expect(stdout).toMatch(/\n3 events, all as the policy wants\n$/);
  });

  test('says what it cannot do', async () => {
    mkdirSync(join(folder, 'vendor'), { recursive: true });
    writeFileSync(join(folder, 'vendor/mint.sh'), 'exit 0\n');
    const none = policyFile('none', 'requirements: {}\n');
    const vendor = policyFile('vendor', 'relay:\n  preset: mintmcp\n  script: vendor/mint.sh\n');
    const windows = policyFile(
      'windows',
      'relay:\n  endpoint: https://collector.acme.com/\n  events: { Stop: observe }\n',
      { platforms: '[windows]' },
    );
    const good = policyFile('good', 'relay:\n  endpoint: https://collector.acme.com/\n  events: { Stop: observe }\n');
    for (const [args, message] of [
      [['relay', 'try'], 'knows the task test'],
      [['relay'], 'Not enough non-option arguments'],
      [['relay', 'test', '--policy', none], 'the policy has no relay'],
      [['relay', 'test', '--policy', vendor], "the vendor's own address"],
      [['relay', 'test', '--policy', windows], 'Test-CodexRelay.ps1'],
      [['relay', 'test', '--policy', good, '--endpoint', 'http://collector.acme.com/'], '--endpoint takes'],
      [['relay', 'test', '--policy', join(folder, 'absent.yaml')], 'no such file'],
    ] as const) {
      const { exit, stderr, stdout } = await runCli(args);
      expect([args, exit, stdout]).toEqual([args, 2, '']);
      expect(stderr).toContain(message);
    }
    const { exit, stderr } = await runCli(['relay', 'test', '--policy', policyFile('bad', 'relay: { endpoint: 7 }\n')]);
    expect(exit).toBe(1);
    expect(stderr).toContain('nothing was tried');
  });
});
