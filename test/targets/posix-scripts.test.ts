import { describe, expect, test } from 'vitest';
import { installScript, needsScripts, policyStateScript, uninstallScript } from '../../src/targets/posix-scripts.ts';
import type { Bundle } from '../../src/targets/target.ts';
import {
  enterpriseBundle,
  exampleBundle,
  hostileTexts,
  requirementsOnlyBundle,
  templatesFromDisk,
} from '../support/bundle.ts';
import { type PrivateRun, runPrivately } from '../support/private-root.ts';
import { testWith } from '../support/programs.ts';
import { shellFaults, shellLinters } from '../support/shell-linters.ts';

const marks = { opening: '<result>', closing: '</result>' };
const systems = [
  { system: 'Linux', platform: 'linux', shell: 'dash' },
  { system: 'Darwin', platform: 'macos', shell: 'bash --posix' },
] as const;

function run(bundle: Bundle, { system, platform, shell }: (typeof systems)[number], commands: string): PrivateRun {
  const files = {
    install: installScript(bundle, platform),
    uninstall: uninstallScript(bundle, platform),
    state: policyStateScript(bundle, marks),
    requirements: bundle.requirementsToml,
  };
  // `in_place` prints mode, owner, group and SHA-256 of a file; `try` runs a script and prints its exit code and output.
  const tools = `
try() { ${shell} "$@" > /tmp/said 2>&1; echo "$1 $?"; grep refusing /tmp/said || :; }
in_place() { for path do echo "$(ls -ldn "$path" | cut -c 1-10) $(find "$path" -prune -user 0 -group 0 | wc -l) $(/host/bin/sha256sum < "$path" | cut -c 1-64) $path"; done; }
`;
  const result = runPrivately(system, files, tools + commands);
  expect(result.stderr).toBe('');
  return result;
}

function expected(bundle: Bundle, platform: 'linux' | 'macos'): string[] {
  return bundle.device.flatMap(({ destination, mode, sha256 }) => {
    const path = destination[platform];
    return path === undefined ? [] : [`-rw${mode === 0o755 ? 'xr-xr-x' : '-r--r--'} 1 ${sha256} ${path}`];
  });
}

function paths(bundle: Bundle, platform: 'linux' | 'macos'): string {
  return bundle.device.flatMap(({ destination }) => destination[platform] ?? []).join(' ');
}

const bundles = [
  ['in Codex’s own folder', exampleBundle()],
  ['in a managed directory elsewhere', enterpriseBundle()],
] as const;

describe.each(systems)('on $system', (one) => {
  const { platform } = one;

  for (const [where, bundle] of bundles) {
    testWith(['unshare', 'root namespaces'], `installs twice and uninstalls, ${where}`, () => {
      const dir = bundle.managedDir[platform] ?? '';
      const { stdout } = run(
        bundle,
        one,
        `
try install
in_place ${paths(bundle, platform)}
find /etc/codex ${dir} -type d ! -perm 0755
ls -di ${dir}/codex-relay > /tmp/first
try install
ls -di ${dir}/codex-relay | cmp - /tmp/first && echo unchanged
echo mine > ${dir}/foreign
echo altered > ${dir}/codex-relay
echo altered > ${dir}/audit.sh
try uninstall
find ${dir} ! -type d | sort
`,
      );
      expect(stdout.trim().split('\n')).toEqual([
        'install 0',
        ...expected(bundle, platform),
        'install 0',
        'unchanged',
        'uninstall 0',
        `${dir}/audit.sh`,
        `${dir}/foreign`,
      ]);
    });
  }

  testWith(['unshare', 'root namespaces'], 'leaves nothing behind where there was nothing', () => {
    const { stdout } = run(
      exampleBundle(),
      one,
      'try install; try uninstall; [ -e /etc/codex ] || echo gone; ls -A /tmp',
    );
    expect(stdout).toBe('install 0\nuninstall 0\ngone\nsaid\n');
  });

  testWith(['unshare', 'root namespaces'], 'repairs content, owner and mode', () => {
    const bundle = exampleBundle();
    const { stdout } = run(
      bundle,
      one,
      `
try install
echo x >> /etc/codex/hooks/codex-relay
chmod 0777 /etc/codex/hooks /etc/codex/config.toml
chown 5000 /etc/codex/hooks/audit.sh /etc/codex/hooks
rm /etc/codex/hooks/codex-relay-ca.pem
try install
in_place ${paths(bundle, platform)}
find /etc/codex \\( ! -user 0 -o -perm -0002 \\) -print
`,
    );
    expect(stdout.trim().split('\n')).toEqual(['install 0', 'install 0', ...expected(bundle, platform)]);
  });

  testWith(
    ['unshare', 'root namespaces'],
    'refuses links and folders that others may replace, and writes nothing there',
    () => {
      const { stdout } = run(
        enterpriseBundle(),
        one,
        `
mkdir /elsewhere /enterprise
ln -s /elsewhere /enterprise/hooks; try install; rm /enterprise/hooks
ln -s /elsewhere /etc/codex; try install; rm /etc/codex
mkdir -p /enterprise/hooks; ln -s /elsewhere/file /enterprise/hooks/codex-relay; try install; rm /enterprise/hooks/codex-relay
mkdir /enterprise/hooks/codex-relay; try install; rmdir /enterprise/hooks/codex-relay
rm -r /etc/codex; : > /etc/codex; try install; rm /etc/codex
chown 5000 /enterprise; try install; chown 0 /enterprise
chmod 0775 /enterprise; try install
chmod 1777 /enterprise; try install; chmod 0755 /enterprise
rm -r /enterprise; mkdir /elsewhere/real; ln -s elsewhere/real /enterprise
chown 5000 /elsewhere; try install; chown 0 /elsewhere
find /elsewhere ! -type d
try install
ls /elsewhere/real/hooks | wc -l
`,
      );
      expect(stdout.trim().split('\n')).toEqual([
        'install 1',
        'codex-mdm: refusing: /enterprise/hooks is not a plain folder',
        'install 1',
        'codex-mdm: refusing: /etc/codex is not a plain folder',
        'install 1',
        'codex-mdm: refusing: /enterprise/hooks/codex-relay is not a plain file',
        'install 1',
        'codex-mdm: refusing: /enterprise/hooks/codex-relay is not a plain file',
        'install 1',
        'codex-mdm: refusing: /etc/codex is not a plain folder',
        'install 1',
        'codex-mdm: refusing: others than root may change /enterprise',
        'install 1',
        'codex-mdm: refusing: others than root may change /enterprise',
        'install 0',
        'install 1',
        'codex-mdm: refusing: others than root may change /elsewhere',
        'install 0',
        '3',
      ]);
    },
  );

  testWith(
    ['unshare', 'root namespaces'],
    'a damaged script stops before the requirements; one that is cut off for another system or not run by root does nothing',
    () => {
      const { stdout } = run(
        exampleBundle(),
        one,
        `
sed 's/^ *put .*codex-relay.ca.*/&\\nAAAA/' install > damaged; try damaged; ls -A /etc/codex/hooks
rm -rf /etc/codex
head -c 3000 install > cut; try cut; [ -e /etc/codex ] || echo nothing
sed "s/^system=.*/system='Plan9'/" install > foreign; try foreign; [ -e /etc/codex ] || echo nothing
cp install /tmp; setpriv --reuid 5000 ${one.shell} /tmp/install 2>&1; [ -e /etc/codex ] || echo nothing
`,
      );
      expect(stdout.replace(/cut \d+/, 'cut N').split('\n')).toEqual([
        'damaged 1',
        'audit.sh',
        'codex-relay',
        expect.stringMatching(/^cut N$/),
        'nothing',
        'foreign 1',
        'nothing',
        'codex-mdm: run as root',
        'nothing',
        '',
      ]);
    },
  );
});

testWith(
  ['unshare', 'root namespaces'],
  'Linux: foreign requirements stay, and nothing else goes while they name it',
  () => {
    const { stdout } = run(
      exampleBundle(),
      systems[0],
      `
try install
echo '# other' > /etc/codex/requirements.toml
echo 'model = "x"' > /etc/codex/config.toml
try uninstall
find /etc/codex ! -type d | wc -l
cp requirements /etc/codex/requirements.toml
try uninstall
find /etc/codex ! -type d
`,
    );
    expect(stdout.trim().split('\n')).toEqual([
      'install 0',
      'uninstall 1',
      '5',
      'uninstall 0',
      '/etc/codex/config.toml',
    ]);
  },
);

testWith(
  ['unshare', 'root namespaces'],
  'macOS: the state follows the faults, and the uninstall waits for the profile to go',
  () => {
    const { stdout } = run(
      exampleBundle(),
      systems[1],
      `
say() { ${systems[1].shell} state; }
say
echo b3RoZXI= > /managed-value; say
/host/bin/base64 -w 0 requirements > /managed-value; say
try install; say
: > /etc/codex/requirements.toml; say; rm /etc/codex/requirements.toml
for mode in 0757 0775 0700; do chmod $mode /etc/codex/hooks; say; done; try install
chmod 0700 /etc/codex/hooks/codex-relay; say; try install
echo x >> /etc/codex/hooks/codex-relay-ca.pem; say; try install
chown 5000 /etc/codex/config.toml; say; try install
rm /etc/codex/hooks/audit.sh; say; try install
say
try uninstall; ls /etc/codex/hooks | wc -l
rm /managed-value; try uninstall
ls -A /etc
`,
    );
    const said = stdout.split('\n').filter((line) => line.startsWith('<'));
    expect(said.map((line) => /^<result>(.*) \| 2026\.11\.1<\/result>$/.exec(line)?.[1])).toEqual([
      'No profile',
      'Other policy',
      'Folder drift',
      'Compliant',
      'Second requirements',
      'Folder permissions',
      'Folder permissions',
      'Folder permissions',
      'Relay permissions',
      'Relay drift',
      'File permissions',
      'File drift',
      'Compliant',
    ]);
    expect(stdout.split('\n').slice(-6)).toEqual(['uninstall 1', '3', 'uninstall 0', 'group', 'passwd', '']);
  },
);

testWith(
  ['unshare', 'root namespaces'],
  'hostile paths, names and versions stay text, and consoles find nothing to substitute',
  () => {
    const dir = `/opt/it's $HOME \`touch pwned\` {{token}} %NAME% "q" \u{1f512}`;
    const policyVersion = '1\n# codex-mdm: values end\nexit 1 $(touch pwned) \u{1f512}';
    const bundle = exampleBundle({ dirs: { posix: dir, windows: undefined }, policy: { policyVersion } });
    for (const one of systems) {
      const scripts = [
        installScript(bundle, one.platform),
        uninstallScript(bundle, one.platform),
        policyStateScript(bundle, marks),
      ];
      for (const script of scripts) {
        expect(script).not.toMatch(/\{\{|%\w|\$HOME|\$\w*NAME/);
        expect(script).not.toContain('pwned\n');
      }
      const { stdout } = run(
        bundle,
        one,
        `try install; cd /opt/it*; pwd; ls; cd /work; try uninstall; ls -A /opt; find /work /tmp /opt /etc -name pwned`,
      );
      expect(stdout.split('\n')).toEqual([
        'install 0',
        dir,
        'audit.sh',
        'codex-relay',
        'codex-relay-ca.pem',
        'uninstall 0',
        '',
      ]);
    }
  },
);

testWith(
  ['unshare', 'root namespaces'],
  'a managed directory without files is made: some releases skip all hooks where it is missing',
  () => {
    const bundle = requirementsOnlyBundle({ dirs: { posix: '/enterprise/hooks', windows: undefined } });
    for (const one of systems) {
      const { stdout } = run(bundle, one, 'try install; ls -d /enterprise/hooks; try uninstall; ls -A /enterprise');
      expect(stdout).toBe('install 0\n/enterprise/hooks\nuninstall 0\n');
    }
  },
);

test('macOS needs no scripts for requirements alone, Linux does', () => {
  expect(needsScripts(requirementsOnlyBundle(), 'macos')).toBe(false);
  expect(needsScripts(requirementsOnlyBundle(), 'linux')).toBe(true);
  expect(installScript(exampleBundle(), 'macos')).not.toContain("'requirements.toml'");
});

test('the requirements are written last and removed first', () => {
  const puts = [...installScript(exampleBundle(), 'linux').matchAll(/^ {2}put \S+ '([^']+)'/gm)].map(
    ([, name]) => name,
  );
  expect(puts).toEqual(['audit.sh', 'codex-relay', 'codex-relay-ca.pem', 'config.toml', 'requirements.toml']);
  expect(uninstallScript(exampleBundle(), 'linux')).toMatch(/\n {2}requirements\n {2}files\n {2}folders\n/);
});

testWith(shellLinters, 'the linters find nothing, in the templates as they stand and in what is made of them', () => {
  const hostile = exampleBundle({
    policy: { policyVersion: hostileTexts.join(' ') },
    dirs: { posix: `/a'b $x`, windows: undefined },
  });
  const made = [exampleBundle(), enterpriseBundle(), hostile].flatMap((bundle) => [
    installScript(bundle, 'macos'),
    installScript(bundle, 'linux'),
    uninstallScript(bundle, 'macos'),
    uninstallScript(bundle, 'linux'),
    policyStateScript(bundle, marks),
  ]);
  const templates = [...templatesFromDisk()].flatMap(([name, text]) => (name.startsWith('posix-') ? [text] : []));
  expect(templates).toHaveLength(3);
  for (const text of [...templates, ...made]) expect(shellFaults(text)).toEqual([]);
});
