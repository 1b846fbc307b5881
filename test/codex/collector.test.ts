import { request } from 'node:https';
import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Certificate, throwAwayCertificate } from '../../src/codex/certificate.ts';
import { type Collector, type CollectorAnswer, deny, letThrough, startCollector } from '../../src/codex/collector.ts';
import { testWith } from '../support/programs.ts';

const open: Collector[] = [];
afterEach(() => {
  for (const collector of open.splice(0)) collector.close();
});

async function start(
  answer?: Parameters<typeof startCollector>[1],
  certificate?: Certificate,
): Promise<{ collector: Collector; port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const collector = startCollector({ server, port }, answer, certificate);
  open.push(collector);
  return { collector, port };
}

function post(port: number, event: string, body: string): Promise<Response> {
  const headers = { 'ce-type': `com.openai.codex.hook.${event}`, 'ce-id': '1', 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${port}/codex`, { method: 'POST', headers, body });
}

test('an event is kept with its headers and its bytes, and let through', async () => {
  const { collector, port } = await start();
  expect((await post(port, 'Stop', '{"hook_event_name":"Stop","x":"ü"}')).status).toBe(204);
  expect(collector.events).toMatchObject([
    { event: 'Stop', json: { hook_event_name: 'Stop' }, headers: { 'ce-id': '1' } },
  ]);
  expect(collector.events[0]?.body.toString('utf8')).toBe('{"hook_event_name":"Stop","x":"ü"}');
});

test('a body that is no JSON object is kept too', async () => {
  const { collector, port } = await start();
  await post(port, 'Stop', '[1');
  expect(collector.events).toMatchObject([{ event: 'Stop', json: undefined }]);
});

test('the answer is decided event by event', async () => {
  const answer = ({ event }: { readonly event: string }): CollectorAnswer =>
    event === 'PreToolUse' ? deny('not here') : letThrough;
  const { port } = await start(answer);
  const denied = await post(port, 'PreToolUse', '{}');
  expect([denied.status, denied.headers.get('content-type'), await denied.text()]).toEqual([
    403,
    'text/plain',
    'not here',
  ]);
  expect((await post(port, 'Stop', '{}')).status).toBe(204);
});

testWith(
  ['openssl'],
  'over TLS, a client that takes the certificate as its CA trusts the host name, and no other',
  async () => {
    const certificate = await throwAwayCertificate('collector.example.com');
    const { port } = await start(undefined, certificate);
    const status = (servername: string): Promise<number | string | undefined> =>
      new Promise((resolve) => {
        const options = {
          host: '127.0.0.1',
          port,
          servername,
          ca: certificate.cert,
          method: 'POST',
          headers: { host: servername },
        };
        request(options, (response) => resolve(response.statusCode))
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
          .end('{}');
      });
    expect(await status('collector.example.com')).toBe(204);
    expect(await status('other.example.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  },
);
