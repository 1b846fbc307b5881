import { base64, type FileArtifact, file } from '../artifacts/artifact.ts';
import { plist, plistText } from '../artifacts/plist.ts';
import { uuidOf } from '../artifacts/uuid.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { preferenceDomain, requirementsKey } from '../profile/domain.ts';
import { type Bundle, codexFolder } from './target.ts';

const limit = 900_000;

/** macos/: the profile, and the bare property list for products that want one per preference domain. */
export function macosFiles(bundle: Bundle): FileArtifact[] {
  return [file('macos/codex.mobileconfig', profile(bundle)), file('macos/com.openai.codex.plist', preferences(bundle))];
}

/** Intune takes profiles of less than 1,000,000 bytes. */
export function checkMacos(bundle: Bundle): Diagnostic[] {
  const bytes = Buffer.byteLength(profile(bundle));
  return bytes > limit ? [diagnostic('target/profile-too-large', wholePolicy(['requirements']), { bytes, limit })] : [];
}

/** The place of findings about a bundle as a whole: a bundle does not know the text that it came from. */
export function wholePolicy(path: readonly string[]): Parameters<typeof diagnostic>[1] {
  return { location: { file: 'policy.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 }, path };
}

/** The value under requirementsKey: base64 on one line. Codex decodes strictly and does not start when that fails. */
export function requirementsValue(bundle: Bundle): string {
  return base64(bundle.requirementsToml);
}

/** The preferences alone, as Jamf's "Application & Custom Settings" takes them. */
export function preferences(bundle: Bundle): string {
  return plist({ [requirementsKey]: requirementsValue(bundle) });
}

/** The name of the profile on devices and in consoles: the purpose, and the policy, because consoles want names unique. */
export function profileName({ policy }: Bundle): string {
  return `Codex - Managed requirements (${policy.name})`;
}

/**
 * The configuration profile. Its payload is of the ManagedClient form: unsigned uploads to Jamf lose the content of
 * the direct form. Identifiers and UUIDs depend on the policy's name only, so that a new version replaces the old one.
 */
export function profile(bundle: Bundle): string {
  const { policy } = bundle;
  const identifier = `${policy.organization.identifier}.codex.${policy.name}`;
  const payload = `${identifier}.preferences`;
  const description = [`Codex requirements, policy ${policy.name} ${policy.policyVersion}`, policy.description]
    .filter((text) => text !== '')
    .join('. ');
  return plist({
    PayloadContent: [
      {
        PayloadContent: {
          [preferenceDomain]: {
            Forced: [{ mcx_preference_settings: { [requirementsKey]: requirementsValue(bundle) } }],
          },
        },
        PayloadDisplayName: 'Codex requirements',
        PayloadIdentifier: payload,
        PayloadType: 'com.apple.ManagedClient.preferences',
        PayloadUUID: uuidOf(payload),
        PayloadVersion: 1,
      },
    ],
    PayloadDescription: plistText(description),
    PayloadDisplayName: profileName(bundle),
    PayloadIdentifier: identifier,
    PayloadOrganization: plistText(policy.organization.name),
    PayloadRemovalDisallowed: true,
    PayloadScope: 'System',
    PayloadType: 'Configuration',
    PayloadUUID: uuidOf(identifier),
    PayloadVersion: 1,
    TargetDeviceType: 5,
  });
}

/** The section on the profile itself, for any product that installs profiles. */
export function macosRunbook(bundle: Bundle): string {
  const identifier = `${bundle.policy.organization.identifier}.codex.${bundle.policy.name}`;
  return `## macOS

| File | Use |
| --- | --- |
| \`macos/codex.mobileconfig\` | the whole profile, for any MDM that installs custom profiles on the device channel |
| \`macos/com.openai.codex.plist\` | the bare preferences, for products that take one property list per preference domain |

- The profile's identifier is \`${identifier}\`. It stays the same in every version, so a new version replaces the old one. Scope one such profile to a Mac.
- The profile carries the requirements. Put no \`${codexFolder.macos}/requirements.toml\` beside it: every hook would run twice.
${deliveryNotes(bundle)}- See that it arrived: \`sudo profiles show -type configuration\`, then
  \`defaults read "/Library/Managed Preferences/${preferenceDomain}" ${requirementsKey} | base64 -D\`. The text must equal \`device/requirements.toml\`. Restart Codex.
- A pilot by hand: open the profile, then approve it in System Settings. An unsigned profile shows as "Unsigned" there. MDM products install it unsigned.
`;
}

/** What stands beside the profile, and where macOS lets nobody make a folder. */
function deliveryNotes(bundle: Bundle): string {
  const hasFiles = bundle.device.some(({ destination }) => destination.macos !== undefined);
  const dir = bundle.managedDir.macos;
  const notes = [
    ...(hasFiles
      ? [
          "The profile carries no scripts. Deliver the files of `device/` that have a place on macOS by your MDM's script or package channel, before the profile.",
        ]
      : []),
    ...(dir !== undefined && !isWritablePlace(dir)
      ? [
          `macOS keeps its system volume read-only, so no script can make the managed directory in a new folder below \`/\`. Give the Macs that folder by \`/etc/synthetic.conf\` and a restart before anything else, or choose a \`managed_dir\` below \`${codexFolder.macos}\`.`,
        ]
      : []),
  ];
  return notes.map((note) => `- ${note}\n`).join('');
}

/** Whether a path lies where macOS 10.15 and later take new folders: the rest of the root volume is sealed. */
function isWritablePlace(path: string): boolean {
  return /^\/(?:Applications|Library|Users|Volumes|etc|opt|private|tmp|usr\/local|var)(?:\/|$)/.test(path);
}
