import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { FileArtifact } from '../../src/artifacts/artifact.ts';
import { yamlScalar } from '../../src/artifacts/yaml.ts';
import type { Platform, RelayPolicy } from '../../src/policy/policy.ts';
import { salt } from '../../src/targets/salt.ts';
import type { Bundle } from '../../src/targets/target.ts';
import {
  emittedFile,
  emittedFiles,
  enterpriseBundle,
  exampleBundle,
  hostileTexts,
  requirementsOnlyBundle,
  textOf,
} from '../support/bundle.ts';
import { powershellFaults } from '../support/powershell.ts';
import { testWith } from '../support/programs.ts';
import { besideSalt, openSaltBed, type SaltBed, type SaltRun, type StateReturn, saltCall } from '../support/salt.ts';

const formula = 'salt/codex-formula';
const states = `${formula}/codex_managed`;

const relay: RelayPolicy = {
  preset: 'generic',
  endpoint: 'https://collector.example.com/codex',
  events: new Map(),
  auth: {
    tokenFile: { posix: '/etc/codex/relay.token', windows: 'C:\\ProgramData\\OpenAI\\Codex\\relay.token' },
    header: 'Authorization',
    scheme: 'Bearer',
  },
  caFile: undefined,
  proxy: 'environment',
  spool: { maxEvents: 1000, maxBytes: 1, maxAgeSeconds: 1 },
  payload: { content: 'full', maxBytes: 1 },
  identity: [],
  userMessage: 'Blocked.',
  windowsGuard: 'none',
  settings: {},
  script: undefined,
  command: undefined,
  log: 'off',
};

/** Texts that YAML, Jinja or both would read; legal in a POSIX path when there is no slash in them. */
const hostileSegments = [
  `it's "q" {{ grains['id'] }} {% raw %} {# gone #}`,
  '[ab]* ? : # %s %(x)s ~ & | > ! @ `touch x` $(touch x) \\ \\n',
  'Grüße \u{1f512} \u2028 \u00a0 \u202e \uffff -',
];

describe('yamlScalar', () => {
  test('every text comes back from YAML, on one line, and nothing in it means anything to Jinja', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (text) => {
        const scalar = yamlScalar(text);
        expect(parse(scalar, { version: '1.1' })).toBe(text);
        expect(parse(scalar, { version: '1.2' })).toBe(text);
        expect(scalar).toMatch(/^[ -~]+$/);
        expect(scalar).not.toMatch(/[{}%#]/);
      }),
    );
    expect(yamlScalar('C:\\Program Files\\x')).toBe(`'C:\\Program Files\\x'`);
    expect(yamlScalar(`it's`)).toBe(`"it's"`);
    expect(yamlScalar('{{ x }}')).toBe('"\\x7b\\x7b x \\x7d\\x7d"');
  });
});

describe('the formula', () => {
  test('holds these files, the same when it is made again', async () => {
    const made = await emittedFiles(salt, exampleBundle());
    expect(made.map(({ path }) => path.slice(formula.length + 1)).sort()).toEqual([
      'FORMULA',
      'README.md',
      'codex_managed/clean.sls',
      'codex_managed/files/audit.ps1',
      'codex_managed/files/audit.sh',
      'codex_managed/files/codex-relay',
      'codex_managed/files/codex-relay-ca.pem',
      'codex_managed/files/codex-relay.ps1',
      'codex_managed/files/config.toml',
      'codex_managed/files/requirements.toml',
      'codex_managed/init.sls',
      'codex_managed/unix/clean.sls',
      'codex_managed/unix/init.sls',
      'codex_managed/windows/clean.sls',
      'codex_managed/windows/init.sls',
      'pillar.example',
      'top.sls.example',
    ]);
    expect(await emittedFiles(salt, exampleBundle())).toEqual(made);
  });

  test('serves the platforms of the policy and no others', async () => {
    for (const [platforms, absent] of [
      [['linux'], /indows|Darwin|macos|macOS|wheel|shasum|\.ps1/],
      [['macos'], /indows|Linux|\.ps1/],
      [['windows'], /Linux|Darwin|macOS|unix/],
    ] as const) {
      const made = await emittedFiles(salt, exampleBundle({ policy: { platforms } }));
      for (const { path, bytes } of made.filter((one) => !one.path.includes('/files/')))
        expect(`${path}\n${Buffer.from(bytes)}`).not.toMatch(absent);
    }
  });

  test('names no relay, token or hooks where the policy has none', async () => {
    const made = await emittedFiles(salt, requirementsOnlyBundle());
    for (const { path, bytes } of made)
      expect(`${path}\n${Buffer.from(bytes)}`).not.toMatch(/codex-relay|token|hooks-/);
    expect(
      textOf(
        await emittedFile(
          salt,
          requirementsOnlyBundle({ policy: { platforms: ['linux'] } }),
          `${formula}/pillar.example`,
        ),
      ),
    ).toContain('{}');
  });

  test('shows files of one platform to that platform only', async () => {
    const bundle = exampleBundle({
      contents: { files: [{ name: 'linux.sh', platforms: ['linux'], bytes: Buffer.from('x') }] },
    });
    for (const name of ['init', 'clean']) {
      const text = textOf(await emittedFile(salt, bundle, `${states}/unix/${name}.sls`));
      const guarded = [...text.matchAll(/\{%- if grains\['kernel'\] in \['Linux'\] %\}(.*?)\{%- endif %\}/gs)];
      expect(guarded.map(([block]) => block.includes('linux.sh'))).toEqual([true, true]);
      expect(guarded.reduce((rest, [block]) => rest.replace(block, ''), text)).not.toContain('linux.sh');
    }
  });

  test("takes each folder of the way from Codex's own to the managed one, and none twice", async () => {
    const foldersOf = async (posix: string, windows: string): Promise<unknown[]> => {
      const bundle = exampleBundle({ dirs: { posix, windows } });
      const texts = await Promise.all(
        ['unix', 'windows'].map(async (side) => textOf(await emittedFile(salt, bundle, `${states}/${side}/init.sls`))),
      );
      return texts.map((text) => [...text.matchAll(/file\.directory:\n {4}- name: '(.*)'/g)].map(([, path]) => path));
    };
    const windows = ['C:\\ProgramData\\OpenAI', 'C:\\ProgramData\\OpenAI\\Codex'];
    expect(await foldersOf('/etc/codex', 'c:\\programdata\\openai\\codex')).toEqual([['/etc/codex'], windows]);
    expect(await foldersOf('/etc/codex/a/b', 'C:\\ProgramData\\OPENAI\\Codex\\a\\b')).toEqual([
      ['/etc/codex', '/etc/codex/a', '/etc/codex/a/b'],
      [...windows, 'C:\\ProgramData\\OPENAI\\Codex\\a', 'C:\\ProgramData\\OPENAI\\Codex\\a\\b'],
    ]);
    expect(await foldersOf('/enterprise/hooks', 'C:\\enterprise\\hooks')).toEqual([
      ['/etc/codex', '/enterprise/hooks'],
      [...windows, 'C:\\enterprise\\hooks'],
    ]);
  });

  test('has a Windows check that is PowerShell, without anything that a shell on the way would read', async () => {
    const text = textOf(await emittedFile(salt, exampleBundle(), `${states}/windows/init.sls`));
    const commands = [...text.matchAll(/check_cmd: >-\n {8}(.*)\n {8}(.*)\n/g)].map(
      ([, first, second]) => `${first} ${second}`,
    );
    expect(commands).toHaveLength(5);
    for (const command of commands) {
      expect(command).not.toMatch(/["&|<>^%]/);
      const script = command.slice(command.indexOf('-Command ') + '-Command '.length);
      expect(await powershellFaults(`${script} C:\\Windows\\TEMP\\__salt.tmp.abc`)).toEqual([]);
    }
  });

  test('describes itself with texts of the policy that stay texts', async () => {
    for (const hostile of hostileTexts) {
      const bundle = exampleBundle({ policy: { description: hostile, policyVersion: hostile } });
      const described = parse(textOf(await emittedFile(salt, bundle, `${formula}/FORMULA`))) as Record<string, unknown>;
      expect([described['description'], described['version']]).toEqual([hostile, hostile]);
      expect(described['name']).toBe(described['top_level_dir']);
    }
  });

  test('has a runbook that speaks of what the policy has', () => {
    const full = salt.runbook(exampleBundle({ policy: { relay } }));
    expect(full.startsWith('## Salt\n')).toBe(true);
    for (const word of [
      'file_roots',
      'top.sls.example',
      'relay_token',
      'test=True',
      'codex_managed.clean',
      'requirements_channel',
    ])
      expect(full).toContain(word);
    const linux = salt.runbook(requirementsOnlyBundle({ policy: { platforms: ['linux'] } }));
    expect(linux).not.toMatch(/relay_token|requirements_channel|Windows|Mac/);
  });
});

describe('linters', () => {
  testWith([besideSalt('salt-lint')], 'salt-lint finds nothing in the states', async () => {
    await inFolder(await emittedFiles(salt, linted()), (folder) => {
      const sls = [
        'codex_managed/init.sls',
        'codex_managed/clean.sls',
        'codex_managed/unix/init.sls',
        'codex_managed/unix/clean.sls',
        'codex_managed/windows/init.sls',
        'codex_managed/windows/clean.sls',
      ];
      const paths = [...sls, 'top.sls.example'].map((name) => join(folder, formula, name));
      const { status, stdout } = spawnSync(besideSalt('salt-lint'), ['-c', '/dev/null', '-x', '205', ...paths], {
        encoding: 'utf8',
      });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    });
  });

  testWith([besideSalt('yamllint')], 'yamllint finds nothing in the examples', async () => {
    await inFolder(await emittedFiles(salt, linted()), (folder) => {
      const paths = ['top.sls.example', 'pillar.example'].map((name) => join(folder, formula, name));
      const { status, stdout } = spawnSync(besideSalt('yamllint'), ['-d', 'default', '--strict', ...paths], {
        encoding: 'utf8',
      });
      expect(stdout).toBe('');
      expect(status).toBe(0);
    });
  });
});

const real = [saltCall, 'root namespaces', 'nsenter'];

/** One salt-call takes a second on an idle machine and many on a busy one. */
const patience = 240_000;

describe('real Salt', () => {
  testWith(
    real,
    'compiles install and removal on every system, with known arguments and no dangling requisite',
    () =>
      withBed(async (bed) => {
        bed.install(await emittedFiles(salt, exampleBundle({ policy: { relay } })));
        const known = bed.call(['sys.state_argspec', 'file']).local as Readonly<
          Record<string, { readonly args: readonly string[] }>
        >;
        for (const system of ['Linux', 'MacOS', 'Windows'] as const) {
          const run = bed.call(
            ['state.show_low_sls', 'codex_managed,codex_managed.clean', pillar({ relay_token: 'x' })],
            system,
          );
          expect(run.status).toBe(0);
          const low = run.local as readonly Readonly<Record<string, unknown>>[];
          expect(low.length).toBeGreaterThan(10);
          const idsOf = (sls: unknown): unknown[] =>
            low.filter((one) => one['__sls__'] === sls).map((one) => one['__id__']);
          for (const chunk of low) {
            const { __sls__: sls, __id__: id, state, fun } = chunk;
            const required = (chunk['require'] ?? []) as readonly { readonly file: string }[];
            expect(idsOf(sls)).toEqual(expect.arrayContaining(required.map(({ file }) => file)));
            const args = Object.keys(chunk).filter(
              (key) => !/^__|^(?:state|fun|order|require|unless|onlyif)$/.test(key),
            );
            expect(known[`${state}.${fun}`]?.args, `${id}`).toEqual(expect.arrayContaining(args));
          }
        }
      }),
    patience,
  );

  testWith(
    real,
    'refuses a system that the policy does not name',
    () =>
      withBed(async (bed) => {
        bed.install(await emittedFiles(salt, exampleBundle({ policy: { platforms: ['linux'] } })));
        const run = bed.call(['state.apply', 'codex_managed'], 'Windows');
        expect(run.status).toBe(2);
        expect(run.states.map(({ id, result }) => [id, result])).toEqual([['codex-managed-not-covered', false]]);
      }),
    patience,
  );

  testWith(
    [...real, 'jq'],
    'installs, sees drift, repairs it, and removes only what is ours',
    () =>
      withBed(async (bed) => {
        const bundle = enterpriseBundle({ policy: { relay } });
        bed.install(await emittedFiles(salt, bundle));
        const apply = ['state.apply', 'codex_managed', pillar({ relay_token: 'first-secret' })];

        const first = bed.call(apply);
        expect(failures(first)).toEqual([]);
        expect(first.status).toBe(0);
        expect(first.states.at(-1)?.id).toBe('codex-managed-requirements');
        expectInstalled(bed, bundle, 'linux');
        expect(bed.sh('stat -c "%a %u %g %n" /etc/codex /enterprise /enterprise/hooks /etc/codex/relay.token')).toBe(
          '755 0 0 /etc/codex\n755 0 0 /enterprise\n755 0 0 /enterprise/hooks\n644 0 0 /etc/codex/relay.token\n',
        );
        expect(bed.sh('cat /etc/codex/relay.token')).toBe('first-secret\n');
        expect(changed(bed.call(apply))).toEqual([]);

        bed.sh(`
        echo x > /etc/codex/requirements.toml
        chmod 4777 /enterprise/hooks/codex-relay
        cp -p /enterprise/hooks/audit.sh /root/mine && chown 1000 /root/mine && ln -sf /root/mine /enterprise/hooks/audit.sh
        rm /enterprise/hooks/codex-relay-ca.pem
        chmod 0777 /enterprise/hooks && chown 1000:1000 /enterprise/hooks
        echo foreign > /enterprise/hooks/.foreign`);
        const rotated = ['state.apply', 'codex_managed', pillar({ relay_token: 'second-secret' })];
        const drift = bed.call([...rotated, 'test=True']);
        expect(drift.status).toBe(0);
        const tampered = [
          'hooks-folder',
          'file-audit.sh',
          'file-codex-relay',
          'file-codex-relay-ca.pem',
          'relay-token',
          'requirements',
        ];
        expect(changed(drift)).toEqual(tampered.map((name) => `codex-managed-${name}`));
        expect(drift.stdout).not.toMatch(/(?:first|second)-secret/);
        expect(reportedByRunbook(bundle, drift)).toHaveLength(tampered.length);

        expect(failures(bed.call(rotated))).toEqual([]);
        expectInstalled(bed, bundle, 'linux');
        expect(bed.sh('cat /etc/codex/relay.token; stat -c "%a %u" /root/mine /enterprise/hooks')).toBe(
          'second-secret\n755 1000\n755 0\n',
        );

        const clean = bed.call(['state.apply', 'codex_managed.clean']);
        expect(failures(clean)).toEqual([]);
        expect(clean.states[0]?.id).toBe('codex-managed-clean-requirements');
        expect(bed.sh('find /etc/codex /enterprise 2> /dev/null || :').trim().split('\n').sort()).toEqual([
          '/enterprise',
          '/enterprise/hooks',
          '/enterprise/hooks/.foreign',
        ]);
      }),
    patience,
  );

  testWith(
    real,
    'lets no other bytes through, and keeps the former requirements when a file before them fails',
    () =>
      withBed(async (bed) => {
        const good = await emittedFiles(salt, exampleBundle());
        bed.sh('mkdir -p /etc/codex; echo former > /etc/codex/requirements.toml');
        const former = (): void => expect(bed.sh('cat /etc/codex/requirements.toml')).toBe('former\n');

        bed.install(cutShort(good, 'requirements.toml'));
        const requirements = bed.call(['state.apply', 'codex_managed']);
        expect(requirements.status).toBe(2);
        expect(failures(requirements)).toEqual([
          ['codex-managed-requirements', expect.stringContaining('check_cmd execution failed')],
        ]);
        former();

        bed.install(cutShort(good, 'codex-relay'));
        bed.sh('echo former > /etc/codex/hooks/codex-relay');
        expect(failures(bed.call(['state.apply', 'codex_managed']))).toEqual([
          ['codex-managed-file-codex-relay', expect.stringContaining('check_cmd execution failed')],
          ['codex-managed-requirements', expect.stringContaining('requisite failed')],
        ]);
        expect(bed.sh('cat /etc/codex/hooks/codex-relay')).toBe('former\n');
        former();

        bed.install(good);
        bed.sh('mv /etc/codex/hooks /root/elsewhere; ln -s /root/elsewhere /etc/codex/hooks');
        const linked = failures(bed.call(['state.apply', 'codex_managed']));
        expect(linked[0]).toEqual(['codex-managed-hooks-folder', expect.stringContaining('is a symlink')]);
        expect(linked.map(([id]) => id)).toContain('codex-managed-requirements');
        expect(bed.sh('cat /root/elsewhere/codex-relay')).toBe('former\n');
        former();
      }),
    patience,
  );

  testWith(
    real,
    'takes any path and any token as text, and says when the token is nowhere',
    () =>
      withBed(async (bed) => {
        const dirs = {
          posix: `/srv/${hostileSegments.join('/')}/hooks`,
          windows: `C:\\a b {{ grains.id }} {% raw %} {# z #} [c] 100%\\hooks`,
        };
        const tokenFile = {
          posix: `/srv/${hostileSegments.toReversed().join('/')}/{{ token }}`,
          windows: `${dirs.windows}\\t`,
        };
        const bundle = exampleBundle({
          dirs,
          policy: { relay: { ...relay, auth: { tokenFile, header: 'A', scheme: '' } } },
        });
        bed.install(await emittedFiles(salt, bundle));

        expect(failures(bed.call(['state.apply', 'codex_managed']))).toEqual([
          ['codex-managed-relay-token', expect.stringContaining('does not exist')],
        ]);
        expectInstalled(bed, bundle, 'linux');
        const token = `{{ grains.id }} {% raw %} {# #} "q" 'q' $(id) # : \\n é`;
        expect(failures(bed.call(['state.apply', 'codex_managed', pillar({ relay_token: token })]))).toEqual([]);
        expect(readFileSync(join(bed.root, tokenFile.posix), 'utf8')).toBe(`${token}\n`);

        const foreign = join(bed.root, dirs.posix, '.foreign');
        writeFileSync(foreign, '');
        expect(failures(bed.call(['state.apply', 'codex_managed.clean']))).toEqual([]);
        expect(
          bed.sh(
            'find /srv -type f -not -path "/srv/salt-bed/*" | wc -l; test ! -e /etc/codex; find /srv -name .foreign | wc -l',
          ),
        ).toBe('1\n1\n');
        const windows = bed.call(['state.show_low_sls', 'codex_managed,codex_managed.clean'], 'Windows')
          .local as readonly { readonly name: string }[];
        const names = windows.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining([dirs.windows, ...pathsOn(bundle, 'windows')]));
      }),
    patience,
  );

  testWith(
    real,
    'on macOS leaves the requirements to the profile, or brings the file when the pillar says so',
    () =>
      withBed(async (bed) => {
        const bundle = exampleBundle();
        bed.install(await emittedFiles(salt, bundle));
        // The group 0 of a Mac is wheel, and its digest program takes this form only.
        bed.sh(`
        sed -i 's/^root:x:0:/wheel:x:0:/' /etc/group
        printf '%s\\n' '#!/bin/sh' 'test "$*" = "-a 256" && exec sha256sum' > /usr/bin/shasum && chmod 0755 /usr/bin/shasum
        mkdir -p /etc/codex && echo foreign > /etc/codex/requirements.toml`);
        const apply = (values: Readonly<Record<string, string>>): SaltRun =>
          bed.call(['state.apply', 'codex_managed', pillar(values)], 'MacOS');

        expect(failures(apply({}))).toEqual([]);
        expectInstalled(bed, bundle, 'macos');
        expect(bed.sh('stat -c %G /etc/codex/hooks/codex-relay; cat /etc/codex/requirements.toml')).toBe(
          'wheel\nforeign\n',
        );

        expect(failures(apply({ requirements_channel: 'file' }))).toEqual([]);
        expect(bed.sh('stat -c "%a %U %G" /etc/codex/requirements.toml')).toBe('644 root wheel\n');
        expect(readFileSync(join(bed.root, 'etc/codex/requirements.toml'), 'utf8')).toBe(bundle.requirementsToml);

        bed.sh(
          `printf '%s\\n' '#!/bin/sh' 'test "$*" = "read /Library/Managed Preferences/com.openai.codex requirements_toml_base64"' > /usr/bin/defaults && chmod 0755 /usr/bin/defaults`,
        );
        expect(failures(apply({ requirements_channel: 'both' }))).toEqual([
          ['codex-managed-requirements', expect.stringContaining('must be mdm or file')],
        ]);
        expect(changed(apply({ requirements_channel: 'mdm' }))).toEqual(['codex-managed-requirements']);
        expect(bed.sh('ls /etc/codex')).toBe('config.toml\nhooks\n');
      }),
    patience,
  );
});

function linted(): Bundle {
  return exampleBundle({
    policy: { relay },
    contents: { files: [{ name: 'linux.sh', platforms: ['linux'], bytes: Buffer.from('x') }] },
  });
}

async function inFolder(artifacts: readonly FileArtifact[], body: (folder: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'codex-mdm-formula-'));
  try {
    for (const { path, bytes } of artifacts) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withBed(body: (bed: SaltBed) => Promise<void>): Promise<void> {
  const bed = await openSaltBed();
  try {
    await body(bed);
  } finally {
    bed.close();
  }
}

function pillar(values: Readonly<Record<string, string>>): string {
  return `pillar=${JSON.stringify({ codex_managed: values })}`;
}

/** Id and comment of every state that did not end well, or of the whole run when it gave no states. */
function failures(run: SaltRun): [string, string][] {
  if (run.states.length === 0) return [['no states', run.stdout + run.stderr]];
  return run.states.filter(({ result }) => result !== true).map(({ id, comment }) => [id, comment]);
}

/** The ids of states with drift, as the runbook defines it. */
function changed(run: SaltRun): string[] {
  const hasDrift = ({ result, changes }: StateReturn): boolean => result !== true || Object.keys(changes).length > 0;
  return run.states.length === 0 ? [run.stdout + run.stderr] : run.states.filter(hasDrift).map(({ id }) => id);
}

/** What the filter printed in the runbook says about a run. */
function reportedByRunbook(bundle: Bundle, run: SaltRun): readonly unknown[] {
  const [, filter] = /jq -c '([^']+)'/.exec(salt.runbook(bundle)) ?? [];
  const { stdout } = spawnSync('jq', ['-c', filter ?? ''], { input: run.stdout, encoding: 'utf8' });
  const report = JSON.parse(stdout) as { readonly minion: string; readonly drift: readonly unknown[] };
  expect(report.minion).toBe('local');
  return report.drift;
}

function pathsOn(bundle: Bundle, platform: Platform): string[] {
  return bundle.device.flatMap(({ destination }) => destination[platform] ?? []);
}

/** Every device file of a platform lies in its place, plain, with its bytes, its mode and root as its owner. */
function expectInstalled(bed: SaltBed, bundle: Bundle, platform: 'linux' | 'macos'): void {
  const here = bundle.device.filter(({ destination }) => destination[platform] !== undefined);
  expect(here.length).toBeGreaterThan(3);
  for (const { destination, bytes, mode } of here) {
    const path = destination[platform] ?? '';
    expect(readFileSync(join(bed.root, path))).toEqual(Buffer.from(bytes));
    expect(bed.sh(`stat -c '%F %a %u %g' '${path.replaceAll("'", `'\\''`)}'`)).toBe(
      `regular file ${mode.toString(8)} 0 0\n`,
    );
  }
}

/** The formula with a file that lost its end. */
function cutShort(artifacts: readonly FileArtifact[], name: string): FileArtifact[] {
  return artifacts.map((one) =>
    one.path === `${states}/files/${name}` ? { ...one, bytes: one.bytes.slice(0, -2) } : one,
  );
}
