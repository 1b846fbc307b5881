import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RelayPreset } from '../policy/policy.ts';
import { denialAnswer } from '../relay/launch.ts';

/** What the collector does with every event while a round lasts. */
export type Manner = 'lets through' | 'denies' | 'is away';

export interface MockCollector {
  readonly url: string;
  manner: Manner;
  close(): void;
}

/** What the collector denies with. */
export const reason = 'Denied by the collector of relay test';

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly text?: string;
}

/** The preset's own protocol, at an event of this name. */
function answerOf(preset: RelayPreset, denies: boolean, event: string): Answer {
  const json = (value: unknown): Answer => ({ status: 200, type: 'application/json', text: JSON.stringify(value) });
  if (preset === 'akto')
    return json({
      data: { guardrailsResult: denies ? { Allowed: false, Reason: reason, behaviour: 'block' } : { Allowed: true } },
    });
  // The vendor's service speaks Codex's own answers.
  if (preset === 'mintmcp')
    return denies ? { status: 200, type: 'application/json', text: denialAnswer(event, reason) } : json({});
  return denies ? { status: 403, type: 'text/plain; charset=utf-8', text: reason } : { status: 204 };
}

/** A collector on loopback that speaks the preset's protocol. */
export async function startCollector(preset: RelayPreset): Promise<MockCollector> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (made.manner === 'is away') return response.destroy();
      const body = Buffer.concat(chunks).toString('utf8');
      const event = /"hook_event_name":"(\w+)"/.exec(body)?.[1] ?? '';
      const { status, type, text } = answerOf(preset, made.manner === 'denies', event);
      return response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(text);
    });
  });
  await listen(server);
  const made: MockCollector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    manner: 'lets through',
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return made;
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
