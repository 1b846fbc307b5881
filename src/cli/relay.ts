import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../cli-error.ts';
import { type Compilation, compile, type PackageData, sourcesOf } from '../compile.ts';
import { loadPackageData, recordedEvents } from '../package-data.ts';
import type { RelayEvent, RelayPolicy, RelayPreset } from '../policy/policy.ts';
import { formatters } from '../report/index.ts';
import { decode } from '../source/decode.ts';
import { displayName, readInput, readSources } from './files.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';
import { type Manner, startCollector } from './relay-collector.ts';
import { type Changes, type Hook, type Installed, install, isWaiting, type Outcome, replay } from './relay-replay.ts';
import { asText, type Round, type Row } from './relay-report.ts';
import { styleOf, textOption } from './style.ts';

/** `codex-mdm relay test`: replays recorded events through the relay of a policy and shows what became of each. */
export async function relay(args: Arguments, io: Io): Promise<ExitCode> {
  const [task] = args.positionals;
  if (task !== 'test') throw new CliError(`\`relay\` knows the task test, not ${task}`);
  const endpoint = checkedEndpoint(textOption(args, 'endpoint'));
  const data = loadPackageData();
  const compilation = await compiled(args, io, data);
  if (!compilation) return 1;
  const policy = testable(compilation, endpoint);
  const folder = await mkdtemp(join(tmpdir(), 'codex-mdm-relay-'));
  try {
    const rounds =
      endpoint !== undefined || policy.command !== undefined
        ? [await oneRound(compilation, policy, endpoint, folder, io, data)]
        : await mockRounds(compilation, policy, folder, io, data);
    const rows = rounds.flatMap((round) => round.rows);
    const wrong = rows.filter(({ ok }) => !ok).length;
    io.stdout(
      textOption(args, 'format') === 'json'
        ? `${JSON.stringify({ schemaVersion: 1, tool: { name: 'codex-mdm', version: data.version }, policy: compilation.policy.name, rounds, summary: { events: rows.length, unexpected: wrong } }, null, 2)}\n`
        : asText(rounds, styleOf(args, io)),
    );
    return wrong > 0 || rows.length === 0 ? 1 : 0;
  } finally {
    // A sender that nobody waits for may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The policy's bundle; its mistakes go to stderr. */
async function compiled(args: Arguments, io: Io, data: PackageData): Promise<Compilation | undefined> {
  const name = textOption(args, 'policy') ?? 'policy.yaml';
  const { value: source, diagnostics: unreadable } = decode(displayName(name), await readInput(name, io));
  const home = name === '-' ? io.cwd : dirname(resolve(io.cwd, name));
  const { value, diagnostics } = source
    ? await compile(source, await readSources(home, sourcesOf(source, data)), data)
    : { value: undefined, diagnostics: unreadable };
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (!value)
    io.stderr(
      formatters.text(
        {
          tool: { name: 'codex-mdm', version: data.version },
          diagnostics: errors,
          sources: new Map(source ? [[source.name, source]] : []),
          notes: [],
          summary: 'nothing was tried',
          checkedFiles: 1,
        },
        styleOf(args, io),
      ),
    );
  return value;
}

/** The relay section, if this machine can try it. Throws CliError where it cannot. */
function testable({ policy }: Compilation, endpoint: string | undefined): RelayPolicy {
  const { relay } = policy;
  if (!relay) throw new CliError('the policy has no relay');
  if (platform() === 'win32')
    throw new CliError(
      'relay test runs the relay of macOS and Linux; on Windows run Test-CodexRelay.ps1 of a bundle for Intune',
    );
  if (relay.script !== undefined)
    throw new CliError(
      `${relay.script} is the vendor's: it would report the recorded events to the vendor's own address`,
    );
  if (relay.command !== undefined && endpoint !== undefined)
    throw new CliError(`--endpoint: the preset ${relay.preset} asks a program, and no collector`);
  for (const [program, test] of [
    ['/bin/sh', '[ -x /bin/sh ]'],
    ...(relay.command === undefined ? [['curl', 'PATH=/usr/bin:/bin:/usr/sbin:/sbin; command -v curl']] : []),
  ])
    if (spawnSync('/bin/sh', ['-c', test ?? '']).status !== 0)
      throw new CliError(`relay test needs the program ${program}`);
  return relay;
}

function checkedEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || /^unix:\/./.test(text)) return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return text;
  throw new CliError(`--endpoint takes an https address, http on loopback, or unix:/path, not ${text}`);
}

/** Three rounds against a collector of our own, each with a user who has had no events before. */
async function mockRounds(
  compilation: Compilation,
  policy: RelayPolicy,
  folder: string,
  io: Io,
  data: PackageData,
): Promise<Round[]> {
  const collector = await startCollector(policy.preset);
  try {
    const token = join(folder, 'token');
    await writeFile(token, 'a-token-of-relay-test\n');
    const auth = policy.auth && { ...policy.auth, tokenFile: { posix: token, windows: undefined } };
    const changes = { endpoint: collector.url, auth, caFile: undefined, proxy: 'none' };
    const installed = await install(compilation, policy, changes, folder, data);
    const rounds: Round[] = [];
    for (const manner of ['lets through', 'denies', 'is away'] as const) {
      collector.manner = manner;
      rounds.push({
        collector: `the built-in collector ${manner}`,
        rows: await rowsOf(installed, policy, manner, join(folder, manner), io),
      });
    }
    return rounds;
  } finally {
    collector.close();
  }
}

/** One round with whoever answers: a collector out there, or the administrator's program. */
async function oneRound(
  compilation: Compilation,
  policy: RelayPolicy,
  endpoint: string | undefined,
  folder: string,
  io: Io,
  data: PackageData,
): Promise<Round> {
  const changes: Changes = endpoint === undefined ? {} : { endpoint };
  const installed = await install(compilation, policy, changes, folder, data);
  const name = endpoint ?? policy.command?.posix ?? '';
  return { collector: name, rows: await rowsOf(installed, policy, undefined, join(folder, 'home'), io) };
}

/** Every recorded event that a hook of the policy takes, one after the other. */
async function rowsOf(
  { hooks }: Installed,
  policy: RelayPolicy,
  manner: Manner | undefined,
  home: string,
  io: Io,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const body of recordedEvents()) {
    const event = JSON.parse(body) as { hook_event_name: string; tool_name?: string };
    const settings = policy.events.get(event.hook_event_name);
    for (const hook of hooks) {
      if (!settings || hook.event !== event.hook_event_name || !takes(hook, event.tool_name)) continue;
      const outcome = await replay(hook, settings.mode, body, home, io.env, settings.timeoutSeconds + 6);
      rows.push(await rowOf(policy.preset, event, settings, outcome, manner, home, Buffer.byteLength(body)));
    }
  }
  return rows;
}

/** Whether the matcher takes this tool; where we cannot tell, it does. */
function takes({ matcher }: Hook, tool: string | undefined): boolean {
  if (matcher === undefined || matcher === '' || matcher === '*' || tool === undefined) return true;
  // Edit and Write are other names of apply_patch.
  const names = tool === 'apply_patch' ? [tool, 'Edit', 'Write'] : [tool];
  try {
    const pattern = new RegExp(`^(?:${matcher})$`);
    return names.some((name) => pattern.test(name));
  } catch {
    return true;
  }
}

async function rowOf(
  preset: RelayPreset,
  event: { readonly hook_event_name: string; readonly tool_name?: string },
  settings: RelayEvent,
  outcome: Outcome,
  manner: Manner | undefined,
  home: string,
  bytes: number,
): Promise<Row> {
  const asks = settings.mode !== 'observe';
  const denied = outcome.exit === 2 || outcome.stdout !== '';
  const failed = asks && outcome.logged !== 'pass' && outcome.logged !== 'deny';
  const report = asks ? '' : (reports[outcome.logged ?? ''] ?? ((await isWaiting(home)) ? 'spooled' : 'not delivered'));
  const verdict = !asks ? 'reported' : `${failed ? 'failure, ' : ''}${denied ? 'denied' : 'let through'}`;
  return {
    event: event.hook_event_name,
    tool: event.tool_name,
    mode: settings.mode,
    verdict,
    reason: asks && denied ? reasonOf(outcome) : undefined,
    exit: outcome.exit,
    bytes,
    milliseconds: Math.round(outcome.milliseconds * 10) / 10,
    report: report === '' ? undefined : report,
    status: outcome.status,
    ok:
      outcome.exit === (denied && outcome.stdout === '' ? 2 : 0) &&
      verdict === expectedVerdict(settings, manner, verdict) &&
      (asks || report === expectedReport(manner, preset)),
  };
}

const reports: Readonly<Record<string, string>> = { delivered: 'delivered', keep: 'spooled', drop: 'dropped' };

/** What the policy wants of a collector that behaves so; of one out there, an answer of any kind. */
function expectedVerdict(settings: RelayEvent, manner: Manner | undefined, verdict: string): string {
  if (settings.mode === 'observe') return 'reported';
  if (manner === undefined) return verdict.replace('failure, ', '');
  if (manner === 'is away') return `failure, ${settings.onFailure === 'closed' ? 'denied' : 'let through'}`;
  return manner === 'denies' ? 'denied' : 'let through';
}

/** Only our own protocol denies by a status; the vendors' collectors have the event all the same. */
function expectedReport(manner: Manner | undefined, preset: RelayPreset): string {
  return manner === 'is away' ? 'spooled' : manner === 'denies' && preset === 'generic' ? 'dropped' : 'delivered';
}

/** The reason on stderr, or in the JSON of an event that is stopped by JSON. */
function reasonOf({ stdout, stderr }: Outcome): string {
  if (stdout === '') return stderr.trim();
  try {
    const answer = JSON.parse(stdout) as { stopReason?: unknown };
    return typeof answer.stopReason === 'string' ? answer.stopReason : stdout.trim();
  } catch {
    return stdout.trim();
  }
}
