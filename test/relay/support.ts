import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Platform, RelayEvent, RelayPolicy } from '../../src/policy/policy.ts';
import { relayGroups, relayScripts } from '../../src/relay/relay.ts';
import type { HookGroup } from '../../src/requirements/requirements.ts';

/** Every shell that a device may have as /bin/sh. Each takes on the manners of sh when it is called by that name. */
export const shells: readonly string[] = ['dash', 'bash', 'busybox', 'zsh', 'ksh', 'mksh'];

export const templates: ReadonlyMap<string, string> = new Map(
  readdirSync(new URL('../../templates/', import.meta.url), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, readFileSync(new URL(`../../templates/${name}`, import.meta.url), 'utf8')]),
);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

/** A new private folder, removed after the file's tests. Not below the scratch folder of the relay itself. */
export function newFolder(): string {
  const folder = mkdtempSync('/tmp/codex-mdm-relay-');
  folders.push(folder);
  return folder;
}

export function relayEvent(over: Partial<RelayEvent> = {}): RelayEvent {
  return { mode: 'enforce', onFailure: 'open', matcher: undefined, timeoutSeconds: 2, hookTimeoutSeconds: 7, ...over };
}

/** A relay section with the reader's defaults: PreToolUse enforced, PostToolUse observed. */
export function relayPolicy(over: Partial<RelayPolicy> = {}): RelayPolicy {
  return {
    preset: 'generic',
    endpoint: 'http://127.0.0.1:9/',
    events: new Map([
      ['PreToolUse', relayEvent()],
      ['PostToolUse', relayEvent({ mode: 'observe' })],
    ]),
    auth: undefined,
    caFile: undefined,
    proxy: 'environment',
    spool: { maxEvents: 1000, maxBytes: 50 * 1024 * 1024, maxAgeSeconds: 604_800 },
    payload: { content: 'full', maxBytes: 1024 * 1024 },
    identity: ['user', 'host', 'serial'],
    userMessage: 'Blocked by Acme.',
    windowsGuard: 'none',
    settings: {},
    script: undefined,
    command: undefined,
    log: 'off',
    ...over,
  };
}

/** A relay as it lies on a device, in a managed folder of its own, with a home of its own. */
export interface Device {
  readonly dir: string;
  readonly home: string;
  readonly spool: string;
  readonly script: string;
  readonly groups: readonly HookGroup[];
}

export const hash = 'a'.repeat(64);

/** Puts the built relay into a folder; with `shell`, every /bin/sh of script and launch line is that shell. */
export function install(
  relay: RelayPolicy,
  options: { shell?: string; dir?: string; platforms?: readonly Platform[] } = {},
): Device {
  const root = newFolder();
  const dir = options.dir === undefined ? join(root, 'hooks') : join(root, options.dir);
  const home = join(root, 'home');
  mkdirSync(dir, { recursive: true });
  mkdirSync(home);
  const context = {
    policyName: 'acme',
    platforms: options.platforms ?? ['linux' as const],
    managedDir: { posix: dir, windows: undefined },
  };
  const built = relayScripts(
    relay,
    { ...context, policyVersion: '1', requirementsSha256: hash, toolVersion: '0.1.0' },
    templates,
  );
  let sh = '/bin/sh';
  if (options.shell) {
    sh = join(root, 'sh');
    symlinkSync(realpathSync(`/usr/bin/${options.shell}`), sh);
  }
  const script = join(dir, 'codex-relay');
  if (built.sh !== undefined) {
    writeFileSync(script, built.sh.replaceAll('/bin/sh "', `${sh} "`));
    chmodSync(script, 0o755);
  }
  const groups = relayGroups(relay, context).map((group) => ({
    ...group,
    command: group.command.replace('/bin/sh', sh),
  }));
  return { dir, home, spool: join(home, '.local/state/codex-relay'), script, groups };
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** Whether the whole event was taken, which clients before 0.169 insist on above the 64 KiB of a pipe. */
  readonly drained: boolean;
}

/** Runs a program with an event on its stdin; ends when both streams are closed, as Codex does. */
export function run(
  words: readonly string[],
  input: string | Uint8Array,
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  // A pipe of the shell's, as Codex has it: what Node calls a pipe is a socket.
  const drained = join(newFolder(), 'drained');
  // The environment comes last: a dash in between would drop functions that bash exports.
  const variables = Object.entries({ PATH: '/usr/bin:/bin', ...env }).map(([name, value]) => `${name}=${value}`);
  const [program, ...args] = [
    '/bin/sh',
    '-c',
    '{ /bin/cat && echo >"$0"; } | "$@"',
    drained,
    '/usr/bin/env',
    '-i',
    ...variables,
    ...words,
  ] as const;
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: '/' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (status) =>
      resolve({
        status,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
        milliseconds: performance.now() - start,
        drained: existsSync(drained),
      }),
    );
    child.stdin.end(input);
  });
}

/** Starts an event's hook as Codex does: the launch line, given to the user's shell by `-c`. */
export function hook(
  device: Device,
  event: string,
  input: string | Uint8Array,
  options: { env?: Readonly<Record<string, string>>; userShell?: readonly string[] } = {},
): Promise<Run> {
  const group = device.groups.find((one) => one.event === event);
  if (!group) throw new Error(`no hook for ${event}`);
  return run([...(options.userShell ?? ['bash']), '-c', group.command], input, { HOME: device.home, ...options.env });
}

export interface Received {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

type Answer = (response: ServerResponse) => void;

/** What the collector does, by the last part of the path. */
const answers: Readonly<Record<string, Answer>> = {
  allow: (response) => response.writeHead(204).end(),
  deny: (response) =>
    response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end('No: "secrets" `id` $HOME \\ é\n'),
  'deny-odd': (response) =>
    response.writeHead(403, { 'content-type': 'Text/Plain' }).end(Buffer.from('a\0b\x1b[31m\r\nc\xc2\x9bd', 'latin1')),
  'deny-invisible': (response) =>
    response.writeHead(403, { 'content-type': 'text/plain' }).end('\u00a0\u3000\u200b \n'),
  'deny-empty': (response) => response.writeHead(403, { 'content-type': 'text/plain' }).end(),
  'deny-not-ascii': (response) => response.writeHead(403, { 'content-type': 'text/plain' }).end('禁止'),
  'deny-huge': (response) => response.writeHead(403, { 'content-type': 'text/plain' }).end('x'.repeat(10_000_000)),
  'deny-stuck': (response) =>
    response.writeHead(403, { 'content-type': 'text/plain', 'content-length': 100 }).write('partly'),
  ok: (response) => response.writeHead(200).end('{}'),
  redirect: (response) => response.writeHead(302, { location: '/allow' }).end(),
  html: (response) => response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>proxy</h1>'),
  error: (response) => response.writeHead(500, { 'content-type': 'text/plain' }).end('allow'),
  busy: (response) => response.writeHead(429).end(),
  gone: (response) => response.writeHead(410).end(),
  'broken-off': (response) => response.destroy(),
  silence: () => undefined,
};

/** A collector on loopback that answers as its path says and remembers what it got. */
export interface Collector {
  url(answer: string): string;
  readonly received: Received[];
  /** Answers all paths alike from now on; undefined goes back to the paths. */
  override: string | undefined;
  /** Answers everything in a way of its own. */
  reply: Answer | undefined;
  close(): Promise<void>;
}

export async function collector(port = 0): Promise<Collector> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      const answer = made.reply ?? answers[made.override ?? request.url?.split(/[/?]/)[1] ?? ''];
      answer?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const made: Collector = {
    url: (answer) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${answer}`,
    received,
    override: undefined,
    reply: undefined,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return made;
}

/** Waits until something holds, at most some seconds. */
export async function until(holds: () => boolean, seconds = 8): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** The names in a folder, none when there is no folder. */
export function names(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** A PreToolUse event as Codex writes it. */
export const toolEvent = JSON.stringify({
  session_id: '01a1b2c3-0000-7000-8000-00000000f0c8',
  turn_id: '01a1',
  transcript_path: null,
  cwd: '/work',
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'echo "it\'s $HOME"; `id`' },
  tool_use_id: 'call-1',
});
