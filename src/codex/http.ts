import { spawnSync } from 'node:child_process';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Certificate } from './certificate.ts';

/** Answers HTTP on a listening socket, which may come from a room. With a certificate: HTTPS. Returns what ends it. */
export function serve(listener: Server, handler: RequestListener, certificate?: Certificate): () => void {
  const http = certificate
    ? createTlsServer({ key: certificate.key, cert: certificate.cert }, handler)
    : createServer(handler);
  const take = (socket: unknown): void => void http.emit('connection', socket);
  listener.on('connection', take);
  return () => {
    listener.close();
    http.closeAllConnections();
  };
}

/** A request's whole body, unpacked when it came as gzip or zstd. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') return gunzipSync(body);
  if (encoding === 'zstd') return unzstd(body);
  return body;
}

/** Node 20 has no zstd of its own. */
function unzstd(body: Buffer): Buffer {
  const { status, stdout, error } = spawnSync('zstd', ['-d', '-c'], { input: body, maxBuffer: 2 ** 28 });
  if (error || status !== 0) throw new Error('a zstd body needs the program zstd');
  return stdout;
}
