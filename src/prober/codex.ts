import { dirname } from 'node:path';
import { type AppServer, startAppServer } from '../codex/app-server.ts';
import { obtainCodex } from '../codex/binary.ts';
import { openRoom, type Room } from '../codex/room.ts';
import type { CodexVersion } from '../contract/version.ts';
import { plainMessage } from './messages.ts';
import type { Outcome } from './outcome.ts';
import { isAboutTheOutside, roomFiles } from './samples.ts';

/** How far a file is followed: the command line only, to an app-server's start, to a session, to a session that lists a hook. */
export type Depth = 'cli' | 'start' | 'session' | 'hook';

/** What `codex features list` says of one flag. */
export interface ListedFlag {
  readonly stage: string;
  readonly isOn: boolean;
}

/** One release that answers questions about files. */
export interface Codex {
  readonly version: CodexVersion;
  readonly binary: string;
  /** What becomes of a file. A warning counts when it names `name`. */
  ask(text: string, depth: Depth, name?: string): Promise<Outcome>;
  /** The flags with a file in place; undefined when the file is refused. */
  flags(text: string): Promise<ReadonlyMap<string, ListedFlag> | undefined>;
  /** The texts of the warnings with a file in place. */
  warnings(text: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

const requirements = '/etc/codex/requirements.toml';
const work = '/room/work';

/** A place for one question at a time: all processes of a room see the same requirements.toml. */
interface Seat {
  readonly room: Room;
  asked: number;
}

/** Obtains a release and opens as many rooms as there shall be questions at a time. Throws CliError when it cannot. */
export async function openCodex(version: CodexVersion, seats = 2): Promise<Codex> {
  const binary = await obtainCodex(version);
  const rooms = await Promise.all(Array.from({ length: seats }, () => furnished(binary)));
  const free: Seat[] = rooms.map((room) => ({ room, asked: 0 }));
  const waiting: ((seat: Seat) => void)[] = [];
  const seated = async <T>(text: string, body: (room: Room, home: string) => Promise<T>): Promise<T> => {
    const seat = free.pop() ?? (await new Promise<Seat>((resolve) => waiting.push(resolve)));
    try {
      seat.asked += 1;
      const home = `/room/home-${seat.asked}`;
      await seat.room.makeFolder(home);
      await seat.room.write(requirements, text);
      return await body(seat.room, home);
    } finally {
      const next = waiting.shift();
      if (next) next(seat);
      else free.push(seat);
    }
  };
  const list = (room: Room, home: string) =>
    room.run(binary, ['features', 'list'], { cwd: work, env: { CODEX_HOME: home }, limitSeconds: 60 });
  return {
    version,
    binary,
    ask: (text, depth, name = '') =>
      seated(text, async (room, home) => {
        if (depth !== 'cli') return follow(room, binary, home, depth, name);
        const { exitCode, stderr } = await list(room, home);
        const message = plainMessage(stderr);
        return exitCode === 0 || isAboutTheOutside(message) ? { what: 'taken' } : { what: 'refused', message };
      }),
    flags: (text) =>
      seated(text, async (room, home) => {
        const { exitCode, stdout } = await list(room, home);
        return exitCode === 0 ? listedFlags(stdout) : undefined;
      }),
    warnings: (text) =>
      seated(text, async (room, home) => {
        const server = await startAppServer(room, { binary, codexHome: home, cwd: work });
        await server.request('configRequirements/read').catch(() => undefined);
        leave(server);
        return warningsOf(server);
      }),
    close: async () => {
      await Promise.all(rooms.map((room) => room.close()));
    },
  };
}

async function furnished(binary: string): Promise<Room> {
  const room = await openRoom({ share: [dirname(dirname(binary))] });
  await room.makeFolder(work);
  for (const [file, text] of Object.entries(roomFiles)) await room.write(file, text);
  return room;
}

/** An app-server takes a second to end; nobody waits for it, and the room takes it along at the latest. */
function leave(server: AppServer): void {
  server.close().catch(() => undefined);
}

async function follow(room: Room, binary: string, home: string, depth: Depth, name: string): Promise<Outcome> {
  let server: AppServer;
  try {
    server = await startAppServer(room, { binary, codexHome: home, cwd: work });
  } catch (error) {
    return { what: 'no-start', message: plainMessage(textOf(error)) };
  }
  try {
    // An answer to this question: whatever is to be warned of at the start has been by then.
    await server.request('configRequirements/read').catch(() => undefined);
    const warnings = warningsOf(server);
    const defaults = warnings.find((text) => text.includes('using defaults'));
    if (defaults !== undefined) return { what: 'no-start', message: plainMessage(defaults) };
    const warning = warnings.find((text) => isAbout(text, name));
    if (warning !== undefined) return { what: 'warned', message: plainMessage(warning) };
    return depth === 'start' ? { what: 'taken' } : await session(server, depth === 'hook');
  } finally {
    leave(server);
  }
}

function warningsOf({ notifications }: AppServer): readonly string[] {
  return notifications
    .filter(({ method }) => method === 'configWarning')
    .map(({ params }) => [params['summary'], params['details']].filter(Boolean).join(' '));
}

/** Codex puts paths in backquotes. Below a variant of an enumeration it names another path: that says nothing to anybody. */
function isAbout(warning: string, name: string): boolean {
  const named = [...warning.matchAll(/`([^`]*)`/g)].map(([, text]) => (text ?? '').replaceAll('"', ''));
  return /ignor/i.test(warning) && named.some((text) => text !== '' && (text === name || name.startsWith(`${text}.`)));
}

/** Whether a session starts, and whether the hook of the file, whose command is /usr/bin/true, is listed. */
async function session(server: AppServer, hasHook: boolean): Promise<Outcome> {
  const hooks = await server.request('hooks/list', { cwds: [work] }).catch(() => undefined);
  try {
    await server.request('thread/start', { cwd: work });
  } catch (error) {
    return { what: 'no-session', message: plainMessage(textOf(error)) };
  }
  const data = hooks?.['data'];
  if (!hasHook) return { what: 'taken' };
  if (!Array.isArray(data)) return { what: 'taken', isBlind: true };
  const entries: readonly HookEntry[] = data;
  if (entries.some((entry) => (entry.hooks ?? []).length > 0)) return { what: 'taken' };
  const notices = entries.flatMap(({ warnings = [], errors = [] }) =>
    [...warnings, ...errors].map((one) => JSON.stringify(one)),
  );
  return { what: 'skipped', message: plainMessage(notices.join(' ') || 'the hook is not listed') };
}

/** What app-servers list for a folder. */
interface HookEntry {
  readonly hooks?: readonly unknown[];
  readonly warnings?: readonly unknown[];
  readonly errors?: readonly unknown[];
}

/** The rows of `codex features list`: name, stage, and whether the flag is on. */
export function listedFlags(stdout: string): ReadonlyMap<string, ListedFlag> {
  const rows = stdout.split('\n').flatMap((line) => {
    const [, name, stage, value] = /^(\S+)\s+(.*?)\s+(true|false)\s*$/.exec(line) ?? [];
    return name === undefined || stage === undefined ? [] : [[name, { stage, isOn: value === 'true' }] as const];
  });
  return new Map(rows);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The same release, which gives the same answer to the same question without running again. */
export function remembering(codex: Codex): Codex {
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(question: readonly string[], ask: () => Promise<T>): Promise<T> => {
    const key = JSON.stringify(question);
    const known = answers.get(key) ?? ask();
    answers.set(key, known);
    return known as Promise<T>;
  };
  return {
    ...codex,
    // The command line warns of nothing: no name is looked for.
    ask: (text, depth, name = '') =>
      once(['ask', text, depth, depth === 'cli' ? '' : name], () => codex.ask(text, depth, name)),
    flags: (text) => once(['flags', text], () => codex.flags(text)),
    warnings: (text) => once(['warnings', text], () => codex.warnings(text)),
  };
}
