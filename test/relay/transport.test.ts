import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { hasProgram, testWith } from '../support/programs.ts';
import { hook, install, newFolder, relayEvent, relayPolicy, toolEvent } from './support.ts';

/** Closed on failure, so that only a connection that came about lets through. */
const policy = (over: Partial<RelayPolicy>): RelayPolicy =>
  relayPolicy({ events: new Map([['PreToolUse', relayEvent({ onFailure: 'closed' })]]), ...over });

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
});

async function listening(server: Server, where: number | string = 0): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) =>
    typeof where === 'string' ? server.listen(where, resolve) : server.listen(where, '127.0.0.1', resolve),
  );
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('TLS', () => {
  let port = 0;
  const folder = newFolder();
  const ca = (name: string): string => join(folder, `${name}.pem`);
  beforeAll(async () => {
    if (!hasProgram('openssl')) return;
    for (const [name, host] of [
      ['good', 'localhost'],
      ['other', 'localhost'],
    ])
      spawnSync('openssl', [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${name}`,
        '-addext',
        `subjectAltName=DNS:${host}`,
        '-keyout',
        join(folder, `${name}.key`),
        '-out',
        ca(name ?? ''),
      ]);
    port = await listening(
      createServer({ cert: readFileSync(ca('good')), key: readFileSync(join(folder, 'good.key')) }, (_, response) =>
        response.writeHead(204).end(),
      ),
    );
  });

  testWith(
    ['curl', 'openssl'],
    'trusts the authority of the policy and no other, whatever the environment says',
    async () => {
      for (const [name, host, status] of [
        ['good', 'localhost', 0],
        ['other', 'localhost', 2],
        ['good', '127.0.0.1', 2],
        [undefined, 'localhost', 2],
      ] as const) {
        const device = install(policy({ endpoint: `https://${host}:${port}/codex`, caFile: name && 'ca.pem' }));
        if (name) copyFileSync(ca(name), join(device.dir, 'codex-relay-ca.pem'));
        const env = { SSL_CERT_FILE: ca('good'), CURL_CA_BUNDLE: ca('good'), NO_PROXY: '*' };
        expect([name, host, (await hook(device, 'PreToolUse', toolEvent, { env })).status]).toEqual([
          name,
          host,
          status,
        ]);
      }
    },
  );

  testWith(
    ['curl', 'openssl'],
    'goes through the proxy that the policy names, whatever the environment says',
    async () => {
      const asked: string[] = [];
      const proxy = createHttpServer();
      proxy.on('connect', (request, socket) => {
        asked.push(request.url ?? '');
        const upstream = connect(port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          upstream.pipe(socket);
          socket.pipe(upstream);
        });
        upstream.on('error', () => socket.destroy());
        socket.on('error', () => upstream.destroy());
      });
      const proxyUrl = `http://127.0.0.1:${await listening(proxy)}`;
      const endpoint = `https://localhost:${port}/codex`;
      for (const [setting, env, through] of [
        [proxyUrl, { NO_PROXY: '*', no_proxy: 'localhost', https_proxy: 'http://127.0.0.1:9' }, true],
        ['environment', { https_proxy: proxyUrl }, true],
        ['environment', {}, false],
        ['none', { https_proxy: 'http://127.0.0.1:9', ALL_PROXY: 'http://127.0.0.1:9' }, false],
      ] as const) {
        asked.length = 0;
        const device = install(policy({ endpoint, caFile: 'ca.pem', proxy: setting }));
        copyFileSync(ca('good'), join(device.dir, 'codex-relay-ca.pem'));
        expect([setting, (await hook(device, 'PreToolUse', toolEvent, { env })).status, asked.length > 0]).toEqual([
          setting,
          0,
          through,
        ]);
      }
    },
  );
});

testWith(['curl'], 'a local agent is reached by its socket, whatever its path', async () => {
  const folder = join(newFolder(), 'a "b" \\ \u00e9');
  mkdirSync(folder);
  const bodies: string[] = [];
  await listening(
    createHttpServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on('end', () => response.writeHead(204).end());
    }),
    join(folder, 'agent.sock'),
  );
  const device = install(policy({ endpoint: `unix:${folder}/agent.sock` }));
  expect((await hook(device, 'PreToolUse', toolEvent, { env: { http_proxy: 'http://127.0.0.1:9' } })).status).toBe(0);
  expect(bodies).toEqual([toolEvent]);
});

test('loopback in clear text never goes through a proxy', async () => {
  const port = await listening(createHttpServer((_, response) => response.writeHead(204).end()));
  const device = install(policy({ endpoint: `http://127.0.0.1:${port}/`, proxy: 'http://127.0.0.1:9/' }));
  expect((await hook(device, 'PreToolUse', toolEvent, { env: { http_proxy: 'http://127.0.0.1:9' } })).status).toBe(0);
});
