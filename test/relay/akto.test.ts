import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { testWith } from '../support/programs.ts';
import { type AktoAnswer, type AktoServer, aktoServer } from './akto-server.ts';
import { type Device, hook, install, names, newFolder, relayEvent, relayPolicy, shells, until } from './support.ts';

let server: AktoServer;
beforeAll(async () => {
  server = await aktoServer();
});
beforeEach(() => {
  server.requests.length = 0;
  server.broken.length = 0;
  server.answer = { Allowed: true };
});
afterAll(() => server.close());

const events = new Map([
  ['SessionStart', relayEvent({ mode: 'observe' })],
  ['UserPromptSubmit', relayEvent()],
  ['PreToolUse', relayEvent()],
  ['PostToolUse', relayEvent({ mode: 'replace' })],
  ['Stop', relayEvent({ mode: 'continue' })],
  ['SessionEnd', relayEvent({ mode: 'observe' })],
]);

function device(over: Partial<RelayPolicy> = {}, shell?: string): Device {
  return install(relayPolicy({ preset: 'akto', endpoint: `${server.url}//`, events, ...over }), {
    ...(shell === undefined ? {} : { shell }),
  });
}

const session = {
  session_id: '01a1b2c3-0000-7000-8000-00000000f0c8',
  turn_id: 'turn "1" \\',
  transcript_path: null,
  cwd: '/srv/"it\'s" \\ é',
  model: 'm',
  permission_mode: 'default',
};
const event = (hook_event_name: string, more: object): string =>
  JSON.stringify({ ...session, hook_event_name, ...more });

const bash = event('PreToolUse', {
  tool_name: 'Bash',
  tool_input: {
    command: 'echo "it\'s" \\ $HOME `id` \u0000\n\t é 😀 }{][',
    list: [1, -2.5e3, [], {}, { 'a"b': '}' }, null],
  },
  tool_use_id: 'call-1',
});
const last = () => {
  const request = server.requests.at(-1);
  if (!request) throw new Error(`nothing came in; broken: ${server.broken.join()}`);
  return request;
};

for (const shell of shells)
  describe(`preset akto where sh is ${shell}`, () => {
    testWith([shell, 'curl'], 'reports each event as a record of mirrored traffic', async () => {
      const at = device({}, shell);
      expect(await hook(at, 'PreToolUse', bash)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(last()).toMatchObject({
        path: '/api/http-proxy',
        query: { guardrails: 'true', akto_connector: 'codex_cli', ingest_data: 'true' },
        headers: { 'content-type': 'application/json' },
        record: {
          path: '/tool/Bash',
          method: 'POST',
          destIp: '127.0.0.1',
          statusCode: '200',
          status: '200',
          type: 'HTTP/1.1',
          akto_account_id: '1000000',
          akto_vxlan_id: 0,
          is_pending: 'false',
          source: 'MIRRORING',
          contextSource: 'ENDPOINT',
        },
        requestHeaders: {
          host: 'chatgpt.com',
          'x-codex-hook': 'PreToolUse',
          'x-akto-installer-session_id': session.session_id,
          'x-akto-installer-turn_id': session.turn_id,
          'x-akto-installer-cwd': session.cwd,
          'x-akto-installer-tool_use_id': 'call-1',
        },
        requestPayload: { body: JSON.parse(bash).tool_input, toolName: 'Bash' },
        responsePayload: {},
        tag: { 'gen-ai': 'Gen AI', tool_name: 'Bash' },
      });
      expect(last().requestHeaders).not.toHaveProperty('x-akto-installer-transcript_path');
      expect(last().record['time']).toMatch(/^\d{13}$/);
      expect(last().record['ip']).toMatch(/^[\w.@%-]+$/);

      await hook(at, 'PreToolUse', event('PreToolUse', { tool_name: 'mcp__my-srv__do__it', tool_input: { a: '"' } }));
      expect(last()).toMatchObject({
        record: { path: '/mcp' },
        requestHeaders: { 'x-mcp-server': 'my-srv', host: expect.stringMatching(/^[a-z0-9-]+\.codexcli\.my-srv$/) },
        requestPayload: { jsonrpc: '2.0', method: 'tools/call', params: { name: 'do__it', arguments: { a: '"' } } },
      });
      await hook(at, 'UserPromptSubmit', event('UserPromptSubmit', { prompt: 'say "hi"\n\\' }));
      expect(last()).toMatchObject({
        record: { path: '/backend-api/codex/responses' },
        requestPayload: { body: 'say "hi"\n\\' },
      });
      await hook(at, 'PostToolUse', event('PostToolUse', { tool_name: 'a b/ç', tool_input: 7, tool_response: 'o"ut' }));
      expect(last()).toMatchObject({
        query: { response_guardrails: 'true' },
        record: { path: '/tool/a-b' },
        requestPayload: { body: { toolName: 'a b/ç', toolArgs: 7 } },
        responsePayload: { body: { result: 'o"ut' } },
      });
      await hook(at, 'Stop', event('Stop', { stop_hook_active: false, last_assistant_message: 'done "so"' }));
      expect(last()).toMatchObject({ responsePayload: { body: 'done "so"' } });
      const start = event('SessionStart', { source: 'startup' });
      await hook(at, 'SessionStart', start);
      await until(() => last().query['client_hook'] === 'SessionStart');
      expect(last()).toMatchObject({
        query: { akto_connector: 'codex_cli', ingest_data: 'true' },
        record: { path: '/v1/hooks/SessionStart' },
        requestPayload: { body: JSON.parse(start) },
        responsePayload: { body: {} },
      });
      expect(server.broken).toEqual([]);
    });

    testWith([shell, 'curl'], 'warns once, and reports what it denied', async () => {
      const at = device({}, shell);
      server.answer = { Allowed: false, Reason: 'Really?', behaviour: 'warn' };
      const warned = 'Repeat it if that is meant: it passes then. Really?\n';
      const other = bash.replace('call-1', 'call-2').replace('turn', 'next turn');
      const outcomes = [];
      for (const body of [bash, other, bash, bash.replace('echo', 'rm')])
        outcomes.push((await hook(at, 'PreToolUse', body)).stderr);
      expect(outcomes).toEqual([warned, '', warned, warned]);
      const denied = () => server.requests.filter(({ record }) => record['statusCode'] === '403');
      await until(() => denied().length === 3 && !names(at.spool).some((name) => name.endsWith('.event')));
      expect(denied()[0]).toMatchObject({
        query: { akto_connector: 'codex_cli', ingest_data: 'true' },
        responseHeaders: { 'x-blocked-by': 'Akto Proxy' },
        responsePayload: { body: { 'x-blocked-by': 'Akto Proxy', reason: warned.trim() } },
        requestPayload: { body: JSON.parse(bash).tool_input },
      });
      expect(denied()[0]?.query).not.toHaveProperty('guardrails');
    });

    if (shell !== 'dash') return;
    testWith([shell, 'curl'], 'sends events that are no JSON, and large ones, without harm', async () => {
      const at = device({}, shell);
      const big = event('PreToolUse', { tool_name: 'Bash', tool_input: { command: 'x{"\\\n]'.repeat(100_000) } });
      for (const [body, payload] of [
        [big, { body: JSON.parse(big).tool_input, toolName: 'Bash' }],
        ['', { body: '' }],
        ['say "no" \\ it\'s', { body: 'say "no" \\ it\'s' }],
        ['{"tool_name":"Bash","tool_input":{"a":"b', { body: '{"tool_name":"Bash","tool_input":{"a":"b' }],
        ['{"a":1}{"b":2}', { body: '{"a":1}{"b":2}' }],
        ['{"tool_name":"Bash" "x":1}', { body: '{"tool_name":"Bash" "x":1}' }],
        ['[1]', { body: '[1]' }],
        ['a\0b\tc', { body: 'a b c' }],
      ] as const) {
        expect((await hook(at, 'PreToolUse', body)).status).toBe(0);
        expect([body.slice(0, 50), server.broken, last().requestPayload]).toEqual([body.slice(0, 50), [], payload]);
      }
      const before = server.requests.length;
      const many = event('PreToolUse', { tool_name: 'Bash', tool_input: Array.from({ length: 210_000 }, () => 'x') });
      expect((await hook(at, 'PreToolUse', many)).status).toBe(0);
      expect(server.requests.length).toBe(before);
      await hook(at, 'PreToolUse', Buffer.from('{"tool_name":"Ba\xc3","tool_input":{"a":"\xff\xc3"}}', 'latin1'));
      expect([server.broken, last().requestPayload]).toEqual([[], { body: { a: '  ' }, toolName: 'Ba ' }]);
    });

    testWith([shell, 'curl'], "follows Akto's verdict, and the policy where there is none", async () => {
      const open = device({}, shell);
      const closed = device({ events: new Map([['PreToolUse', relayEvent({ onFailure: 'closed' })]]) }, shell);
      const reason = 'No: "secrets" \\ \u00fc 😀 $(id)';
      const cases: readonly (readonly [AktoAnswer, open: string | undefined, closed: string | undefined])[] = [
        [{ Allowed: true, Reason: 'x' }, undefined, undefined],
        [{ Allowed: false, Reason: reason }, reason, reason],
        [{ Allowed: false, Reason: reason, behaviour: 'block' }, reason, reason],
        [{ Allowed: false, Reason: reason, behaviour: 'Alert' }, undefined, undefined],
        [{ Allowed: false, Reason: '' }, 'Blocked by Acme.', 'Blocked by Acme.'],
        [
          { raw: '{"data":{"guardrailsResult":{"Allowed":false,"Reason":"\\u00fc\\ud83d\\ude00\\n\\/"}}}' },
          'ü😀 /',
          'ü😀 /',
        ],
        [{ raw: '{"data":{}}' }, undefined, 'Blocked by Acme.'],
        [{ raw: '{"data.guardrailsResult":{"Allowed":true}}' }, undefined, 'Blocked by Acme.'],
        [{ raw: '<h1>{"data":{"guardrailsResult":{"Allowed":true}}}</h1>' }, undefined, 'Blocked by Acme.'],
        [{ raw: '' }, undefined, 'Blocked by Acme.'],
        [{ Allowed: true, status: 500 }, undefined, 'Blocked by Acme.'],
        [{ Allowed: false, status: 401 }, undefined, 'Blocked by Acme.'],
      ];
      for (const [answer, onOpen, onClosed] of cases) {
        server.answer = answer;
        for (const [at, expected] of [
          [open, onOpen],
          [closed, onClosed],
        ] as const) {
          const { status, stdout, stderr } = await hook(at, 'PreToolUse', bash);
          expect([answer, status, stdout, stderr]).toEqual([
            answer,
            expected === undefined ? 0 : 2,
            '',
            expected === undefined ? '' : `${expected}\n`,
          ]);
        }
      }
    });
  });

describe('preset akto', () => {
  testWith(['curl'], 'ends the turn, and does not end it twice', async () => {
    const at = device();
    server.answer = { Allowed: false, Reason: 'No "way"' };
    const stop = (stop_hook_active: boolean): string =>
      event('Stop', { stop_hook_active, last_assistant_message: '"stop_hook_active":true' });
    const first = await hook(at, 'Stop', stop(false));
    expect([first.status, JSON.parse(first.stdout)]).toEqual([0, { continue: false, stopReason: 'No "way"' }]);
    expect(await hook(at, 'Stop', stop(true))).toMatchObject({ status: 0, stdout: '', stderr: '' });
    server.answer = { Allowed: false, Reason: 'Sure?', behaviour: 'warn' };
    expect(await hook(at, 'Stop', stop(false))).toMatchObject({ status: 2, stderr: expect.stringMatching(/Sure\?/) });
    await until(() => server.requests.filter(({ record }) => record['statusCode'] === '403').length === 2);
  });

  testWith(['curl'], 'names the model address that Codex uses, and the device in atlas mode', async () => {
    const at = device();
    const paths = [];
    for (const env of [
      { OPENAI_BASE_URL: 'https://user:pw@gateway.acme.com/v1/?x="y"' },
      { OPENAI_BASE_URL: 'https://a"b' },
      { OPENAI_API_KEY: 'x' },
      {},
    ]) {
      await hook(at, 'UserPromptSubmit', event('UserPromptSubmit', { prompt: 'p' }), { env });
      paths.push([last().requestHeaders['host'], last().record['path']]);
    }
    expect(paths).toEqual([
      ['gateway.acme.com/v1', '/v1/responses'],
      ['unknown', '/v1/responses'],
      ['api.openai.com', '/v1/responses'],
      ['chatgpt.com', '/backend-api/codex/responses'],
    ]);
    const atlas = device({ settings: { MODE: 'atlas', CONTEXT_SOURCE: 'AGENTIC', AKTO_CONNECTOR: 'x' }, identity: [] });
    await hook(atlas, 'UserPromptSubmit', event('UserPromptSubmit', { prompt: 'p' }));
    expect(last()).toMatchObject({
      query: { akto_connector: 'x' },
      record: { ip: 'unknown', contextSource: 'AGENTIC' },
      tag: { 'ai-agent': 'codexcli', source: 'AGENTIC' },
    });
    expect(last().requestHeaders['host']).toMatch(/^[a-z0-9-]+\.ai-agent\.codexcli$/);
  });

  testWith(
    ['curl'],
    'sends the token without a word before it, and waits for nobody where it only observes',
    async () => {
      const token = join(newFolder(), 'token');
      writeFileSync(token, 'akto-token\n');
      const auth = { tokenFile: { posix: token, windows: undefined }, header: 'Authorization', scheme: '' };
      const at = device({ auth, events: new Map([['PreToolUse', relayEvent({ mode: 'observe' })]]) });
      server.answer = { Allowed: false, Reason: 'no' };
      expect(await hook(at, 'PreToolUse', bash)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      await until(() => server.requests.length === 1);
      expect(last().headers.authorization).toBe('akto-token');
      expect(last()).toMatchObject({
        query: { ingest_data: 'true', client_hook: 'PreToolUse' },
        record: { path: '/tool/Bash' },
      });
    },
  );

  testWith(
    ['curl'],
    'keeps reports while Akto is away, and sends size and digest where the policy says metadata',
    async () => {
      const at = device({ payload: { content: 'metadata', maxBytes: 1024 } });
      server.answer = { status: 503 };
      await hook(at, 'SessionStart', 'secret');
      await until(() => server.requests.length === 1 && !names(at.spool).includes('lock'));
      server.answer = {};
      await hook(at, 'SessionEnd', 'secret');
      await until(() => server.requests.length === 3);
      for (const { requestPayload } of server.requests)
        expect(requestPayload).toEqual({
          body: { size: 6, sha256: '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b' },
        });
      expect(
        new Set(server.requests.map(({ requestHeaders }) => requestHeaders['x-akto-installer-event_id'])).size,
      ).toBe(2);
      await until(() => names(at.spool).join() === 'identity');
      expect(names(at.spool).map((name) => readFileSync(join(at.spool, name), 'utf8'))).not.toContain('secret');
    },
  );

  testWith(['curl', 'busybox'], 'any event arrives as the JSON that it is', async () => {
    const devices = [device({ payload: { content: 'full', maxBytes: 10_000_000 } }), device()];
    // The other awk that Linux devices have.
    const [{ script }] = devices as [Device];
    writeFileSync(script, readFileSync(script, 'utf8').replaceAll(/ awk (?=-v|')/g, ' busybox awk '));
    const text = fc.string({
      unit: fc.constantFrom('"', '\\', '\n', '}', '{', ',', ':', ' ', 'a', 'é', '😀', '\u0001'),
      maxLength: 60,
    });
    const value = fc.oneof(text, fc.jsonValue({ maxDepth: 3 }), fc.array(text, { maxLength: 900 }));
    await fc.assert(
      fc.asyncProperty(value, text, fc.constantFrom(...devices), async (input, tool, at) => {
        const body = JSON.stringify({ cwd: tool, tool_name: tool, tool_input: input, z: input });
        await hook(at, 'PreToolUse', body);
        expect(server.broken).toEqual([]);
        if (/^mcp__/.test(tool)) return;
        expect(last().requestPayload).toEqual({ body: JSON.parse(JSON.stringify(input)), toolName: tool });
        expect(last().requestHeaders['x-akto-installer-cwd'] ?? '').toBe(tool);
      }),
      { numRuns: 40, seed: 11 },
    );
  });
});
