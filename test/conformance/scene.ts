import { dirname } from 'node:path';
import { type Certificate, throwAwayCertificate } from '../../src/codex/certificate.ts';
import {
  type CollectedEvent,
  type Collector,
  type CollectorAnswer,
  letThrough,
  startCollector,
} from '../../src/codex/collector.ts';
import type { ModelStep } from '../../src/codex/model-server.ts';
import { requirementsPath } from '../../src/codex/observe-client.ts';
import { openRoom, type Room } from '../../src/codex/room.ts';
import { foldersOf, runTurn, type Turn, type TurnOptions } from '../../src/codex/turn.ts';
import type { BuiltExample } from './example.ts';
import { isRelay, wordsOf } from './hooks.ts';
import { hooksOf } from './statements.ts';

/** A machine of the fleet: a room with an example's files in place, its collector up, and its hook scripts recorded. */
export interface Scene {
  readonly room: Room;
  /** What came in at the mock collector; empty without a relay. */
  readonly collected: readonly CollectedEvent[];
  /** From now on the mock collector answers so; without answers it is away. */
  setCollector(answer: Answers | undefined): Promise<void>;
  /** Names of the events that the program of the relay was given; empty without one. */
  judged(): Promise<readonly string[]>;
  /** The events that the administrator's own hook scripts were given, oldest first. */
  recorded(): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A whole `codex exec` turn in a folder of its own, with `note.txt` in it, in the sandbox workspace-write if allowed. */
  turn(steps: readonly ModelStep[], options?: TurnChoices): Promise<Turn>;
}

/** What a turn may choose; its folder defaults to a new one. */
export type TurnChoices = Partial<Pick<TurnOptions, 'args' | 'userConfig' | 'folder' | 'env'>>;

/** What a mock collector says to each event. */
export type Answers = (event: CollectedEvent) => CollectorAnswer | Promise<CollectorAnswer>;

export interface SceneOptions {
  readonly binary: string;
  /** Another requirements.toml than the built one: the file for a control. */
  readonly requirements?: string;
  readonly hostName?: string;
  readonly answer?: Answers;
  /** The event at which the program of the relay denies: every one of them, but of PreToolUse only those with the mark. */
  readonly deniedAt?: string;
  /** Programs that report when they run with `probe` among their arguments, and else do what they always do. */
  readonly probed?: readonly string[];
}

/** The argument on which probed programs report; their report begins with `probeRan`. */
export const probe = 'codex-mdm-probe';
export const probeRan = 'probe-ran:';

/** What is in note.txt: whoever reads it out has run. */
export const note = 'the note was read';

/** What stands in the relay's token file. */
export const tokenInScene = 'a-token-for-the-test';

const eventsFolder = '/room/events';
const judgedFolder = '/room/judged';
const deniedFile = '/room/denied';

/** What makes the program of a relay deny a tool call. */
export const deniedMark = 'codex-mdm-denied';

/** A program of the presets custom and agent-hooks: notes the event's name, and denies where the scene says so. */
const judge = `#!/bin/sh
event=$(cat)
name=\${event#*\\"hook_event_name\\":\\"}
name=\${name%%\\"*}
: > "${judgedFolder}/$name"
read -r denied < ${deniedFile} || [ -n "$denied" ] || exit 0
[ "$name" = "$denied" ] || exit 0
case $name:$event in PreToolUse:*${deniedMark}*) ;; PreToolUse:*) exit 0 ;; esac
echo "denied by the program" >&2
exit 2
`;

/** Sets an example up, does something there, and takes it down again. */
export async function inScene<T>(
  example: BuiltExample,
  options: SceneOptions,
  body: (scene: Scene) => Promise<T>,
): Promise<T> {
  // The binary needs what lies beside it, and the cache may be below a temporary folder.
  const share = [dirname(dirname(options.binary))];
  const room = await openRoom(options.hostName === undefined ? { share } : { share, hostName: options.hostName });
  let collector: MockCollector | undefined;
  try {
    await furnish(room, example, options);
    collector = await collectorFor(example, room);
    await collector?.answer(options.answer ?? (() => letThrough));
    return await body(sceneOf(room, options.binary, collector));
  } finally {
    await collector?.answer(undefined);
    await room.close();
  }
}

async function furnish(room: Room, example: BuiltExample, options: SceneOptions): Promise<void> {
  const commands = hooksOf(example.requirements).flatMap((hook) => (isRelay(hook) ? [] : (hook.command ?? [])));
  await room.makeFolder(eventsFolder);
  await room.makeFolder(judgedFolder);
  for (const { destination, bytes, mode } of example.device) {
    const isRequirements = destination === requirementsPath && options.requirements !== undefined;
    await room.write(destination, isRequirements ? (options.requirements ?? '') : bytes, mode);
    if (commands.some((command) => wordsOf(command).includes(destination)))
      await record(room, destination, bytes, mode);
  }
  const program = example.relay?.command?.posix;
  if (program !== undefined) await room.write(program, judge, 0o755);
  if (options.deniedAt !== undefined) await room.write(deniedFile, options.deniedAt);
  for (const program of options.probed ?? [])
    await room.write(`/usr/local/sbin/${program}`, probedProgram(program), 0o755);
}

function sceneOf(room: Room, binary: string, collector: MockCollector | undefined): Scene {
  let turns = 0;
  return {
    room,
    collected: collector?.events ?? [],
    setCollector: async (answer) => {
      if (!collector) throw new Error('the relay of this policy has no collector');
      await collector.answer(answer);
    },
    judged: async () => room.list(judgedFolder),
    recorded: async () => {
      const names = await room.list(eventsFolder);
      const files = await Promise.all(names.map((name) => room.read(`${eventsFolder}/${name}`)));
      return files.map((file) => JSON.parse(String(file)) as Readonly<Record<string, unknown>>);
    },
    turn: async (steps, choices = {}) => {
      turns += 1;
      const folder = choices.folder ?? `/room/turn-${turns}`;
      await room.write(`${foldersOf(folder).work}/note.txt`, `${note}\n`);
      const args = choices.args ?? ['--sandbox', 'workspace-write'];
      return runTurn(room, { binary, steps, ...choices, args, folder });
    },
  };
}

/** Puts a script in front of a hook script that keeps the event and then runs the shipped one on it. */
async function record(room: Room, path: string, bytes: Buffer, mode: number): Promise<void> {
  await room.write(`${path}.shipped`, bytes, mode);
  const isPython = path.endsWith('.py');
  const recorder = isPython
    ? `import os, sys, tempfile
handle, name = tempfile.mkstemp(dir="${eventsFolder}")
os.write(handle, sys.stdin.buffer.read())
os.lseek(handle, 0, 0)
os.dup2(handle, 0)
os.execv(sys.executable, [sys.executable, "${path}.shipped"])
`
    : `#!/bin/sh
event=$(mktemp ${eventsFolder}/XXXXXX)
cat > "$event"
exec /bin/sh ${path}.shipped < "$event"
`;
  await room.write(path, recorder, 0o755);
}

/** The report goes to stdout, and to disk where the sandbox allows it. */
function probedProgram(name: string): string {
  return `#!/bin/sh
case " $* " in
  *" ${probe} "*) echo "${probeRan} ${name} $*"; : > "${probeRan} ${name} $*"; exit 0 ;;
esac
for folder in /usr/local/bin /usr/bin /bin; do
  [ -x "$folder/${name}" ] && exec "$folder/${name}" "$@"
done
exit 127
`;
}

/** A mock collector that comes and goes; its events stay. */
interface MockCollector {
  readonly events: readonly CollectedEvent[];
  /** Answers so from now on; without answers nobody listens. */
  answer(answers: Answers | undefined): Promise<void>;
}

const certificates = new Map<string, Promise<Certificate>>();

/**
 * The collector that the built relay expects: at its own host name, which /etc/hosts of the room brings to loopback,
 * and for https with a throw-away certificate, which takes the place of the shipped CA file, or else of the system's.
 */
async function collectorFor(example: BuiltExample, room: Room): Promise<MockCollector | undefined> {
  const { relay } = example;
  if (relay?.endpoint === undefined) return undefined;
  const url = new URL(relay.endpoint);
  if (!url.protocol.startsWith('http')) throw new Error(`no mock collector for ${relay.endpoint} yet`);
  const isTls = url.protocol === 'https:';
  const host = url.hostname;
  await room.write('/etc/hosts', `127.0.0.1 localhost ${room.hostName}\n127.0.0.1 ${host}\n`);
  const tokenFile = relay.auth?.tokenFile.posix;
  if (tokenFile !== undefined) await room.write(tokenFile, `${tokenInScene}\n`);
  let certificate: Certificate | undefined;
  if (isTls) {
    const made = certificates.get(host) ?? throwAwayCertificate(host);
    certificates.set(host, made);
    certificate = await made;
    const shipped = example.device.find(({ destination }) => destination.endsWith('/codex-relay-ca.pem'));
    const trusted = shipped
      ? [shipped.destination]
      : ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
    for (const file of trusted) await room.write(file, certificate.cert);
  }
  const events: CollectedEvent[] = [];
  let running: Collector | undefined;
  let current: Answers = () => letThrough;
  return {
    events,
    answer: async (answers) => {
      if (!answers) {
        running?.close();
        running = undefined;
        return;
      }
      current = answers;
      running ??= startCollector(
        await room.listen(Number(url.port || (isTls ? 443 : 80))),
        (event) => {
          events.push(event);
          return current(event);
        },
        certificate,
      );
    },
  };
}
