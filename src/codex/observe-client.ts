import { dirname } from 'node:path';
import { type AppServer, type Json, startAppServer } from './app-server.ts';
import { memberOf } from './observe-report.ts';
import { openRoom, plainEnv, type Room } from './room.ts';

/** One Codex in a room of its own, asked about one requirements.toml after another. */
export interface ObservedClient {
  readonly room: Room;
  readonly binary: string;
  /** So long it may take to start after a refused file; the measure is how long it takes without one. */
  readonly refusalSeconds: number;
  /** Whether it says at its start which keys it ignores. */
  readonly warns: boolean;
  close(): Promise<void>;
}

/** Seconds that a start or an answer may take. */
export const patience = 30;

/** Where Codex reads its requirements on Linux. */
export const requirementsPath = '/etc/codex/requirements.toml';

/** Where Codex keeps its own files unless told otherwise: paths below `~` may mean them. */
const home = `${plainEnv['HOME']}/.codex`;
const work = '/room/work';

/** The folder that cases name as `hooks.managed_dir`: it exists in the room, and need not exist elsewhere. */
const managedFolder = '/opt/codex/hooks';

/** A user's config.toml that keeps Codex from looking for a network; it leaves everything else to the defaults. */
const quietConfig = `check_for_update_on_startup = false
[analytics]
enabled = false
[otel]
exporter = "none"
metrics_exporter = "none"
trace_exporter = "none"
`;

/** Opens a room with a Codex in it. */
export async function openObservedClient(binary: string): Promise<ObservedClient> {
  const room = await openRoom({ share: [dirname(dirname(binary))] });
  await room.makeFolder(managedFolder);
  await room.makeFolder(work);
  const client = { room, binary, warns: true, refusalSeconds: patience, close: () => room.close() };
  await room.write(requirementsPath, 'no_such_key = 1\n');
  const started = performance.now();
  const { reports } = await askAppServer(client, patience);
  const refusalSeconds = Math.max(4, ((performance.now() - started) / 1000) * 8);
  return { ...client, refusalSeconds, warns: reports.warnings.some((text) => text.includes('no_such_key')) };
}

/** Whether the command line takes the file that is in place. */
export async function accepts({ room, binary }: ObservedClient): Promise<Taken> {
  await fresh(room);
  const { exitCode, stdout, stderr } = await room.run(binary, ['features', 'list'], {
    cwd: work,
    env: { CODEX_HOME: home },
    limitSeconds: patience,
  });
  if (exitCode === null) throw new Error(`codex features list: no end within ${patience} s`);
  const rows = stdout.split('\n').flatMap((line) => {
    const [, name, value] = /^(\S+)\s.*\s(true|false)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value === 'true'] as const];
  });
  return { accepted: exitCode === 0, said: exitCode === 0 ? '' : stderr, features: new Map(rows) };
}

export interface Taken {
  readonly accepted: boolean;
  readonly said: string;
  /** Feature flags as they hold, by name. */
  readonly features: ReadonlyMap<string, boolean>;
}

async function fresh(room: Room): Promise<void> {
  await room.remove(home);
  await room.write(`${home}/config.toml`, quietConfig);
}

/** What an app-server says about the file that is in place. */
export interface Reports {
  readonly requirements: unknown;
  /** Undefined where the release cannot list hooks. */
  readonly hooks: readonly Json[] | undefined;
  /** Texts of warnings: of the configuration, and of hooks. */
  readonly warnings: readonly string[];
  /** What a release that cannot list hooks says of them when a thread starts. */
  readonly saidOfHooks: readonly string[];
  /** The answer to thread/start. */
  readonly thread: Json;
  /** What the command line lists. */
  readonly features: ReadonlyMap<string, boolean>;
}

/** What came of an app-server and a thread on it. */
export interface Answer {
  readonly outcome: 'accepted' | 'refused' | 'defaults' | 'session-fails';
  readonly said: string;
  readonly reports: Reports;
}

/** Starts an app-server and a thread on the file that is in place. */
export async function askAppServer({ room, binary }: ObservedClient, limitSeconds: number): Promise<Answer> {
  await fresh(room);
  const nothing: Reports = {
    requirements: undefined,
    hooks: undefined,
    warnings: [],
    saidOfHooks: [],
    thread: {},
    features: new Map(),
  };
  let server: AppServer;
  try {
    server = await startAppServer(room, { binary, codexHome: home, cwd: work, limitSeconds });
  } catch (error) {
    return { outcome: 'refused', said: textOf(error), reports: nothing };
  }
  try {
    const asked = async (method: string, params?: Json): Promise<Json | string> =>
      server.request(method, params).catch(textOf);
    const read = await asked('configRequirements/read');
    const listed = await asked('hooks/list', { cwds: [work] });
    const thread = await asked('thread/start', { cwd: work });
    const isBlind = typeof listed === 'string' && typeof read !== 'string' && typeof thread !== 'string';
    const saidOfHooks = isBlind && memberOf(read['requirements'], 'hooks') ? await warningsOf(server) : [];
    const warnings = server.notifications
      .filter(({ method }) => method === 'configWarning')
      .map(({ params }) => [params['summary'], params['details']].filter(Boolean).join(' '));
    const places = typeof listed === 'string' ? [] : tablesIn(listed['data']);
    const reports: Reports = {
      requirements: typeof read === 'string' ? undefined : read['requirements'],
      hooks: typeof listed === 'string' ? undefined : places.flatMap((place) => tablesIn(place['hooks'])),
      warnings: [...warnings, ...places.flatMap(({ warnings: told }) => (Array.isArray(told) ? told.map(String) : []))],
      saidOfHooks,
      thread: typeof thread === 'string' ? {} : thread,
      features: new Map(),
    };
    const broken = warnings.find((text) => text.startsWith('Invalid configuration; using defaults'));
    if (broken !== undefined) return { outcome: 'defaults', said: broken, reports };
    if (typeof thread === 'string') return { outcome: 'session-fails', said: thread, reports };
    return { outcome: 'accepted', said: '', reports };
  } finally {
    await server.close();
  }
}

/** What is said of a thread, which comes some moments after it has started. */
async function warningsOf({ notifications }: AppServer): Promise<string[]> {
  await new Promise((resolve) => setTimeout(resolve, 500));
  return notifications.flatMap(({ method, params }) => (method === 'warning' ? [String(params['message'])] : []));
}

function tablesIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
