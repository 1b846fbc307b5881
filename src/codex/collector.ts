import type { IncomingHttpHeaders } from 'node:http';
import { aktoAnswer, aktoEvent, aktoPath } from './akto.ts';
import type { Certificate } from './certificate.ts';
import { bodyOf, serve } from './http.ts';
import type { Listener } from './room.ts';

/** A hook event as it came in: CloudEvents 1.0 over HTTP in binary mode, the body being Codex's own event. */
export interface CollectedEvent {
  /** Codex's event name, from `ce-type: com.openai.codex.hook.<Event>`. */
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as JSON; undefined when it is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** 204 lets through, 403 as text/plain denies with the text as its reason; anything else is a failure to the relay. */
export interface CollectorAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly text?: string;
}

export const letThrough: CollectorAnswer = { status: 204 };

/** The answer that denies with this reason. */
export function deny(reason: string): CollectorAnswer {
  return { status: 403, contentType: 'text/plain', text: reason };
}

export interface Collector {
  readonly events: readonly CollectedEvent[];
  close(): void;
}

/** A collector that speaks the protocols of the presets generic and akto; `answer` decides event by event. */
export function startCollector(
  { server }: Listener,
  answer: (event: CollectedEvent) => CollectorAnswer | Promise<CollectorAnswer> = () => letThrough,
  certificate?: Certificate,
): Collector {
  const events: CollectedEvent[] = [];
  const close = serve(
    server,
    async (request, response) => {
      const body = await bodyOf(request);
      const type = String(request.headers['ce-type'] ?? '');
      const isAkto = request.url?.split('?')[0] === aktoPath;
      const event = {
        headers: request.headers,
        body,
        ...(isAkto ? aktoEvent(body) : { event: type.replace(/^com\.openai\.codex\.hook\./, ''), json: jsonOf(body) }),
      };
      events.push(event);
      const given = await answer(event);
      const { status, contentType, text } = isAkto ? aktoAnswer(given) : given;
      response.writeHead(status, contentType === undefined ? {} : { 'content-type': contentType });
      response.end(text);
    },
    certificate,
  );
  return { events, close };
}

function jsonOf(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
