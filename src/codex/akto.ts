import type { CollectedEvent, CollectorAnswer } from './collector.ts';

/** The path of Akto's ingestion service, as its public hooks know it. */
export const aktoPath = '/api/http-proxy';

/** The event in a record of mirrored traffic; its JSON has what the record tells of Codex's own event. */
export function aktoEvent(body: Buffer): Pick<CollectedEvent, 'event' | 'json'> {
  const record = objectOf(body.toString('utf8'));
  const headers = objectOf(record['requestHeaders']);
  const event = String(headers['x-codex-hook'] ?? '');
  const told = Object.entries(headers).flatMap(([name, value]) => {
    const [, field] = /^x-akto-installer-(.+)$/.exec(name) ?? [];
    return field === undefined ? [] : [[field, value] as const];
  });
  return { event, json: Object.fromEntries(told) };
}

/** A collector's answer as Akto gives it: 204 and 403 become a verdict, anything else stays what it is. */
export function aktoAnswer({ status, text, contentType }: CollectorAnswer): CollectorAnswer {
  if (status !== 204 && status !== 403) return { status, ...(contentType && { contentType }), ...(text && { text }) };
  const guardrailsResult = { Allowed: status === 204, Reason: text ?? '', behaviour: '' };
  return { status: 200, contentType: 'application/json', text: JSON.stringify({ data: { guardrailsResult } }) };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(String(value));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}
