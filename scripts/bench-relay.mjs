// Times the relay's hooks beside the floor (an empty script), bare curl, and relays in Python and Node, in one run and
// round robin, so that noise hits all alike. Prints a table; asserts nothing. npm run bench:relay [-- ROUNDS]
import { execFileSync, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'smol-toml';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (process.argv[2] === 'collector') serve(process.argv[3]);
else await bench(Number(process.argv[2] ?? 40));

/** The collector, in a process of its own so that it does not wait for the clock: 204 to everything, by three ways. */
function serve(folder) {
  const answer = (request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(204).end());
  };
  const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'ca.pem')) };
  const http = createServer(answer);
  const https = createTlsServer(tls, answer);
  createServer(answer).listen(join(folder, 'agent.sock'), () =>
    http.listen(0, '127.0.0.1', () =>
      https.listen(0, '127.0.0.1', () => process.send({ http: http.address().port, https: https.address().port })),
    ),
  );
}

async function bench(rounds) {
  const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-bench-'));
  execFileSync(
    'openssl',
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out ca.pem'.split(
      ' ',
    ),
    { cwd: scratch, stdio: 'ignore' },
  );
  const collector = fork(fileURLToPath(import.meta.url), ['collector', scratch]);
  try {
    const ports = await new Promise((resolve) => collector.once('message', resolve));
    await compare(contenders(scratch, ports), rounds);
  } finally {
    collector.kill();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

/** What is timed: a hook's command by its name. */
function contenders(scratch, ports) {
  const url = `http://127.0.0.1:${ports.http}/`;
  const script = (name, text) => {
    writeFileSync(join(scratch, name), text);
    return join(scratch, name);
  };
  const relay = (name, endpoint, event, more = '') => {
    const folder = join(scratch, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'ca.pem'), readFileSync(join(scratch, 'ca.pem')));
    writeFileSync(
      join(folder, 'policy.yaml'),
      `version: 1\nname: bench\norganization: { name: Bench, identifier: com.bench }\nclients: ">=0.145.0"\nplatforms: [linux]\ntargets: {}\n` +
        `relay:\n  endpoint: ${endpoint}\n${more}  events: { ${event} }\n`,
    );
    execFileSync(process.execPath, [join(root, 'dist/main.cjs'), 'build', 'policy.yaml', '--out', '.', '--quiet'], {
      cwd: folder,
    });
    // The relay lies in the bundle itself, not where a device would have it.
    const here = (text) => text.replaceAll('/etc/codex/hooks', `${folder}/bench/device`);
    const built = join(folder, 'bench/device/codex-relay');
    writeFileSync(built, here(readFileSync(built, 'utf8')));
    const { hooks } = parse(readFileSync(join(folder, 'bench/device/requirements.toml'), 'utf8'));
    return here(Object.values(hooks).find(Array.isArray)[0].hooks[0].command);
  };
  const enforce = 'PreToolUse: { mode: enforce, on_failure: closed }';
  return {
    'an empty script': `/bin/sh ${script('empty.sh', 'exit 0\n')}`,
    'the relay, observe': relay('observe', url, 'PostToolUse: observe'),
    'the relay, enforce, http': relay('http', url, enforce),
    'the relay, enforce, TLS with a pinned CA': relay(
      'tls',
      `https://localhost:${ports.https}/`,
      enforce,
      '  tls: { ca_file: ca.pem }\n',
    ),
    'the relay, enforce, unix socket': relay('socket', `unix:${scratch}/agent.sock`, enforce),
    'bare curl, http': `curl -q -s -o /dev/null --data-binary @- ${url}`,
    'bare curl, TLS with a pinned CA': `curl -q -s -o /dev/null --cacert ${scratch}/ca.pem --data-binary @- https://localhost:${ports.https}/`,
    'a relay in Python': `python3 ${script('relay.py', `import sys, urllib.request\nurllib.request.urlopen(urllib.request.Request("${url}", sys.stdin.buffer.read(), {"Content-Type": "application/json"}), timeout=5)\n`)}`,
    'a relay in Node': `${process.execPath} ${script('relay.mjs', `const chunks = []; for await (const chunk of process.stdin) chunks.push(chunk);\nawait fetch("${url}", { method: "POST", body: Buffer.concat(chunks) });\n`)}`,
  };
}

async function compare(commands, rounds) {
  const home = mkdtempSync(join(tmpdir(), 'codex-mdm-bench-home-'));
  const event = (size) =>
    JSON.stringify({
      session_id: '01a1',
      transcript_path: null,
      hook_event_name: 'PreToolUse',
      tool_input: { command: 'x'.repeat(size) },
    });
  const sizes = { '2 KB': event(1700), '1 MB': event(1_000_000) };
  const times = new Map();
  const absent = new Set();
  try {
    for (let round = -1; round < rounds; round++)
      for (const [name, command] of Object.entries(commands))
        for (const [size, body] of Object.entries(sizes)) {
          const key = `${name}, ${size}`;
          if (absent.has(key)) continue;
          const { ms, code, stderr } = await hook(command, body, home);
          if (code === 127 || (code !== 0 && name.startsWith('a relay in'))) absent.add(key);
          else if (code !== 0) throw new Error(`${key} ended with ${code}: ${stderr}`);
          // The first round finds files and caches cold.
          else if (round >= 0) times.set(key, [...(times.get(key) ?? []), ms]);
          await quiet(command);
        }
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
  const quantile = (values, part) => values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];
  const median = (values) => quantile(values, 0.5);
  console.log(
    `| hook | ${Object.keys(sizes)
      .flatMap((size) => [`${size}: ms`, 'times the floor'])
      .join(' | ')} |`,
  );
  console.log(`|---|${'---|'.repeat(2 * Object.keys(sizes).length)}`);
  for (const name of Object.keys(commands)) {
    const cells = Object.keys(sizes).flatMap((size) => {
      const values = times.get(`${name}, ${size}`);
      if (!values) return ['not on this machine', ''];
      const floor = median(times.get(`an empty script, ${size}`));
      return [median(values).toFixed(1), (median(values) / floor).toFixed(1)];
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  console.log(`\nMedians of ${rounds} rounds, each command once in each round.`);
}

/** Starts a hook as Codex does: the command given to a shell, the event on its stdin. */
function hook(command, body, home) {
  const start = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { env: { PATH: process.env.PATH, HOME: home }, cwd: '/' });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.resume();
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => resolve({ ms: Number(process.hrtime.bigint() - start) / 1e6, code, stderr }));
    child.stdin.end(body);
  });
}

/** What a hook left to do in the background must not be timed with the next one. */
function quiet(command) {
  return new Promise((resolve) => setTimeout(resolve, command.includes('PostToolUse') ? 60 : 2));
}
