import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { testWith } from '../support/programs.ts';
import { hook, install, newFolder, relayEvent, relayPolicy, toolEvent, until } from './support.ts';

testWith(['curl'], 'the collector of docs/relay-protocol.md judges and collects', async () => {
  const [, example = ''] =
    /```js\n([\s\S]*?)```/.exec(readFileSync(new URL('../../docs/relay-protocol.md', import.meta.url), 'utf8')) ?? [];
  const folder = newFolder();
  const token = join(folder, 'token');
  writeFileSync(join(folder, 'collector.mjs'), example);
  writeFileSync(token, 'acme-write-only\n');
  const port = await freePort();
  const child = spawn(process.execPath, [join(folder, 'collector.mjs')], {
    env: { PORT: String(port), TOKEN: 'acme-write-only' },
  });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  try {
    const device = install(
      relayPolicy({
        endpoint: `http://127.0.0.1:${port}/`,
        auth: { tokenFile: { posix: token, windows: undefined }, header: 'Authorization', scheme: 'Bearer' },
        events: new Map([
          ['PreToolUse', relayEvent({ onFailure: 'closed', timeoutSeconds: 5 })],
          ['PostToolUse', relayEvent({ mode: 'observe' })],
        ]),
      }),
    );
    const push = JSON.stringify({ session_id: 'x', tool_input: { command: 'git -C . push' } });
    await listens(port);
    expect(await hook(device, 'PreToolUse', push)).toMatchObject({ status: 2, stderr: 'Pushes go through review.\n' });
    expect(await hook(device, 'PreToolUse', toolEvent)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    await hook(device, 'PostToolUse', push);
    await until(() => /PostToolUse git -C \. push/.test(printed));
    expect(printed.split('\n').filter((line) => line !== '')).toHaveLength(3);
    writeFileSync(token, 'another');
    expect((await hook(device, 'PreToolUse', toolEvent)).status).toBe(2);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function listens(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise((resolve) =>
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false)),
    );
    socket.destroy();
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the collector does not listen');
}
