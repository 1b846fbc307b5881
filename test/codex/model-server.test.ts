import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { type ModelServer, type ModelStep, startModelServer, toolOutputs } from '../../src/codex/model-server.ts';
import type { Listener } from '../../src/codex/room.ts';
import { testWith } from '../support/programs.ts';

const open: ModelServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function start(steps: readonly ModelStep[]): Promise<ModelServer> {
  const listener = await new Promise<Listener>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 });
    });
  });
  const server = startModelServer(listener, steps);
  open.push(server);
  return server;
}

/** The items of one answer, as Codex would read them from the events. */
async function ask(
  server: ModelServer,
  body: unknown,
  encode?: { readonly name: string; readonly by: (body: string) => Uint8Array },
): Promise<unknown[]> {
  const text = JSON.stringify(body);
  const response = await fetch(`${server.baseUrl}/responses`, {
    method: 'POST',
    headers: encode ? { 'content-encoding': encode.name } : {},
    body: encode ? encode.by(text) : text,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
  const parsed = events.map((line) => JSON.parse(line.slice(6)) as { type: string; item?: unknown });
  expect(parsed.at(0)?.type).toBe('response.created');
  expect(parsed.at(-1)?.type).toBe('response.completed');
  return parsed.flatMap(({ type, item }) => (type === 'response.output_item.done' ? [item] : []));
}

const shell: ModelStep = { calls: [{ kind: 'shell', command: 'echo hi' }] };

test.each([
  [['exec_command', 'shell'], 'exec_command', { cmd: 'echo hi' }],
  [['shell_command'], 'shell_command', { command: 'echo hi' }],
  [['shell'], 'shell', { command: ['bash', '-lc', 'echo hi'] }],
])('a shell call uses what the request offers: %j', async (offered, name, args) => {
  const server = await start([shell]);
  const [item] = await ask(server, { input: [], tools: offered.map((tool) => ({ type: 'function', name: tool })) });
  expect(item).toMatchObject({ type: 'function_call', name, call_id: 'call-1-0', arguments: JSON.stringify(args) });
});

test.each([
  ['custom', { type: 'custom_tool_call', input: 'PATCH' }],
  ['function', { type: 'function_call', arguments: '{"input":"PATCH"}' }],
])('a patch is a call of the kind that the request offers: %s', async (type, expected) => {
  const server = await start([{ calls: [{ kind: 'patch', patch: 'PATCH' }] }]);
  expect(await ask(server, { input: [], tools: [{ type, name: 'apply_patch' }] })).toMatchObject([
    { name: 'apply_patch', ...expected },
  ]);
});

test('the script is followed step by step, and a message ends it', async () => {
  const server = await start([
    {
      calls: [
        { kind: 'function', name: 'a', arguments: { x: 1 } },
        { kind: 'function', name: 'b', arguments: {} },
      ],
    },
  ]);
  expect(await ask(server, { input: [], tools: [] })).toHaveLength(2);
  expect(await ask(server, { input: [], tools: [] })).toMatchObject([{ type: 'message', content: [{ text: 'done' }] }]);
  expect(server.requests).toHaveLength(2);
});

test('tool outputs are read from the last request', async () => {
  const server = await start([]);
  await ask(server, { input: [{ type: 'message' }], tools: [] });
  await ask(server, {
    input: [
      { type: 'function_call_output', output: 'one' },
      { type: 'custom_tool_call_output', output: { a: 1 } },
    ],
    tools: [],
  });
  expect(toolOutputs(server.requests)).toEqual(['one', '{"a":1}']);
});

test('a gzip body is unpacked', async () => {
  const server = await start([]);
  await ask(server, { input: [{ text: 'packed' }], tools: [] }, { name: 'gzip', by: (text) => gzipSync(text) });
  expect(server.requests).toMatchObject([{ input: [{ text: 'packed' }] }]);
});

testWith(['zstd'], 'a zstd body is unpacked', async () => {
  const server = await start([]);
  await ask(
    server,
    { input: [{ text: 'packed' }], tools: [] },
    { name: 'zstd', by: (text) => spawnSync('zstd', ['-c'], { input: text }).stdout },
  );
  expect(server.requests).toMatchObject([{ input: [{ text: 'packed' }] }]);
});

test('the list of models is empty, and compaction answers with a message', async () => {
  const server = await start([]);
  expect(await (await fetch(`${server.baseUrl}/models`)).json()).toMatchObject({ data: [] });
  expect(
    await (await fetch(`${server.baseUrl}/responses/compact`, { method: 'POST', body: '{}' })).json(),
  ).toMatchObject({ output: [{ type: 'message' }] });
  expect(server.requests).toEqual([]);
});
