import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { table } from './faults.ts';
import type { Received } from './support.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const plain = { 'content-type': 'text/plain; charset=utf-8' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const long = 'x'.repeat(10_000_000);

/** What a collector can do to a relay, by the id of the fault. */
export const answers: Readonly<Record<string, Answer>> = {
  fine: (response) => response.writeHead(204).end(),
  denies: (response) => response.writeHead(403, plain).end(`${table.reason}\n`),
  'denies-silently': (response) => response.writeHead(403, plain).end('\u00a0\u200b \n'),
  refuses: (response) => response.writeHead(400, plain).end('bad request'),
  busy: (response) => response.writeHead(429).end(),
  broken: (response) => response.writeHead(503, plain).end('try later'),
  'html-error': (response) => response.writeHead(403, html).end('<h1>Blocked by the proxy</h1>'),
  'html-page': (response) => response.writeHead(200, html).end('<h1>Welcome to the hotel</h1>'),
  empty: (response) => response.writeHead(200).end(),
  'no-answer': (response) => response.destroy(),
  'huge-denial': (response) => response.writeHead(403, plain).end(long),
  'huge-page': (response) => response.writeHead(200, html).end(long),
  silence: () => undefined,
  'slow-body': (response, request) =>
    response
      .writeHead(request.headers['ce-mode'] === 'observe' ? 200 : 403, { ...plain, 'content-length': 100 })
      .flushHeaders(),
};

/** One address of the mock, with what came to it. */
export interface Site {
  /** The address, by the mock's own name or by another that leads there too. */
  url(host?: string): string;
  readonly received: Received[];
}

export type Door = 'http' | 'tls' | 'tls-expired';

export interface Mock {
  /** Opens an address that answers so; a redirect is the address it leads to. */
  site(answer: string | { readonly redirect: string }, door?: Door): Site;
  /** The certificate of the authority that the mock's own certificates lead to, and of another one. */
  readonly authority: string;
  readonly otherAuthority: string;
  close(): void;
}

/** A collector on loopback with many addresses; each misbehaves in its own way. With certificates made by openssl. */
export async function startMock(folder: string): Promise<Mock> {
  const sites = new Map<string, { readonly answer: Answer; readonly received: Received[] }>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const site = sites.get(request.url ?? '');
      site?.received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      site?.answer(response, request);
    });
  };
  const certificates = makeCertificates(folder);
  const doors: Readonly<Record<Door, Server>> = {
    http: createServer(listener),
    tls: createTlsServer(certificates.good, listener),
    'tls-expired': createTlsServer(certificates.expired, listener),
  };
  for (const server of Object.values(doors)) {
    // A client that goes away in the middle is what half of the faults are.
    server.on('clientError', (_, socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  return {
    site: (what, door = 'http') => {
      const path = `/${sites.size}`;
      const received: Received[] = [];
      const answer: Answer =
        typeof what === 'string'
          ? (answers[what] ?? unknown(what))
          : (response) => response.writeHead(302, { location: what.redirect }).end();
      sites.set(path, { answer, received });
      const { port } = doors[door].address() as AddressInfo;
      const ownName = door === 'http' ? '127.0.0.1' : 'localhost';
      return { received, url: (host = ownName) => `http${door === 'http' ? '' : 's'}://${host}:${port}${path}` };
    },
    authority: certificates.authority,
    otherAuthority: certificates.otherAuthority,
    close: () => {
      for (const server of Object.values(doors)) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

interface Certificates {
  readonly authority: string;
  readonly otherAuthority: string;
  readonly good: { readonly key: string; readonly cert: string };
  readonly expired: { readonly key: string; readonly cert: string };
}

/** Two authorities, and two certificates of the first for localhost: one good for two days, one that has expired. */
function makeCertificates(folder: string): Certificates {
  const openssl = (line: string): void =>
    void execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'ignore' });
  const key = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
  for (const name of ['authority', 'other'])
    openssl(`req -x509 ${key} -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`);
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  const signed = (name: string, days: number): { key: string; cert: string } => {
    openssl(`req -new ${key} -subj /CN=${name} -keyout ${name}.key -out ${name}.csr`);
    openssl(
      `x509 -req -in ${name}.csr -CA authority.pem -CAkey authority.key -set_serial ${days + 10} -days ${days} -extfile names -out ${name}.pem`,
    );
    return { key: text(`${name}.key`), cert: text(`${name}.pem`) };
  };
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    good: signed('good', 2),
    expired: signed('expired', -1),
    authority: text('authority.pem'),
    otherAuthority: text('other.pem'),
  };
}

function unknown(answer: string): never {
  throw new Error(`the mock knows no answer ${answer}`);
}
