import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came in at the mock of Akto's ingestion service: a record of mirrored traffic, its nested JSON taken apart. */
export interface AktoRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The fields that are plain texts. */
  readonly record: Readonly<Record<string, unknown>>;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly requestPayload: unknown;
  readonly responsePayload: unknown;
  readonly tag: Readonly<Record<string, string>>;
}

/** What Akto says of a request; `raw` stands for a whole body of its own. */
export interface AktoAnswer {
  readonly Allowed?: unknown;
  readonly Reason?: string;
  readonly behaviour?: string;
  readonly raw?: string;
  readonly status?: number;
}

export interface AktoServer {
  readonly url: string;
  readonly requests: AktoRequest[];
  /** Bodies that were no record. */
  readonly broken: string[];
  answer: AktoAnswer;
  close(): Promise<void>;
}

/** The vendor's ingestion service on loopback, as its public hooks know it: POST /api/http-proxy with a record. */
export async function aktoServer(): Promise<AktoServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://akto');
      try {
        made.requests.push({
          path: pathname,
          query: Object.fromEntries(searchParams),
          headers: request.headers,
          ...takeApart(text),
        });
      } catch {
        made.broken.push(text);
      }
      const { raw, status = 200, ...guardrailsResult } = made.answer;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(raw ?? JSON.stringify({ data: { guardrailsResult } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made: AktoServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    broken: [],
    answer: { Allowed: true },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return made;
}

function takeApart(text: string): Omit<AktoRequest, 'path' | 'query' | 'headers'> {
  const { requestHeaders, responseHeaders, requestPayload, responsePayload, tag, ...record } = JSON.parse(text);
  return {
    record,
    requestHeaders: JSON.parse(requestHeaders),
    responseHeaders: JSON.parse(responseHeaders),
    requestPayload: JSON.parse(requestPayload),
    responsePayload: JSON.parse(responsePayload),
    tag: JSON.parse(tag),
  };
}
