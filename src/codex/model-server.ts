import type { ServerResponse } from 'node:http';
import { bodyOf, serve } from './http.ts';
import type { Listener } from './room.ts';

/** What the mock model asks Codex to do. */
export type ToolCall =
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'patch'; readonly patch: string }
  | { readonly kind: 'function'; readonly name: string; readonly arguments: Readonly<Record<string, unknown>> };

/** One answer of the model: tool calls, or a message that ends the turn; `before` changes the machine first. */
export type ModelStep = ({ readonly calls: readonly ToolCall[] } | { readonly message: string }) & {
  readonly before?: () => Promise<void>;
};

/** A request to `/responses`, as far as anybody looks into it. */
export interface ModelRequest {
  readonly input: readonly Readonly<Record<string, unknown>>[];
  readonly tools: readonly { readonly name?: string; readonly type?: string }[];
}

export interface ModelServer {
  readonly baseUrl: string;
  readonly requests: readonly ModelRequest[];
  close(): void;
}

/** A model that follows a script, one step per request, and ends the turn with `done` once the script is over. */
export function startModelServer({ server, port }: Listener, steps: readonly ModelStep[]): ModelServer {
  const requests: ModelRequest[] = [];
  const close = serve(server, async (request, response) => {
    const path = request.url ?? '';
    const body = await bodyOf(request);
    if (path.endsWith('/responses/compact')) {
      sendJson(response, { output: [message('compacted', 0)] });
    } else if (request.method === 'POST' && path.includes('/responses')) {
      const asked = JSON.parse(body.toString('utf8')) as ModelRequest;
      const step: ModelStep = steps[requests.length] ?? { message: 'done' };
      const turn = requests.push(asked);
      await step.before?.();
      sendEvents(response, step, turn, asked);
    } else {
      sendJson(response, { object: 'list', data: [], models: [] });
    }
  });
  return { baseUrl: `http://127.0.0.1:${port}/v1`, requests, close };
}

/** What Codex told the model about its tool calls, in order: output, or why there is none. */
export function toolOutputs(requests: readonly ModelRequest[]): string[] {
  const items = requests.at(-1)?.input ?? [];
  return items
    .filter(({ type }) => String(type).endsWith('_call_output'))
    .map(({ output }) => (typeof output === 'string' ? output : JSON.stringify(output)));
}

function sendEvents(response: ServerResponse, step: ModelStep, turn: number, asked: ModelRequest): void {
  const items =
    'message' in step
      ? [message(step.message, turn)]
      : step.calls.map((call, index) => item(call, `call-${turn}-${index}`, asked));
  const id = `resp-${turn}`;
  const usage = {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  };
  const events: readonly Readonly<Record<string, unknown>>[] = [
    { type: 'response.created', response: { id } },
    ...items.flatMap((entry, index) => [
      { type: 'response.output_item.added', output_index: index, item: entry },
      { type: 'response.output_item.done', output_index: index, item: entry },
    ]),
    { type: 'response.completed', response: { id, usage } },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function message(text: string, turn: number): Readonly<Record<string, unknown>> {
  return { type: 'message', role: 'assistant', id: `msg-${turn}`, content: [{ type: 'output_text', text }] };
}

function item(call: ToolCall, callId: string, { tools }: ModelRequest): Readonly<Record<string, unknown>> {
  if (call.kind === 'function') return functionCall(callId, call.name, call.arguments);
  if (call.kind === 'shell') return shellCall(callId, call.command, new Set(tools.map(({ name }) => name ?? '')));
  const isCustom = tools.some(({ name, type }) => name === 'apply_patch' && type === 'custom');
  return isCustom
    ? { type: 'custom_tool_call', call_id: callId, name: 'apply_patch', input: call.patch }
    : functionCall(callId, 'apply_patch', { input: call.patch });
}

/** Which shell tool there is depends on version, model and features. */
function shellCall(callId: string, command: string, names: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  if (names.has('exec_command')) return functionCall(callId, 'exec_command', { cmd: command });
  if (names.has('shell_command')) return functionCall(callId, 'shell_command', { command });
  return functionCall(callId, 'shell', { command: ['bash', '-lc', command] });
}

function functionCall(callId: string, name: string, args: unknown): Readonly<Record<string, unknown>> {
  return { type: 'function_call', call_id: callId, name, arguments: JSON.stringify(args) };
}
