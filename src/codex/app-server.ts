import { createInterface } from 'node:readline';
import type { Room } from './room.ts';

/** A JSON object of the app-server protocol. */
export type Json = Readonly<Record<string, unknown>>;

/** One running `codex app-server`, initialized. */
export interface AppServer {
  /** Sends a request and waits for its result. Throws when Codex answers with an error or not in time. */
  request(method: string, params?: Json): Promise<Json>;
  /** Notifications so far, oldest first: `configWarning` carries ignored keys and load errors. */
  readonly notifications: readonly { readonly method: string; readonly params: Json }[];
  /** Ends Codex. */
  close(): Promise<void>;
}

export interface AppServerOptions {
  readonly binary: string;
  readonly codexHome: string;
  readonly cwd: string;
  readonly args?: readonly string[];
  /** The limit of each request; default 20 s (0.141 and older look for a network first). */
  readonly limitSeconds?: number;
}

/** Starts an app-server in a room. Throws with Codex's own words when it does not start. */
export async function startAppServer(room: Room, options: AppServerOptions): Promise<AppServer> {
  const { limitSeconds = 20 } = options;
  // Killing what the room has spawned must end Codex itself, which is its child in the room's processes.
  const mortal = ['--pdeathsig', 'KILL', options.binary];
  const child = room.spawn('setpriv', [...mortal, 'app-server', ...(options.args ?? [])], {
    cwd: options.cwd,
    env: { CODEX_HOME: options.codexHome },
  });
  const waiting = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>();
  const notifications: { method: string; params: Json }[] = [];
  let stderr = '';
  let hasEnded = false;
  let lastId = 0;

  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as {
      id?: number;
      method?: string;
      params?: Json;
      result?: Json;
      error?: { message?: string };
    };
    const waiter = message.id === undefined ? undefined : waiting.get(message.id);
    if (message.method !== undefined && message.id === undefined)
      notifications.push({ method: message.method, params: message.params ?? {} });
    else if (message.error) waiter?.reject(new Error(message.error.message ?? 'app-server: an error without a text'));
    else waiter?.resolve(message.result ?? {});
    if (message.id !== undefined) waiting.delete(message.id);
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', (code) => {
      hasEnded = true;
      for (const { reject } of waiting.values())
        reject(new Error(`codex app-server ended with ${code}: ${stderr.trim()}`));
      resolve();
    });
  });

  const request: AppServer['request'] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      if (hasEnded) return reject(new Error(`codex app-server has ended: ${stderr.trim()}`));
      lastId += 1;
      const id = lastId;
      const timer = setTimeout(
        () => reject(new Error(`codex app-server: no answer to ${method} within ${limitSeconds} s: ${stderr.trim()}`)),
        limitSeconds * 1000,
      );
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          then(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      child.stdin.write(`${JSON.stringify({ id, method, params })}\n`);
    });
  const close = async (): Promise<void> => {
    child.stdin.end();
    // Asked nicely, Codex takes a second for it, and has nothing to save here.
    child.kill('SIGKILL');
    await ended;
  };

  try {
    await request('initialize', {
      clientInfo: { name: 'codex-mdm', title: 'codex-mdm', version: '1' },
      capabilities: { experimentalApi: true },
    });
  } catch (error) {
    await close();
    throw error;
  }
  child.stdin.write(`${JSON.stringify({ method: 'initialized' })}\n`);
  return { request, notifications, close };
}
