import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RelayEvent, RelayPolicy } from '../../src/policy/policy.ts';
import { type Cell, table } from './faults.ts';
import type { Mock, Site } from './matrix-collector.ts';
import { type Later, maxBytes, tooSlow, wrongAnswer, wrongReport } from './matrix-judge.ts';
import { openRoom, processesIn, type Room } from './matrix-room.ts';
import { type Stage, stageOf } from './matrix-stages.ts';
import {
  type Device,
  hook,
  install,
  newFolder,
  type Run,
  relayEvent,
  relayPolicy,
  toolEvent,
  until,
} from './support.ts';

/** The relay's time limit in seconds where the fault does not need a short one: enough for a busy machine. */
const patience = 20;

/** Runs one cell with the real shell and curl, and says in which points it is not as the table has it. */
export async function differences(cell: Cell, mock: Mock): Promise<string[]> {
  const stage = stageOf(cell.fault.id, mock);
  const device = installed(cell, stage);
  const room =
    stage.room === undefined ? undefined : await openRoom(stage.room, { FOLDER: device.home, SPOOL: device.spool });
  try {
    const input = stage.input ?? Buffer.from(toolEvent.replace('PreToolUse', cell.event));
    const first = await handled(cell, stage, device, room, input);
    await idle(device);
    const kept = room && stage.isHomeInRoom ? [] : eventFiles(device);
    const later = await nextReport(cell, stage, device, room, mock);
    return [
      ...wrongAnswer(cell, first),
      ...(stage.halves ? [] : tooSlow(cell, stage.seconds ?? patience, first)),
      ...wrongReport(cell, input, stage.site.received, kept.length, later),
      ...(stage.untouched?.() ?? []),
      ...(cell.fault.noise ? [] : leftovers(device, stage, room, input)),
    ];
  } finally {
    room?.close();
  }
}

/** The relay of the policy that the cell needs, as it lies on a device whose user has had events before. */
function installed(cell: Cell, stage: Stage): Device {
  const seconds = stage.seconds ?? patience;
  const policy = { endpoint: stage.endpoint, ...stage.policy };
  const { mode, onFailure } = cell.eventClass;
  const device = install(policyFor(cell.event, { mode, onFailure, timeoutSeconds: seconds }, policy), {
    shell: cell.shell,
  });
  if (stage.authority !== undefined) writeFileSync(join(device.dir, 'codex-relay-ca.pem'), stage.authority);
  // A sender that nobody waits for takes at least 5 s to give up; the tests do wait.
  const script = readFileSync(device.script, 'utf8');
  writeFileSync(device.script, script.replace(/^delivery_seconds='\d+'$/m, `delivery_seconds='${seconds}'`));
  mkdirSync(device.spool, { recursive: true, mode: 0o700 });
  stage.arrange?.(device);
  if (stage.asUser && isRoot()) {
    chmodSync(dirname(device.dir), 0o755);
    for (const path of [device.home, ...parents(device.spool, device.home)]) chownSync(path, nobody, nobody);
  }
  return device;
}

function policyFor(event: string, over: Partial<RelayEvent>, policy: Partial<RelayPolicy>): RelayPolicy {
  return relayPolicy({
    userMessage: table.message,
    payload: { content: 'full', maxBytes },
    events: new Map([[event, relayEvent({ timeoutSeconds: patience, ...over })]]),
    ...policy,
  });
}

async function handled(
  cell: Cell,
  stage: Stage,
  device: Device,
  room: Room | undefined,
  input: Uint8Array,
): Promise<Run> {
  const gate = join(newFolder(), 'open');
  const held = [
    '/bin/sh',
    '-c',
    '{ dd bs=1 count=100 2>/dev/null; until [ -e "$0" ]; do sleep 0.05; done; cat; } | "$@"',
    gate,
  ];
  const running = hook(device, cell.event, input, {
    env: { TMPDIR: scratch(device), ...stage.env?.(device) },
    userShell: [...(stage.halves ? held : []), ...enter(stage, room), 'bash'],
  });
  try {
    await stage.during?.(device);
  } finally {
    writeFileSync(gate, '');
  }
  return running;
}

/** What the collector learns from the user's next event, when the fault is over. */
async function nextReport(
  cell: Cell,
  stage: Stage,
  device: Device,
  room: Room | undefined,
  mock: Mock,
): Promise<Later> {
  stage.lift?.(device, (path) => (room && stage.isHomeInRoom ? room.path(path) : path));
  if (cell.outcome.later === 'part') age(device);
  const site = mock.site('fine');
  const healthy = install(policyFor('Stop', { mode: 'observe', onFailure: 'open' }, { endpoint: site.url() }), {
    shell: cell.shell,
  });
  if (stage.asUser) chmodSync(dirname(healthy.dir), 0o755);
  // After a silence the relay pauses for some seconds, and sends what waits with the first event behind them.
  for (let tries = 0; !hasNext(site); tries++) {
    if (tries === 12) throw new Error('the next events were not reported');
    const { status } = await hook(healthy, 'Stop', 'the next event', {
      env: { HOME: device.home, TMPDIR: scratch(device) },
      userShell: [...enter(stage, stage.isHomeInRoom ? room : undefined), 'bash'],
    });
    if (status !== 0) throw new Error(`the next event ended with ${status}`);
    await until(() => hasNext(site), 3).catch(() => undefined);
  }
  await idle(device);
  await idle(healthy);
  return {
    events: site.received.filter(({ body }) => body.toString() !== 'the next event'),
    dropped: site.received.reduce((sum, { headers }) => sum + Number(headers['ce-dropped'] ?? 0), 0),
  };
}

function hasNext(site: Site): boolean {
  return site.received.some(({ body }) => body.toString() === 'the next event');
}

/** What of the event still lies on the device when all is over. */
function leftovers(device: Device, stage: Stage, room: Room | undefined, input: Uint8Array): string[] {
  if (input.length === 0) return [];
  const at = (path: string): string => (room && stage.isHomeInRoom ? room.path(path) : path);
  return [at(device.spool), scratch(device)].flatMap((folder) =>
    filesBelow(folder)
      .filter((path) => readFileSync(path).includes(Buffer.from(input.slice(0, 200))))
      .map((path) => `the event still lies in ${path.slice(folder.length)}`),
  );
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** What a killed relay left is adopted when it is some minutes old. */
function age(device: Device): void {
  const old = Date.now() / 1000 - 600;
  for (const path of filesBelow(device.spool)) utimesSync(path, old, old);
}

function eventFiles(device: Device): string[] {
  return filesBelow(device.spool).filter((path) => path.endsWith('.event'));
}

/** Waits until no process of this relay is left. One that is just being replaced shows no name, so quiet must last. */
function idle(device: Device): Promise<void> {
  let quiet = 0;
  return until(() => {
    quiet = processesIn(dirname(device.dir)).length === 0 ? quiet + 1 : 0;
    return quiet > 2;
  }, 45);
}

function enter(stage: Stage, room: Room | undefined): readonly string[] {
  const user = stage.asUser && isRoot() ? ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'] : [];
  return [...(room?.enter ?? []), ...user];
}

/** Where the relay goes when there is no home. */
function scratch(device: Device): string {
  const folder = join(dirname(device.dir), 'scratch');
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  return folder;
}

const nobody = 65534;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function parents(path: string, top: string): string[] {
  return path.startsWith(top) && path !== top ? [path, ...parents(dirname(path), top)] : [];
}
