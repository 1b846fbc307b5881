import { type FileArtifact, file } from '../artifacts/artifact.ts';
import { preferenceDomain, requirementsKey } from '../profile/domain.ts';
import { preferences, profile, profileName, requirementsValue } from './macos.ts';
import { checkScript, installScript, needsScripts, policyStateScript, uninstallScript } from './posix-scripts.ts';
import type { Bundle, Target } from './target.ts';

/** Jamf Pro: the profile, the scripts that deliver what it cannot carry, and the extension attribute that reports. */
export const jamf: Target = {
  name: 'jamf',
  title: 'Jamf Pro',
  platforms: ['macos'],
  check: (bundle) =>
    files(bundle)
      .filter(({ path }) => path.endsWith('.sh'))
      .flatMap(checkScript),
  emit: async (bundle) => files(bundle),
  runbook,
};

function files(bundle: Bundle): FileArtifact[] {
  return [
    file('jamf/profiles/codex.mobileconfig', profile(bundle)),
    file('jamf/profiles/com.openai.codex.plist', preferences(bundle)),
    file('jamf/profiles/com.openai.codex.schema.json', customSchema(bundle)),
    ...(needsScripts(bundle, 'macos')
      ? [
          file('jamf/scripts/codex-install.sh', installScript(bundle, 'macos'), 0o755),
          file('jamf/scripts/codex-uninstall.sh', uninstallScript(bundle, 'macos'), 0o755),
        ]
      : []),
    file(
      'jamf/extension-attributes/codex-policy-state.sh',
      policyStateScript(bundle, { opening: '<result>', closing: '</result>' }),
      0o755,
    ),
  ];
}

/** The manifest for "Application & Custom Settings > External Applications > Custom Schema", filled with this policy. */
function customSchema(bundle: Bundle): string {
  const schema = {
    title: `OpenAI Codex (${preferenceDomain})`,
    description: 'Managed preferences of Codex.',
    properties: {
      [requirementsKey]: {
        title: 'Requirements',
        description: 'What Codex enforces: base64 of requirements.toml on one line.',
        property_order: 5,
        type: 'string',
        pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
        default: requirementsValue(bundle),
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function runbook(bundle: Bundle): string {
  const scripts = needsScripts(bundle, 'macos');
  const steps = [
    ...(scripts
      ? [
          'Settings > Computer management > Scripts > New: name `Codex - Install files`, text of `jamf/scripts/codex-install.sh`. The same for `Codex - Uninstall` with `jamf/scripts/codex-uninstall.sh`. Jamf runs scripts as root. They take no parameters.',
          'Computers > Policies > New: name `Codex - Install files`, triggers Enrollment Complete and Recurring Check-in, frequency Once every day, script `Codex - Install files`, Maintenance > Update Inventory. Scope it to the pilot group. The daily run repairs what was changed.',
        ]
      : []),
    'Settings > Computer management > Extension attributes > New: name `Codex - Policy state`, data type String, input type Script, text of `jamf/extension-attributes/codex-policy-state.sh`.',
    `${scripts ? 'When the pilot Macs have the files: ' : ''}Computers > Configuration Profiles > Upload \`jamf/profiles/codex.mobileconfig\`. It appears as \`${profileName(bundle)}\`, level Computer. Scope it to the same group.`,
    'Have users restart Codex. A running session keeps the policy that it started with.',
  ];
  const states = [
    '`Compliant`',
    '`No profile`',
    '`Other policy` (the profile holds another version)',
    '`Second requirements` (a requirements.toml lies beside the profile and makes hooks run twice)',
    ...(scripts
      ? [
          '`Folder drift`, `Folder permissions`',
          '`Relay drift`, `Relay permissions`',
          '`File drift`, `File permissions`',
        ]
      : []),
  ];
  const removal = scripts
    ? 'Removal: take the scope off the profile first and wait until the Macs have checked in and Codex was restarted. Then disable the policy `Codex - Install files`, which would write the files again, and run `Codex - Uninstall` by a policy. It refuses while the profile is there, removes only files that this bundle wrote, and leaves folders that hold others.'
    : 'Removal: take the scope off the profile. It goes at the next check-in. Have users restart Codex.';
  return `## Jamf Pro

### Order of work

${steps.map((step, index) => `${index + 1}. ${step}`).join('\n')}

Instead of the upload, a new profile with Application & Custom Settings works as well: Upload takes \`jamf/profiles/com.openai.codex.plist\` for the
preference domain \`${preferenceDomain}\`; External Applications > Add > Custom Schema takes \`jamf/profiles/com.openai.codex.schema.json\`, with the
value filled in. Use one of the three ways, never two.

### What you see afterwards

The extension attribute shows the first fault that it finds, and the policy version: ${states.join(', ')}.
A smart group with \`Codex - Policy state\` not like \`Compliant\` lists the Macs that need attention. It is read at each inventory update.

### A new version, rollback and removal

- New version: ${scripts ? 'replace the text of both scripts and of the extension attribute, let the policy run, then ' : 'replace the text of the extension attribute, then '}open the profile that exists, Edit > Application & Custom Settings,
  and replace its property list by the new \`jamf/profiles/com.openai.codex.plist\`. Distribute to all, not only to newly assigned computers.
  Do not upload a second profile: Jamf gives each upload an identifier of its own, and the Macs would keep both.
- Rollback: the same steps with the files of the former bundle.
- ${removal}
`;
}
