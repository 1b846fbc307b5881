import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { relayGroups } from '../../src/relay/relay.ts';
import { powershellFaults, windowsLineFaults } from '../support/powershell.ts';
import { testWith } from '../support/programs.ts';
import {
  type Collector,
  collector,
  type Device,
  hook,
  install,
  names,
  newFolder,
  relayEvent,
  relayPolicy,
  shells,
  toolEvent,
} from './support.ts';

let server: Collector;
beforeAll(async () => {
  server = await collector();
});
afterAll(() => server.close());

/** The shells that Codex starts hooks with: bash, zsh and whatever sh is. */
const userShells = ['bash', 'zsh', 'dash', 'busybox sh'];

const events = new Map([
  ['SessionStart', relayEvent({ onFailure: 'closed' })],
  ['UserPromptSubmit', relayEvent({ onFailure: 'closed' })],
  ['PreToolUse', relayEvent({ onFailure: 'open' })],
  ['PostToolUse', relayEvent({ mode: 'observe' })],
]);

const hostile = `O'Neill "x" $(touch /tmp/never) \`touch /tmp/never\` \\ $HOME ; exit 0 ' \${IFS} {{x}} ]]> %PATH% \u{1f600}`;

/** What each kind of launch line does without a relay that answers. */
async function expectFailureAnswers(device: Device, userShell: readonly string[], message: string): Promise<void> {
  const big = Buffer.alloc(300_000, 'x');
  expect(await hook(device, 'PostToolUse', big, { userShell })).toMatchObject({ status: 0, stdout: '', drained: true });
  expect(await hook(device, 'PreToolUse', big, { userShell })).toMatchObject({ status: 0, stdout: '', drained: true });
  const closed = await hook(device, 'UserPromptSubmit', big, { userShell });
  expect([closed.status, closed.stdout, closed.stderr.split('\n').at(-2), closed.drained]).toEqual([
    2,
    '',
    message,
    true,
  ]);
  const started = await hook(device, 'SessionStart', big, { userShell });
  expect([started.status, JSON.parse(started.stdout), started.drained]).toEqual([
    0,
    { continue: false, stopReason: message },
    true,
  ]);
}

for (const userShell of userShells)
  describe(`a launch line in ${userShell}`, () => {
    const words = userShell.split(' ');
    testWith(
      [words[0] ?? '', 'curl'],
      'answers for a relay that is missing, unreadable, a folder, empty, cut off or killed',
      async () => {
        const device = install(relayPolicy({ endpoint: server.url('allow'), events, userMessage: hostile }), {
          dir: "it's a $(dir) \u00e9",
        });
        const message = hostile;
        const whole = readFileSync(device.script);
        // The end of a function, where the rest of the script is still valid; then the middle of one.
        for (const length of [0, whole.indexOf('\n}\n') + 3, whole.indexOf('\n}\n') - 20]) {
          truncateSync(device.script, length);
          await expectFailureAnswers(device, words, message);
          writeFileSync(device.script, whole);
        }
        writeFileSync(device.script, "/bin/sh -c 'kill -9 $PPID'; exit 10\n");
        await expectFailureAnswers(device, words, message);
        rmSync(device.script);
        await expectFailureAnswers(device, words, message);
        mkdirSync(device.script);
        await expectFailureAnswers(device, words, message);
        expect(existsSync('/tmp/never')).toBe(false);
      },
    );

    testWith([words[0] ?? '', 'curl'], 'starts the relay wherever it lies', async () => {
      const device = install(relayPolicy({ endpoint: server.url('deny'), events }), { dir: "it's a $(dir) \u00e9" });
      expect(await hook(device, 'PreToolUse', toolEvent, { userShell: words })).toMatchObject({
        status: 2,
        stdout: '',
        stderr: 'No: "secrets" `id` $HOME \\ é\n',
      });
    });
  });

describe('the set-up of the user', () => {
  testWith(['zsh', 'curl'], 'does not rewrite the launch line by aliases or noise of ~/.zshenv', async () => {
    const device = install(relayPolicy({ endpoint: server.url('deny'), events }));
    const noise = [
      '/bin/sh',
      '-c',
      'sh',
      'if',
      'exit',
      'cat',
      '/bin/cat',
      'printf',
      '[',
      'guarded',
      'PreToolUse',
      device.script,
    ];
    writeFileSync(
      join(device.home, '.zshenv'),
      `echo noise\nsetopt rcquotes cshjunkiehistory\n${noise.map((word) => `alias -g -- '${word}'='echo hijacked;'\n`).join('')}`,
    );
    const result = await hook(device, 'PreToolUse', toolEvent, { userShell: ['zsh'] });
    expect([result.status, result.stdout, result.stderr]).toEqual([2, 'noise\n', 'No: "secrets" `id` $HOME \\ é\n']);
  });

  for (const shell of shells)
    testWith([shell, 'curl'], `does not reach into the relay where sh is ${shell}`, async () => {
      const device = install(relayPolicy({ endpoint: server.url('deny'), events }), { shell });
      const trap = join(newFolder(), 'trap');
      const bad = newFolder();
      for (const name of ['curl', 'cat', 'sh', 'date', 'wc', 'rm', 'od', 'sed', 'tr', 'head'])
        writeFileSync(join(bad, name), `#!/bin/sh\ntouch ${trap}\nexit 0\n`, { mode: 0o755 });
      writeFileSync(join(bad, 'env'), `touch ${trap}\nexit 0\n`);
      writeFileSync(join(device.home, '.curlrc'), `url = "${server.url('allow')}"\noutput = "${trap}"\n`);
      const functions = [
        'cat',
        'curl',
        'printf',
        'read',
        '[',
        'test',
        'sed',
        'wc',
        'date',
        'tr',
        'head',
        'umask',
        'cd',
        'unset',
        'exit',
      ];
      const env = {
        PATH: `${bad}:/usr/bin:/bin`,
        ENV: join(bad, 'env'),
        CURL_HOME: device.home,
        IFS: '/ce',
        CDPATH: bad,
        LC_ALL: 'C.UTF-8',
        http_proxy: 'http://127.0.0.1:9/',
        ALL_PROXY: 'http://127.0.0.1:9/',
        mode: 'observe',
        events: '',
        verdict: 'pass',
        ...Object.fromEntries(functions.map((name) => [`BASH_FUNC_${name}%%`, `() { touch ${trap}; exit 0; }`])),
      };
      const result = await hook(device, 'PreToolUse', toolEvent, { env, userShell: ['bash'] });
      expect([result.status, result.stdout, result.stderr]).toEqual([2, '', 'No: "secrets" `id` $HOME \\ é\n']);
      expect(existsSync(trap)).toBe(false);
      // Nor into the guard, which answers for a relay that is missing.
      rmSync(device.script);
      const missing = await hook(device, 'UserPromptSubmit', toolEvent, { env, userShell: ['bash'] });
      expect([missing.status, missing.stdout, missing.stderr]).toEqual([2, '', 'Blocked by Acme.\n']);
      expect(existsSync(trap)).toBe(false);
    });
});

describe('the token', () => {
  for (const [where, endpoint] of [
    ['a header', 'silence'],
    ['the address', 'silence/{token}'],
  ] as const)
    testWith(['curl'], `in ${where} stands in no argument, environment or file of ours`, async () => {
      const file = join(newFolder(), 'token');
      writeFileSync(file, 'S3CRET+t/oken==\r\n');
      const auth = { tokenFile: { posix: file, windows: undefined }, header: 'X-Acme', scheme: '' };
      const device = install(
        relayPolicy({
          endpoint: server.url(endpoint),
          auth,
          log: 'events',
          events: new Map([['PreToolUse', relayEvent({ timeoutSeconds: 1 })]]),
        }),
      );
      const running = hook(device, 'PreToolUse', toolEvent);
      let seen = '';
      for (let i = 0; i < 40 && !/curl/.test(seen); i++) {
        await new Promise((resolve) => setTimeout(resolve, 15));
        seen = processesOf(device.home);
      }
      const spooled = contents(device.spool);
      expect(seen).toMatch(/curl/);
      expect(`${seen}${spooled}`).not.toMatch(/S3CRET/);
      await running;
      const received = server.received.at(-1);
      if (where === 'a header') expect(received?.headers['x-acme']).toBe('S3CRET+t/oken==');
      else
        expect([received?.url, received?.headers['x-acme']]).toEqual(['/silence/S3CRET%2Bt%2Foken%3D%3D', undefined]);
      expect(contents(device.spool)).not.toMatch(/S3CRET/);
    });

  testWith(['curl'], 'is refused when it would break out of its line', async () => {
    const file = join(newFolder(), 'token');
    const auth = { tokenFile: { posix: file, windows: undefined }, header: 'Authorization', scheme: 'Bearer' };
    const device = install(
      relayPolicy({
        endpoint: server.url('allow'),
        auth,
        events: new Map([['PreToolUse', relayEvent({ onFailure: 'closed' })]]),
      }),
    );
    for (const [token, status] of [
      ['good.token_1', 0],
      ['two\nurl = "http://127.0.0.1:9/"', 0],
      ['a"\\nurl', 2],
      ['a\\', 2],
      ['a b', 2],
      ['', 2],
      ['\u00e9', 2],
    ] as const) {
      writeFileSync(file, token);
      expect([token, (await hook(device, 'PreToolUse', toolEvent)).status]).toEqual([token, status]);
    }
    chmodSync(file, 0o644);
  });
});

/** All that lies in a folder at the moment. */
function contents(folder: string): string {
  return names(folder)
    .map((name) => {
      try {
        return readFileSync(join(folder, name), 'utf8');
      } catch {
        return '';
      }
    })
    .join('');
}

/** Arguments and environment of every process that carries this HOME. */
function processesOf(home: string): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return environment.includes(home)
          ? `${readlinkSync(`/proc/${pid}/exe`)} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8')} ${environment}\n`
          : '';
      } catch {
        return '';
      }
    })
    .join('');
}

testWith(['curl', 'dash', 'bash', 'busybox', 'zsh'], 'no text of a policy is ever run', async () => {
  const bad = newFolder();
  const text = fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '$',
        '`',
        '$(',
        ')',
        ';',
        '&',
        '|',
        '\n',
        '#',
        '*',
        '~',
        '!',
        '%',
        ' ',
        'x',
        '\u00e9',
        '\u{1f600}',
        `touch ${bad}/hit`,
      ),
      { minLength: 1, maxLength: 12 },
    )
    .map((parts) => `x${parts.join('')}`);
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      text,
      fc.constantFrom('dash', 'bash', 'busybox', 'zsh'),
      async (userMessage, setting, matcher, shell) => {
        const command = { posix: `/nonexistent/${setting.replaceAll(/[\0\n/]/g, '')}`, windows: undefined };
        const policy = relayPolicy({
          preset: 'agent-hooks',
          endpoint: undefined,
          userMessage,
          command,
          settings: { AGENT_HOOK_CODEX_EXECPOLICY_MODEL: setting },
          events: new Map([['PreToolUse', relayEvent({ onFailure: 'closed', matcher })]]),
        });
        const device = install(policy, { shell });
        const message = userMessage.replaceAll('\n', ' ').trim();
        const expected = { status: 2, stdout: '', stderr: `${message}\n` };
        expect(await hook(device, 'PreToolUse', toolEvent, { userShell: ['dash'] })).toMatchObject(expected);
        rmSync(device.script);
        expect(
          await hook(device, 'PreToolUse', toolEvent, { userShell: shell === 'busybox' ? ['busybox', 'sh'] : [shell] }),
        ).toMatchObject(expected);
        expect(names(bad)).toEqual([]);
      },
    ),
    { numRuns: 10, seed: 7 },
  );
});

describe('the launch line for Windows', () => {
  const context = {
    policyName: 'acme',
    platforms: ['windows' as const],
    managedDir: { posix: undefined, windows: 'C:\\ProgramData\\OpenAI\\Codex\\hooks' },
  };

  test('means the same in every shell', async () => {
    const [group] = relayGroups(relayPolicy({ userMessage: hostile }), context);
    expect(group?.commandWindows).toBe(
      'powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:/ProgramData/OpenAI/Codex/hooks/codex-relay.ps1 PreToolUse',
    );
    expect(await windowsLineFaults(group?.commandWindows ?? '"')).toEqual([]);
  });

  test('carries its guard encoded where the policy says so', async () => {
    for (const { commandWindows = '' } of relayGroups(
      relayPolicy({ userMessage: hostile, windowsGuard: 'encoded', events }),
      context,
    )) {
      expect(await windowsLineFaults(commandWindows)).toEqual([]);
      const guard = Buffer.from(commandWindows.split(' ').at(-1) ?? '', 'base64').toString('utf16le');
      expect(await powershellFaults(guard)).toEqual([]);
      expect(commandWindows.length).toBeLessThan(8000);
    }
  });
});
