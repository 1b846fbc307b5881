import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { answers, type Mock, type Site } from './matrix-collector.ts';
import { descendants, isGone, kill, processesIn } from './matrix-room.ts';
import { type Device, names, newFolder, toolEvent, until } from './support.ts';

/** How a fault is brought about. */
export interface Stage {
  /** The address that the event is meant for, and what came to it. */
  readonly site: Site;
  readonly endpoint: string;
  readonly policy?: Partial<RelayPolicy>;
  /** The authorities in the file beside the relay. */
  readonly authority?: string;
  /** What is done to the device before the event; `enter` are the words that start a program as the user. */
  readonly arrange?: (device: Device) => void;
  /** Shell commands in a private mount namespace, in which the event happens. */
  readonly room?: string;
  /** Whether the next event happens there too: where the user's home is only there. */
  readonly isHomeInRoom?: boolean;
  /** The user is nobody special; where the tests are no root, they are that user themselves. */
  readonly asUser?: boolean;
  readonly env?: (device: Device) => Readonly<Record<string, string>>;
  readonly input?: Uint8Array;
  /** The time limit of the relay, in seconds: short where the fault makes it wait, else long enough for a busy machine. */
  readonly seconds?: number;
  /** The second half of the event is held back until `during` is over. */
  readonly halves?: boolean;
  /** What happens while the event is handled. */
  readonly during?: (device: Device) => Promise<void>;
  /** What ends the fault; `at` is a path as the user sees it. */
  readonly lift?: (device: Device, at: (path: string) => string) => void;
  /** What must hold afterwards beside the outcome. */
  readonly untouched?: () => readonly string[];
}

const deadProxy = 'http://127.0.0.1:9/';
const tokenFile = (posix: string): Partial<RelayPolicy> => ({
  auth: { tokenFile: { posix, windows: undefined }, header: 'Authorization', scheme: 'Bearer' },
});
const spoolOf = 'mkdir -p "$SPOOL" && chmod 700 "$SPOOL"';

/** The stage of a fault, with an address of its own at the mock. */
export function stageOf(fault: string, mock: Mock): Stage {
  const isAnswer = Object.hasOwn(answers, fault);
  const site = mock.site(isAnswer ? fault : 'fine');
  const plain: Stage = { site, endpoint: site.url() };
  const make = stages[fault];
  if (make) return make(plain, mock);
  if (!isAnswer) throw new Error(`nobody knows how to stage ${fault}`);
  return plain;
}

type Make = (plain: Stage, mock: Mock) => Stage;

const tls =
  (door: 'tls' | 'tls-expired', authority: 'authority' | 'otherAuthority', host?: string): Make =>
  (_, mock) => {
    const site = mock.site('fine', door);
    return { site, endpoint: site.url(host), policy: { caFile: 'ca.pem' }, authority: mock[authority] };
  };

const withInput =
  (input: string | Uint8Array): Make =>
  (plain) => ({ ...plain, input: Buffer.from(input) });

const stages: Readonly<Record<string, Make>> = {
  redirect: (_, mock) => {
    const elsewhere = mock.site('fine');
    const site = mock.site({ redirect: elsewhere.url('localhost') });
    return { site, endpoint: site.url(), untouched: () => elsewhere.received.map(() => 'the other host was asked') };
  },
  'slow-headers': (_, mock) => {
    const site = mock.site('silence');
    return { site, endpoint: site.url(), seconds: 1 };
  },
  'slow-body': (plain) => ({ ...plain, seconds: 4 }),
  refused: (plain) => ({ ...plain, endpoint: 'http://127.0.0.1:9/codex' }),
  'no-name': (plain) => ({ ...plain, endpoint: 'https://collector.invalid/codex' }),
  'tls-fine': tls('tls', 'authority'),
  'tls-wrong-ca': tls('tls', 'otherAuthority'),
  'tls-expired': tls('tls-expired', 'authority'),
  'tls-wrong-name': tls('tls', 'authority', '127.0.0.1'),
  'proxy-dead': (plain, mock) => {
    const stage = tls('tls', 'authority')(plain, mock);
    return { ...stage, policy: { ...stage.policy, proxy: deadProxy } };
  },
  'proxy-dead-environment': (plain, mock) => ({
    ...tls('tls', 'authority')(plain, mock),
    env: () => ({ https_proxy: deadProxy }),
  }),
  'disk-full': (plain) => ({
    ...plain,
    room: `mount -t tmpfs -o size=64k,mode=0700 none "$FOLDER"\n${spoolOf}\ncat /dev/zero >"$FOLDER/filler" 2>/dev/null || true`,
    isHomeInRoom: true,
    env: ({ home }) => ({ TMPDIR: home }),
    lift: ({ home }, at) => rmSync(at(join(home, 'filler'))),
  }),
  'spool-missing': (plain) => ({ ...plain, arrange: ({ home }) => rmSync(join(home, '.local'), { recursive: true }) }),
  'spool-unwritable': (plain) => ({
    ...plain,
    room: `${spoolOf}\nmount --bind "$SPOOL" "$SPOOL"\nmount -o remount,ro,bind "$SPOOL"`,
  }),
  'spool-link': (plain) => {
    const elsewhere = newFolder();
    return {
      ...plain,
      arrange: ({ spool }) => {
        rmSync(spool, { recursive: true });
        symlinkSync(elsewhere, spool);
      },
      lift: ({ spool }) => rmSync(spool),
      untouched: () => names(elsewhere).map((name) => `${name} was written through the link`),
    };
  },
  // Links to all programs but one, in the place of the folder that holds them.
  'curl-missing': (plain) => ({
    ...plain,
    room: 'mkdir "$FOLDER/../all" "$FOLDER/../bin"; cd "$FOLDER/.."; mount --rbind /usr/bin all; ln -s "$PWD"/all/* bin/; rm bin/curl; mount --bind bin /usr/bin',
  }),
  'home-missing': (plain) => ({ ...plain, env: () => ({ HOME: '/nonexistent' }) }),
  'token-missing': (plain) => ({ ...plain, policy: tokenFile('/nonexistent/relay.token') }),
  'token-unreadable': (plain) => {
    const file = join(newFolder(), 'relay.token');
    writeFileSync(file, 't0ken\n', { mode: 0 });
    chmodSync(dirname(file), 0o755);
    return { ...plain, policy: tokenFile(file), asUser: true };
  },
  'script-missing': (plain) => ({ ...plain, arrange: ({ script }) => rmSync(script) }),
  'script-unreadable': (plain) => ({ ...plain, asUser: true, arrange: ({ script }) => chmodSync(script, 0) }),
  'killed-reading': (plain) => ({
    ...plain,
    halves: true,
    during: async ({ dir }) => {
      await until(() => relayBelowGuard(dir).length > 0);
      // Time for it to take what there is.
      await new Promise((resolve) => setTimeout(resolve, 400));
      const relay = relayBelowGuard(dir);
      kill([...relay, ...descendants(relay)]);
    },
  }),
  'killed-sending': (_, mock) => {
    const site = mock.site('silence');
    return {
      site,
      endpoint: site.url(),
      seconds: 2,
      during: async ({ dir }) => {
        await until(() => site.received.length > 0);
        const asking = relayBelowGuard(dir);
        if (asking.length > 0) return kill(asking);
        const sender = processesIn(dir).map(({ pid }) => pid);
        kill(sender);
        await until(() => sender.every(isGone), 20);
      },
    };
  },
  'event-empty': withInput(''),
  'event-large': withInput(`{"prompt":"${'0123456789'.repeat(500_000)}"}`),
  'event-nul': withInput(Buffer.concat([Buffer.from('\0{"a":"\0\0"}\0'), Buffer.alloc(5000), Buffer.from(toolEvent)])),
  'event-not-utf8': withInput(Buffer.from([0xff, 0xfe, 0x22, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x80, 0x0a, 0xf8])),
  'event-quotes': withInput(`{"prompt":"\\"'\\\\ \`touch x\` $(touch x) \${IFS} %PATH% @file ; & | <"}"'"`),
  'event-newlines': withInput('{"a":\r\n1}\n\n\r\n\n'),
};

/** The relay inside its guard: what the guard started under its own name, and not the guard. */
function relayBelowGuard(dir: string): number[] {
  const guarded = processesIn(dir).filter(({ args }) => args[1] === '-c' && args[3]?.startsWith(dir));
  return guarded
    .filter(({ parent }) => guarded.some(({ pid }) => pid === parent))
    .map(({ pid }) => pid)
    .slice(0, 1);
}
