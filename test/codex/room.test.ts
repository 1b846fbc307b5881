import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { startAppServer } from '../../src/codex/app-server.ts';
import { startCollector } from '../../src/codex/collector.ts';
import { openRoom, type Room } from '../../src/codex/room.ts';
import { testWith } from '../support/programs.ts';

const needs = ['root namespaces'];
const open: Room[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((room) => room.close()));
});

async function room(hostName?: string): Promise<Room> {
  const opened = await openRoom(hostName === undefined ? {} : { hostName });
  open.push(opened);
  return opened;
}

const sh = (inside: Room, script: string): ReturnType<Room['run']> =>
  inside.run('sh', ['-c', script], { limitSeconds: 20 });

testWith(needs, 'files stand at their absolute places inside, and nowhere outside', async () => {
  const inside = await room();
  await inside.write('/codex-mdm-test/hooks/a.sh', 'echo here', 0o755);
  await inside.write('/etc/codex-mdm-test', 'there');
  const { stdout, exitCode } = await sh(
    inside,
    '/codex-mdm-test/hooks/a.sh; cat /etc/codex-mdm-test; echo more > /usr/codex-mdm-test; pwd',
  );
  expect([exitCode, stdout]).toEqual([0, 'here\nthere/\n']);
  expect(String(await inside.read('/usr/codex-mdm-test'))).toBe('more\n');
  expect(await inside.list('/codex-mdm-test')).toEqual(['hooks', 'hooks/a.sh']);
  expect(await inside.read('/codex-mdm-test/absent')).toBeUndefined();
  for (const path of ['/codex-mdm-test', '/etc/codex-mdm-test', '/usr/codex-mdm-test', '/.outside'])
    expect(existsSync(path), path).toBe(false);
});

testWith(needs, 'what the machine has may be overwritten and removed inside', async () => {
  const before = readFileSync('/etc/passwd', 'utf8');
  const inside = await room();
  await inside.write('/etc/passwd', 'mine');
  await inside.remove('/etc/hosts');
  expect((await sh(inside, 'cat /etc/passwd; test -e /etc/hosts || echo gone; rm -rf /usr/share/doc')).stdout).toBe(
    'minegone\n',
  );
  expect(readFileSync('/etc/passwd', 'utf8')).toBe(before);
});

testWith(needs, 'folders of the machine that are shared for temporary files are empty and private', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'codex-mdm-test-'));
  const inside = await room();
  expect((await sh(inside, `ls -A /tmp; test -e ${outside} || echo hidden; : > /tmp/codex-mdm-left`)).stdout).toBe(
    'hidden\n',
  );
  expect(existsSync('/tmp/codex-mdm-left')).toBe(false);
  rmSync(outside, { recursive: true });
});

testWith(needs, 'a shared folder is visible wherever it lies, and cannot be written to', async () => {
  const outside = mkdtempSync(join(tmpdir(), "codex-mdm-test'$(x)-"));
  writeFileSync(join(outside, 'file'), 'shared');
  const inside = await openRoom({ share: [outside] });
  open.push(inside);
  expect(String(await inside.read(join(outside, 'file')))).toBe('shared');
  await expect(inside.write(join(outside, 'new'), '')).rejects.toThrow(/EROFS/);
  await inside.close();
  rmSync(outside, { recursive: true });
});

testWith(needs, 'it can be looked into while its programs make and remove folders', async () => {
  const inside = await room();
  const busy = inside.spawn('sh', ['-c', 'while :; do mkdir -p /room/a/b/c; rm -rf /room/a; done']);
  for (let look = 0; look < 300; look++) expect(await inside.list('/room')).toContain('user');
  busy.kill();
});

testWith(needs, 'it has its own host name, which resolves, and a network of loopback only', async () => {
  const inside = await room('Build-7.ci.example.com');
  const script =
    'cat /proc/sys/kernel/hostname; getent hosts Build-7.ci.example.com | tr -s " "; cat /proc/net/dev | grep -c :; cat /proc/net/route | wc -l';
  expect((await sh(inside, script)).stdout).toBe(
    'Build-7.ci.example.com\n127.0.0.1 localhost Build-7.ci.example.com\n1\n1\n',
  );
  expect(hostname()).not.toBe('Build-7.ci.example.com');
});

testWith(
  [...needs, 'curl'],
  'a mock server of this process answers inside, at the port that was asked for',
  async () => {
    const inside = await room();
    const listener = await inside.listen(443);
    const collector = startCollector(listener);
    try {
      const { stdout } = await sh(
        inside,
        "for i in 1 2 3; do curl -sS -m 5 -o /dev/null -w '%{http_code} ' -H 'ce-type: com.openai.codex.hook.Stop' -d x http://127.0.0.1:443/; done",
      );
      expect(stdout).toBe('204 204 204 ');
      expect(collector.events.map(({ event }) => event)).toEqual(['Stop', 'Stop', 'Stop']);
      await expect(inside.listen(443)).rejects.toThrow(/in use/);
    } finally {
      collector.close();
    }
  },
);

testWith(
  needs,
  'a program gets only the environment it is given, and is killed at its limit with all its children',
  async () => {
    const inside = await room();
    const { stdout } = await inside.run('env', [], { env: { CODEX_HOME: '/room/home' }, cwd: '/room' });
    expect(
      stdout
        .split('\n')
        .flatMap((line) => /^(?!PWD|OLDPWD|_|SHLVL)(\w+)=/.exec(line)?.[1] ?? [])
        .sort(),
    ).toEqual(['CODEX_HOME', 'HOME', 'LANG', 'PATH', 'TERM']);
    const late = await inside.run('sh', ['-c', 'sleep 50 & sleep 50'], { limitSeconds: 1 });
    expect(late.exitCode).toBeNull();
    expect(late.milliseconds).toBeLessThan(10_000);
  },
);

testWith(needs, 'closing it kills what still runs, and it answers no more', async () => {
  const inside = await openRoom();
  const child = inside.spawn('sh', ['-c', 'setsid sleep 60 & echo up; wait']);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await inside.close();
  await ended;
  await expect(inside.write('/etc/x', 'x')).rejects.toThrow(/it is closed|ended/);
  await inside.close();
});

const asking = (inside: Room, script: string): ReturnType<typeof startAppServer> =>
  inside
    .write('/room/codex', `#!/bin/sh\n${script}\n`, 0o755)
    .then(() => startAppServer(inside, { binary: '/room/codex', codexHome: '/room', cwd: '/room', limitSeconds: 1 }));

testWith(needs, 'the app-server client gives up on a silent server, and quotes one that ends', async () => {
  const inside = await room();
  await expect(asking(inside, 'exec sleep 30')).rejects.toThrow(/no answer to initialize within 1 s/);
  await expect(asking(inside, 'echo "broken file" >&2; exit 1')).rejects.toThrow(/ended with 1: broken file/);
});

testWith(needs, 'the app-server client matches answers to questions and keeps notifications', async () => {
  const inside = await room();
  const server = await asking(
    inside,
    `read -r a; echo '{"id":1,"result":{}}'; read -r b; echo '{"method":"configWarning","params":{"summary":"s"}}'
read -r c; read -r d; echo '{"id":3,"result":{"n":3}}'; echo '{"id":2,"error":{"message":"no"}}'; read -r e`,
  );
  const first = server.request('one');
  const second = server.request('two');
  await expect(first).rejects.toThrow('no');
  expect(await second).toEqual({ n: 3 });
  expect(server.notifications).toEqual([{ method: 'configWarning', params: { summary: 's' } }]);
  await server.close();
});
