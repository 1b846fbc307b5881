import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../artifacts/artifact.ts';
import { shLiteral } from '../artifacts/script.ts';
import { CliError } from '../cli-error.ts';
import type { Compilation, PackageData } from '../compile.ts';
import type { RelayMode, RelayPolicy } from '../policy/policy.ts';
import { relayScripts } from '../relay/relay.ts';
import { managedDirs } from '../requirements/requirements.ts';
import { type Data, isArray, isTable } from '../source/document.ts';
import { parseToml } from '../source/toml.ts';

/** A hook of the relay as requirements.toml has it, its paths led to the temporary folder. */
export interface Hook {
  readonly event: string;
  readonly matcher: string | undefined;
  readonly command: string;
}

/** The relay of a policy, put into a folder as it would lie on a device. */
export interface Installed {
  readonly folder: string;
  readonly hooks: readonly Hook[];
}

/** What became of one event. */
export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** What the relay's log says of it: pass, deny, failure; delivered, keep, drop. */
  readonly logged: string | undefined;
  /** The collector's status, in words of the relay where there was none. */
  readonly status: string | undefined;
}

/** Where a test run of the relay differs from the policy: its log is on, and what it talks to may be another. */
export type Changes = Partial<Pick<RelayPolicy, 'endpoint' | 'auth' | 'caFile' | 'proxy'>>;

/** Builds the relay into a folder, beside the authorities and with the launch lines of the policy's requirements.toml. */
export async function install(
  { policy, artifacts }: Compilation,
  relay: RelayPolicy,
  changes: Changes,
  folder: string,
  data: PackageData,
): Promise<Installed> {
  const bytesOf = (path: string): Uint8Array | undefined => artifacts.find((one) => one.path === path)?.bytes;
  const requirements = bytesOf('device/requirements.toml') ?? new Uint8Array();
  const hooks = join(folder, 'hooks');
  await mkdir(hooks, { recursive: true });
  const { sh } = relayScripts(
    { ...relay, ...changes, log: 'events' },
    {
      policyName: policy.name,
      policyVersion: policy.policyVersion,
      platforms: policy.platforms,
      managedDir: { posix: hooks, windows: undefined },
      requirementsSha256: sha256(requirements),
      toolVersion: data.version,
    },
    data.templates,
  );
  if (sh === undefined)
    throw new CliError(
      'the policy has no relay for macOS or Linux; on Windows a bundle for Intune has Test-CodexRelay.ps1',
    );
  await writeFile(join(hooks, 'codex-relay'), sh);
  await chmod(join(hooks, 'codex-relay'), 0o755);
  const authorities = bytesOf('device/codex-relay-ca.pem');
  if (authorities) await writeFile(join(hooks, 'codex-relay-ca.pem'), authorities);
  const there = `${(managedDirs(policy).posix ?? '').replace(/\/$/, '')}/codex-relay`;
  return { folder, hooks: hooksOf(new TextDecoder().decode(requirements), there, join(hooks, 'codex-relay')) };
}

/** The hooks that start the relay, in the order of the file. */
function hooksOf(toml: string, there: string, here: string): Hook[] {
  const events = parseToml({ name: 'requirements.toml', text: toml }).value?.value['hooks'];
  if (!isTable(events)) return [];
  return Object.entries(events).flatMap(([event, groups]) =>
    listOf(groups).flatMap((group) =>
      listOf(isTable(group) ? group['hooks'] : undefined).flatMap((hook): Hook[] => {
        const command = isTable(hook) ? hook['command'] : undefined;
        const matcher = isTable(group) ? group['matcher'] : undefined;
        if (typeof command !== 'string' || !command.includes(shLiteral(there))) return [];
        return [
          {
            event,
            matcher: typeof matcher === 'string' ? matcher : undefined,
            command: command.replace(shLiteral(there), () => shLiteral(here)),
          },
        ];
      }),
    ),
  );
}

function listOf(value: Data | undefined): readonly Data[] {
  return isArray(value) ? value : [];
}

/**
 * Starts a hook as Codex does, with a home of its own, and waits for what the relay's log says of an event of this name
 * and mode: at most `patience` seconds.
 */
export async function replay(
  hook: Hook,
  mode: RelayMode,
  body: string,
  home: string,
  env: Readonly<Record<string, string | undefined>>,
  patience: number,
): Promise<Outcome> {
  const spool = join(home, '.local/state/codex-relay');
  await mkdir(home, { recursive: true });
  const before = (await logLines(spool)).length;
  const run = await start(hook.command, body, { ...env, HOME: home });
  const end = performance.now() + patience * 1000;
  for (;;) {
    // A preset may report a denial once more, when the next event is at work already.
    const line = (await logLines(spool)).slice(before).find(([, event, , how]) => event === hook.event && how === mode);
    const [, , , , logged, status] = line ?? [];
    if (logged !== undefined || performance.now() > end)
      return { ...run, logged, status: status === '' ? undefined : status };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether events wait in the spool of this home. */
export async function isWaiting(home: string): Promise<boolean> {
  const names = await readdir(join(home, '.local/state/codex-relay')).catch(() => []);
  return names.some((name) => name.endsWith('.event'));
}

/** The relay's log: time, event, id, mode, outcome, status on each line. */
async function logLines(spool: string): Promise<string[][]> {
  const text = await readFile(join(spool, 'relay.log'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(' '));
}

function start(
  command: string,
  body: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Pick<Outcome, 'exit' | 'stdout' | 'stderr' | 'milliseconds'>> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { env, cwd: '/' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (exit) =>
      resolve({
        exit,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
        milliseconds: performance.now() - begin,
      }),
    );
    child.stdin.end(body);
  });
}
