import { type FileArtifact, file } from '../artifacts/artifact.ts';
import { yamlScalar } from '../artifacts/yaml.ts';
import type { Platform } from '../policy/policy.ts';
import { cleanStates, installStates, kernels, platformsOf, type Side } from './salt-states.ts';
import type { Bundle, Target } from './target.ts';

const formula = 'salt/codex-formula';
const sides: readonly Side[] = ['unix', 'windows'];

/** The release whose behaviour the states were measured on. */
const minimumSalt = '3008.3';

export const salt: Target = {
  name: 'salt',
  title: 'Salt',
  platforms: ['macos', 'windows', 'linux'],
  emit: async (bundle) => [
    file(`${formula}/FORMULA`, formulaFile(bundle)),
    file(`${formula}/README.md`, `# Codex formula: ${bundle.policy.name}\n\n${guide(bundle)}`),
    file(`${formula}/pillar.example`, pillarExample(bundle)),
    file(`${formula}/top.sls.example`, topExample(bundle)),
    file(`${formula}/codex_managed/init.sls`, byKernel(bundle, '')),
    file(`${formula}/codex_managed/clean.sls`, byKernel(bundle, '.clean')),
    ...sides
      .filter((side) => platformsOf(bundle, side).length > 0)
      .flatMap((side) => [
        file(`${formula}/codex_managed/${side}/init.sls`, installStates(bundle, side)),
        file(`${formula}/codex_managed/${side}/clean.sls`, cleanStates(bundle, side)),
      ]),
    ...sources(bundle),
  ],
  runbook: (bundle) => `## Salt\n\n${guide(bundle)}`,
};

/** The files that the states fetch. The mode of the copy on the master does not matter: the states set it. */
function sources({ device, policy }: Bundle): FileArtifact[] {
  return device
    .filter(
      ({ role, destination }) =>
        role === 'requirements' || policy.platforms.some((platform) => destination[platform] !== undefined),
    )
    .map(({ name, bytes }) => file(`${formula}/codex_managed/files/${name}`, bytes));
}

/** The states by the minion's kernel. A system that the policy does not name must not look as if it were managed. */
function byKernel(bundle: Bundle, suffix: '' | '.clean'): string {
  const branches = sides.flatMap((side) => {
    const names = platformsOf(bundle, side).map((platform) => `'${kernels[platform]}'`);
    if (names.length === 0) return [];
    return [`if grains['kernel'] in [${names.join(', ')}] %}`, 'include:', `  - codex_managed.${side}${suffix}`];
  });
  return lines(
    '# -*- coding: utf-8 -*-',
    '# vim: ft=sls',
    ...branches.map((line, index) => (line.startsWith('if ') ? `{%- ${index === 0 ? '' : 'el'}${line}` : line)),
    '{%- else %}',
    `codex-managed-not-covered${suffix === '' ? '' : '-clean'}:`,
    '  test.fail_without_changes:',
    `    - comment: The policy ${bundle.policy.name} is not for this system.`,
    '{%- endif %}',
  );
}

const systems: Readonly<Record<Platform, { readonly os: string; readonly family: string }>> = {
  linux: { os: 'Debian, Ubuntu, RedHat, Fedora, SUSE', family: 'Debian, RedHat, Suse' },
  macos: { os: 'MacOS', family: 'MacOS' },
  windows: { os: 'Windows', family: 'Windows' },
};

function formulaFile({ policy }: Bundle): string {
  return lines(
    '---',
    'name: codex_managed',
    `os: ${policy.platforms.map((platform) => systems[platform].os).join(', ')}`,
    `os_family: ${policy.platforms.map((platform) => systems[platform].family).join(', ')}`,
    `version: ${yamlScalar(policy.policyVersion)}`,
    "release: '1'",
    `minimum_version: '${minimumSalt}'`,
    `summary: Managed requirements of OpenAI Codex, policy ${policy.name}`,
    `description: ${yamlScalar(policy.description)}`,
    'top_level_dir: codex_managed',
  );
}

function topExample({ policy }: Bundle): string {
  const target = policy.platforms.map((platform) => `G@kernel:${kernels[platform]}`).join(' or ');
  return lines('---', 'base:', `  '${target}':`, '    - match: compound', '    - codex_managed');
}

function pillarExample({ policy }: Bundle): string {
  const channel = policy.platforms.includes('macos')
    ? [
        '  # Who carries the requirements on macOS: mdm (default, the configuration',
        '  # profile) or file. Never both.',
        '  requirements_channel: mdm',
      ]
    : [];
  const token = policy.relay?.auth
    ? [
        '  # The write-only token of the relay. Keep it encrypted: with #!yaml|gpg in',
        '  # its first line, Salt decrypts this file. Give it to no more minions than',
        '  # need it.',
        '  relay_token: REPLACE-ME',
      ]
    : [];
  return channel.length + token.length === 0
    ? lines('---', '# This policy needs no pillar.', '{}')
    : lines('---', 'codex_managed:', ...channel, ...token);
}

/** What an administrator does, in Markdown without a heading. It repeats no text of the policy but its name. */
function guide(bundle: Bundle): string {
  const { policy } = bundle;
  const hasMacs = policy.platforms.includes('macos');
  const hasWindows = policy.platforms.includes('windows');
  const hasToken = policy.relay?.auth !== undefined;
  return lines(
    '### Set up',
    '',
    '1. Copy the folder `codex-formula` to the master, for instance to `/srv/salt/codex-formula`, and name it in the',
    "   master's `file_roots`: `base: [/srv/salt, /srv/salt/codex-formula]`. A gitfs remote works as well. Copy the files",
    '   byte for byte: each state refuses other bytes than those of this build.',
    '2. Add the lines of `top.sls.example` to your `top.sls`. Begin with a pilot group.',
    ...(hasToken || hasMacs
      ? ['3. Put the values of `pillar.example` into your pillar, for the same minions and no others.']
      : ['3. This policy needs no pillar.']),
    ...(hasToken
      ? [
          '   `codex_managed:relay_token` is written to the token file of the policy. Encrypt it with the GPG renderer. When',
          '   decryption fails, Salt goes on without a value: then the state only looks whether the token file exists, and',
          '   fails when it does not.',
        ]
      : []),
    "4. Look first, then apply: `salt 'pilot*' state.apply codex_managed test=True`, then the same without `test=True`.",
    '',
    'The states go in this order: folders, files of the managed directory, requirements. A file that does not arrive whole',
    'stops the requirements, and the former ones stay.',
    '',
    ...(hasMacs ? macGuide : []),
    ...(hasWindows ? windowsGuide : []),
    ...complianceGuide,
    ...removalGuide(hasMacs),
  );
}

const macGuide: readonly string[] = [
  '### macOS',
  '',
  'The configuration profile carries the requirements; Salt brings the files. Salt cannot install a profile: deliver',
  '`macos/codex.mobileconfig` with your MDM. For Macs without MDM set the pillar `codex_managed:requirements_channel` to',
  '`file`. Remove the profile before you do so: with both, every hook runs twice. On the way back to `mdm` Salt removes',
  'the file as soon as the profile is in place.',
  '',
];

const windowsGuide: readonly string[] = [
  '### Windows',
  '',
  "The states lock the policy's folders and files, and the folder `OpenAI` in ProgramData: SYSTEM and Administrators may",
  'write, Users may read. Salt does not check the rights of other folders above the managed directory. The states were',
  'rendered and checked by Salt, but not run on Windows: try them on a pilot first.',
  '',
];

const complianceGuide: readonly string[] = [
  '### Compliance',
  '',
  'Drift never shows in an exit code. Read the JSON of a test run: a minion has drifted where a `result` is not `true` or',
  '`changes` is not empty. This prints those minions, and nothing when all is well:',
  '',
  '```sh',
  "salt --out=json --static '*' state.apply codex_managed test=True | jq -c 'to_entries[]",
  '  | {minion: .key, drift: [.value | if type == "object"',
  '      then .[] | select(.result != true or .changes != {}) | {name, result, comment} else . end]}',
  "  | select(.drift != [])'",
  '```',
  '',
  'A minion that is down is missing from this JSON: compare with `salt-run manage.status`. To repair drift without an',
  'administrator, schedule the state on the minions:',
  '',
  '```yaml',
  'schedule:',
  '  codex:',
  '    function: state.apply',
  '    args: [codex_managed]',
  '    minutes: 30',
  '    splay: 300',
  '    maxrunning: 1',
  '```',
  '',
];

function removalGuide(hasMacs: boolean): string[] {
  return [
    '### Update, roll back, remove',
    '',
    '- Update and rollback: put the other build of the formula in the same place and apply it. A file that it no longer',
    '  names stays on the minions: apply `codex_managed.clean` of the former build first when that matters.',
    `- Removal: ${hasMacs ? 'take the profile away from the Macs, ' : ''}take \`codex_managed\` out of \`top.sls\` and the schedule, then run`,
    "  `salt '*' state.apply codex_managed.clean`. It removes the requirements first, then our files, then our folders where",
    '  they are empty. Files of others stay.',
    '- Have Codex restarted after each change: a running session keeps the policy that it started with.',
  ];
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
