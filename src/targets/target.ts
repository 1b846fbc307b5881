import type { FileArtifact } from '../artifacts/artifact.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Platform, Policy } from '../policy/policy.ts';

/** One file as it must lie on the device. */
export interface DeviceFile {
  /** What it is for; requirements.toml has no destination on macOS, where the profile carries it. */
  readonly role: 'requirements' | 'config' | 'relay' | 'relay-ca' | 'file';
  /** Its name in device/ and on the device. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** On POSIX devices; Windows inherits from the folder. */
  readonly mode: 0o644 | 0o755;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Absolute device path per platform, absent where the platform does not get it. Windows paths have backslashes. */
  readonly destination: { readonly [P in Platform]?: string };
}

/** Everything a target may look at. */
export interface Bundle {
  readonly policy: Policy;
  readonly requirementsToml: string;
  /** Sorted by name; the order of delivery is: all but requirements.toml first, requirements.toml last. */
  readonly device: readonly DeviceFile[];
  /** The managed directories, where the policy has them: device paths without a trailing separator. */
  readonly managedDir: { readonly [P in Platform]?: string };
  readonly templates: ReadonlyMap<string, string>;
}

export interface Target {
  readonly name: string;
  readonly title: string;
  readonly platforms: readonly Platform[];
  /** Limits of the product that this bundle breaks. */
  readonly check?: (bundle: Bundle) => readonly Diagnostic[];
  /** The files below the target's folder, paths relative to the bundle (`jamf/profiles/…`). */
  readonly emit: (bundle: Bundle) => Promise<readonly FileArtifact[]>;
  /** The product's section of the bundle's README.md, in Markdown, headed `## <title>`. */
  readonly runbook: (bundle: Bundle) => string;
}

/** Codex's own folder on each platform. */
export const codexFolder: Readonly<Record<Platform, string>> = {
  macos: '/etc/codex',
  linux: '/etc/codex',
  windows: 'C:\\ProgramData\\OpenAI\\Codex',
};
