import { type FileArtifact, file } from '../artifacts/artifact.ts';
import { fillTemplate, psLiteral } from '../artifacts/script.ts';
import type { Platform } from '../policy/policy.ts';
import { profile, profileName } from './macos.ts';
import {
  checkScript,
  installScript,
  needsScripts,
  policyStateScript,
  template,
  uninstallScript,
} from './posix-scripts.ts';
import type { Bundle, Target } from './target.ts';
import { detectScript, remediateScript, removalScript } from './windows-scripts.ts';

/** Microsoft Intune: a custom profile and shell scripts for Macs, a remediation pair for Windows, a script for Linux. */
export const intune: Target = {
  name: 'intune',
  title: 'Microsoft Intune',
  platforms: ['macos', 'windows', 'linux'],
  check: (bundle) =>
    files(bundle)
      .filter(({ path }) => path.endsWith('.sh') || path.endsWith('.ps1'))
      .flatMap(checkScript),
  emit: async (bundle) => files(bundle),
  runbook: (bundle) => {
    const sections = [
      ...(has(bundle, 'macos') ? [macosRunbook(bundle)] : []),
      ...(has(bundle, 'windows') ? [windowsRunbook(bundle)] : []),
      ...(has(bundle, 'linux') ? [linuxRunbook()] : []),
    ];
    return `## Microsoft Intune\n\n${sections.join('\n')}`;
  },
};

function has(bundle: Bundle, platform: Platform): boolean {
  return bundle.policy.platforms.includes(platform);
}

function files(bundle: Bundle): FileArtifact[] {
  const macosScripts = has(bundle, 'macos') && needsScripts(bundle, 'macos');
  return [
    ...(has(bundle, 'macos')
      ? [
          file('intune/macos/codex.mobileconfig', profile(bundle)),
          file('intune/macos/codex-policy-state.sh', policyStateScript(bundle, { opening: '', closing: '' }), 0o755),
        ]
      : []),
    ...(macosScripts
      ? [
          file('intune/macos/codex-install.sh', installScript(bundle, 'macos'), 0o755),
          file('intune/macos/codex-uninstall.sh', uninstallScript(bundle, 'macos'), 0o755),
        ]
      : []),
    ...(has(bundle, 'windows')
      ? [
          file('intune/windows/Detect-CodexPolicy.ps1', detectScript(bundle)),
          file('intune/windows/Remediate-CodexPolicy.ps1', remediateScript(bundle)),
          file('intune/windows/Uninstall-CodexPolicy.ps1', removalScript(bundle)),
        ]
      : []),
    ...pilotScript(bundle),
    ...(has(bundle, 'linux')
      ? [
          file('intune/linux/codex-install.sh', installScript(bundle, 'linux'), 0o755),
          file('intune/linux/codex-uninstall.sh', uninstallScript(bundle, 'linux'), 0o755),
        ]
      : []),
  ];
}

/** What tries the relay on a pilot PC: for the preset whose protocol its own collector speaks. */
function pilotScript(bundle: Bundle): FileArtifact[] {
  const relay = bundle.device.find(({ name }) => name === 'codex-relay.ps1')?.destination.windows;
  if (relay === undefined || bundle.policy.relay?.preset !== 'generic') return [];
  const text = fillTemplate(template(bundle, 'Test-CodexRelay.ps1'), [`$RelayPath = ${psLiteral(relay)}`]);
  return [file('intune/windows/Test-CodexRelay.ps1', text)];
}

function numbered(steps: readonly string[]): string {
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

function macosRunbook(bundle: Bundle): string {
  const scripts = needsScripts(bundle, 'macos');
  const steps = [
    ...(scripts
      ? [
          'Devices > macOS > Scripts > Add: name `Codex - Install files`, file `intune/macos/codex-install.sh`. Run script as signed-in user **No**, Hide script notifications **Yes**, Script frequency **Every 1 day**, Max number of retries **3**. Assign it to the pilot group.',
        ]
      : []),
    'Devices > macOS > Custom attributes > Add: name `Codex - Policy state`, data type String, file `intune/macos/codex-policy-state.sh`. Assign it to the same group.',
    `${scripts ? 'When the pilot Macs have the files: ' : ''}Devices > macOS > Configuration > Create > Templates > Custom: name \`Codex - Managed requirements\`, custom profile name \`${profileName(bundle)}\`, deployment channel **Device**, file \`intune/macos/codex.mobileconfig\`.`,
    'Have users restart Codex. A running session keeps the policy that it started with.',
  ];
  return `### macOS

${numbered(steps)}

The agent looks for scripts about every 8 hours and runs them in no order. The script does not need the profile, and it repairs what was changed.
The custom attribute shows \`Compliant\` or the first fault, and the policy version: \`No profile\`, \`Other policy\`, \`Second requirements\`, \`Folder drift\`, \`Folder permissions\`,
\`Relay drift\`, \`Relay permissions\`, \`File drift\`, \`File permissions\`.

New version: upload the new files into the same objects. A second profile with the same identifier would fight the first. Rollback: the same, with the files of the
former bundle. Removal: unassign the profile first and let users restart Codex${scripts ? '; then unassign the install script and assign `intune/macos/codex-uninstall.sh`, as root, once. It refuses while the profile is there, and removes only files that this bundle wrote' : ''}.
`;
}

function windowsRunbook(bundle: Bundle): string {
  return `### Windows

${numbered([
  'Devices > Scripts and remediations > Remediations > Create: name `Codex - Managed policy`, detection script `intune/windows/Detect-CodexPolicy.ps1`, remediation script `intune/windows/Remediate-CodexPolicy.ps1`.',
  'Run this script using the logged-on credentials **No**, Enforce script signature check **No** (unless you sign them), Run script in 64-bit PowerShell **Yes**. Schedule: daily. Assign it to the pilot group.',
  'Without the licence for remediations: Devices > Scripts and remediations > Platform scripts > Add, file `intune/windows/Remediate-CodexPolicy.ps1`, the same three settings. It runs once for each new version and repairs nothing in between.',
  ...(pilotScript(bundle).length > 0
    ? [
        'On a pilot PC, as a user: `powershell.exe -NoProfile -ExecutionPolicy Bypass -File Test-CodexRelay.ps1` (from `intune/windows/`). It tries copies of the relay under every fault that a PC can show, against a collector of its own, and ends with exit code 0 when all is as it should be.',
      ]
    : []),
  'Have users restart Codex. A running session keeps the policy that it started with.',
])}

The script writes all files in one run, the requirements last. It locks Codex's folder and the managed directory: SYSTEM and Administrators full control, Users read and
execute. It refuses links, and a folder whose parent others may replace. The parent is named in the output; take those rights from it, or choose another \`windows_managed_dir\`.
The detection shows \`Compliant\` with the policy version, or \`Drift\` with each file and folder that differs.

New version and rollback: replace both scripts in the same object. Removal: unassign the remediation first, or it writes the files again; then assign
\`intune/windows/Uninstall-CodexPolicy.ps1\` as a platform script. It removes the requirements first, and only files that this bundle wrote.
`;
}

function linuxRunbook(): string {
  return `### Linux

${numbered([
  'Devices > Linux > Scripts > Add: name `Codex - Install files`, execution context **Root**, execution frequency **Every 1 day**, execution retries **3**, file `intune/linux/codex-install.sh`. Assign it to the pilot group.',
  'Have users restart Codex. A running session keeps the policy that it started with.',
])}

The script writes all files, the requirements last, and repairs what was changed. A run without a difference writes nothing and ends with \`is in place\`.

New version and rollback: replace the script in the same object. Removal: unassign it first, then assign \`intune/linux/codex-uninstall.sh\` in the same way. It removes the
requirements first, and only files that this bundle wrote.
`;
}
