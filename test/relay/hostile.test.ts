import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { visibleText } from '../../src/relay/message.ts';
import { compileText, policyWith } from '../support/policies.ts';
import { testWith } from '../support/programs.ts';
import { matrixShells } from './faults.ts';
import {
  type Collector,
  collector,
  type Device,
  hook,
  install,
  names,
  newFolder,
  type Received,
  type Run,
  toolEvent,
} from './support.ts';

/** What runs leaves a file here: each test looks that none came. */
const trap = newFolder();
const touch = `touch ${trap}/ran`;

/** Texts that would be code somewhere on the way: shells, curl's configuration, HTTP, awk, sed, printf, templates. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '$',
        '`',
        ';',
        '&',
        '|',
        '\n',
        '\r\n',
        '#',
        '*',
        '~',
        '!',
        '%',
        ' ',
        '\t',
        '<',
        '>',
        '(',
        ')',
        '-',
        '/',
        '{',
        '}',
        ',',
        ':',
        'x',
        'é',
        '😀',
        '\u2019',
        '\u202e',
      ),
      fc.constantFrom(
        touch,
        `$(${touch})`,
        `\`${touch}\``,
        `';${touch};'`,
        `";${touch};"`,
        `"\noutput = "${trap}/ran"\n`,
        '\\"\nurl = "http://127.0.0.1:9/"\n',
        '\r\nX-Injected: yes',
        '%{http_code}',
        '%s%n',
        '{token}',
        '{{ x }}',
        "'\\''",
        '# codex-mdm: values end\n',
        '@/etc/passwd',
        '-K/dev/stdin',
      ),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));

interface Tried {
  readonly run: Run;
  readonly received: readonly Received[];
  readonly device: Device;
  readonly relay: RelayPolicy;
}

interface Field {
  /** Lines below `relay:`, with the text in its place; `url` leads to a way of answering. */
  readonly relay: (value: string, url: (answer: string) => string) => string;
  /** Values that the policy must take and the relay must hand on, beside those that are made up. */
  readonly fine: readonly string[];
  /** What must hold where the policy takes the value. */
  readonly holds: (value: string, tried: Tried) => void | Promise<void>;
  readonly head?: (value: string) => string;
  readonly prepare?: (value: string, device: Device) => Promise<Server | undefined>;
}

const enforced = '  events: { PreToolUse: { mode: enforce, on_failure: closed, timeout: 20s } }\n';
const tokenFile = join(newFolder(), 'token');
const closed = (message = 'Blocked by policy test.') => ({ status: 2, stdout: '', stderr: `${message}\n` });

/** A text as a double-quoted scalar of YAML. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (char) =>
    /[\ud800-\udfff]/.test(char) ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const fields: Readonly<Record<string, Field>> = {
  user_message: {
    relay: (value, url) => `  endpoint: ${url('error')}\n  user_message: ${quoted(value)}\n${enforced}`,
    fine: [`it's "${touch}" $(${touch})`, '\u202e禁止 \\'],
    holds: async (value, { run, device }) => {
      const message = closed(visibleText(value) ?? 'Blocked by policy test.');
      expect(run).toMatchObject(message);
      rmSync(device.script);
      expect(await hook(device, 'PreToolUse', toolEvent)).toMatchObject(message);
    },
  },
  'auth.header': {
    relay: (value, url) =>
      `  endpoint: ${url('deny')}\n  auth: { token_file: { posix: ${tokenFile} }, header: ${quoted(value)} }\n${enforced}`,
    fine: ['X-Acme-Key', "X.!#$%&'*+^_`|~"],
    holds: (value, { received }) => expect(received[0]?.headers[value.toLowerCase()]).toBe('Bearer t0ken'),
  },
  'auth.scheme': {
    relay: (value, url) =>
      `  endpoint: ${url('deny')}\n  auth: { token_file: { posix: ${tokenFile} }, scheme: ${quoted(value)} }\n${enforced}`,
    fine: ['Splunk', ''],
    holds: (value, { received }) => expect(received[0]?.headers.authorization).toBe(`${value} t0ken`.trim()),
  },
  'auth.token_file': {
    relay: (value, url) =>
      `  endpoint: ${url('allow')}\n  auth: { token_file: { posix: ${quoted(`/nonexistent/${value}`)} } }\n${enforced}`,
    fine: [`it's $(${touch})`],
    holds: (_, { run, received }) => expect([received.length, run]).toMatchObject([0, closed()]),
  },
  endpoint: {
    relay: (value, url) => `  endpoint: ${quoted(url(`allow/${value}`))}\n${enforced}`,
    fine: ['x?a=$(id)&b=$HOME;c=*~!(1)-[2]', 'a,b;c=d'],
    holds: (value, { run, received }) => {
      // A way that curl writes in another form leads elsewhere: then it fails, and says what a failure says.
      if (received.length === 0) expect(run).toMatchObject(closed());
      else expect([run.status, received.length, received[0]?.url.startsWith('/allow')]).toEqual([0, 1, true]);
      if (/^[A-Za-z0-9,;=]*$/.test(value)) expect(received[0]?.url).toBe(`/allow/${value}`);
    },
  },
  'endpoint as a socket': {
    relay: (value) => `  endpoint: ${quoted(`unix:${socketPath(value)}`)}\n${enforced}`,
    fine: [`it's "a" \\ $(id)`, '%s{{x}}'],
    prepare: (value) => listening(socketPath(value)),
    holds: (_, { run }) => expect(run).toMatchObject({ status: 0, stdout: '', stderr: '' }),
  },
  proxy: {
    relay: (value) => `  endpoint: https://localhost:9/\n  proxy: ${quoted(`http://127.0.0.1:9${value}`)}\n${enforced}`,
    fine: ['', '/'],
    holds: (_, { run }) => expect(run).toMatchObject(closed()),
  },
  policy_version: {
    head: (value) => `policy_version: ${quoted(value)}\n`,
    relay: (_, url) => `  endpoint: ${url('allow')}\n${enforced}`,
    fine: [`it's "1" \\ \`${touch}\` é`, 'a\nb'],
    holds: (value, { run, received }) =>
      expect([run.status, decodeURIComponent(String(received[0]?.headers['ce-policyversion']))]).toEqual([0, value]),
  },
  command: {
    relay: (value) => `  preset: custom\n  command: { posix: ${quoted(`/nonexistent/${value}`)} }\n${enforced}`,
    fine: [`it's $(${touch})`],
    holds: (_, { run }) => expect(run).toMatchObject(closed()),
  },
  'settings of a program': {
    relay: (value) =>
      `  preset: agent-hooks\n  command: { posix: ${join(trap, '..')}/${programName} }\n  settings: { AGENT_HOOK_CODEX_EXECPOLICY_MODEL: ${quoted(value)} }\n${enforced}`,
    fine: [`it's "5" $(${touch})\nx`],
    holds: (value, { run }) => {
      const seen = visibleText(`got ${value}.`);
      expect([run.status, run.stderr]).toEqual([2, `${seen}\n`]);
    },
  },
  "settings of a vendor's script": {
    relay: (value) =>
      `  preset: mintmcp\n  script: mint.sh\n  settings: { MINTMCP_USER: ${quoted(value)} }\n  events: { PreToolUse: { mode: observe } }\n`,
    fine: [`it's "me" $(${touch})\nx`],
    prepare: async (_, { dir }) =>
      void writeFileSync(join(dir, 'mint.sh'), 'cat >/dev/null; printf "%s" "$MINTMCP_USER"\n'),
    // A name that is empty is left to the script.
    holds: (value, { run }) => expect([run.status, run.stdout]).toEqual([0, value]),
  },
};

const programName = `codex-mdm-hostile-${process.pid}`;
const sockets = newFolder();
const servers: Server[] = [];

function socketPath(value: string): string {
  return join(
    sockets,
    Buffer.from(value.replaceAll('/', '_')).subarray(0, 40).toString('utf8').replaceAll('\ufffd', ''),
  );
}

async function listening(path: string): Promise<Server | undefined> {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  });
  servers.push(server);
  rmSync(path, { force: true });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

let mock: Collector;
beforeAll(async () => {
  mock = await collector();
  writeFileSync(tokenFile, 't0ken\n');
  const reason = `cat >/dev/null; printf '%s' "got $AGENT_HOOK_CODEX_EXECPOLICY_MODEL." >&2; exit 2`;
  writeFileSync(join(trap, '..', programName), `#!/bin/sh\n${reason}\n`, { mode: 0o755 });
});
afterAll(async () => {
  rmSync(join(trap, '..', programName), { force: true });
  for (const server of servers) server.close();
  await mock.close();
});

/** The policy's relay in a real shell, with this value in one field; undefined where the policy refuses the value. */
async function tried(field: Field, value: string, shell: string): Promise<Tried | undefined> {
  const files = new Map([['mint.sh', new TextEncoder().encode('exit 0\n')]]);
  const text = policyWith(`${field.head?.(value) ?? ''}relay:\n${field.relay(value, mock.url)}`);
  const { value: compilation } = await compileText(text, files);
  const relay = compilation?.policy.relay;
  if (!relay) return undefined;
  const device = install(relay, { shell });
  const built = compilation.artifacts.find(({ path }) => path === 'device/codex-relay');
  // The script of the bundle itself, under the same shell.
  if (built)
    writeFileSync(
      device.script,
      new TextDecoder().decode(built.bytes).replaceAll('/bin/sh "', `${join(dirname(device.dir), 'sh')} "`),
    );
  await field.prepare?.(value, device);
  const before = mock.received.length;
  const run = await hook(device, 'PreToolUse', toolEvent, { env: { http_proxy: '' } });
  return { run, received: mock.received.slice(before), device, relay };
}

describe('a hostile text is printed or sent, and never run, in', () => {
  for (const [name, field] of Object.entries(fields))
    testWith(
      [...matrixShells, 'curl'],
      name,
      async () => {
        let taken = 0;
        let round = 0;
        const check = async (value: string): Promise<boolean> => {
          const found = await tried(field, value, matrixShells[round++ % matrixShells.length] ?? 'dash');
          if (found) await field.holds(value, found);
          expect(names(trap)).toEqual([]);
          if (found) taken += 1;
          return found !== undefined;
        };
        for (const value of field.fine)
          for (const _ of matrixShells) expect([value, await check(value)]).toEqual([value, true]);
        await fc.assert(
          fc.asyncProperty(hostile, async (value) => {
            await check(value);
          }),
          { numRuns: 12, seed: 11, endOnFailure: true },
        );
        expect(taken).toBeGreaterThan(0);
      },
      180_000,
    );
});
