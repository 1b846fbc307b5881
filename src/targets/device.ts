import { byCodeUnit, type FileArtifact, file, sha256 } from '../artifacts/artifact.ts';
import type { Platform, Policy } from '../policy/policy.ts';
import type { ManagedDirs } from '../requirements/requirements.ts';
import { codexFolder, type DeviceFile } from './target.ts';

/** What will lie on the devices, before anybody knows where. */
export interface DeviceContents {
  readonly requirementsToml: string;
  readonly configToml: string | undefined;
  readonly relaySh: string | undefined;
  readonly relayPs1: string | undefined;
  readonly relayCa: Uint8Array | undefined;
  /** The administrator's files by name. */
  readonly files: readonly {
    readonly name: string;
    readonly platforms: readonly Platform[];
    readonly bytes: Uint8Array;
  }[];
}

/** Every file of the devices with its place, sorted by name; only what a platform of the policy needs. */
export function deviceFiles(policy: Policy, dirs: ManagedDirs, contents: DeviceContents): DeviceFile[] {
  const encode = (text: string | undefined): Uint8Array | undefined =>
    text === undefined ? undefined : new TextEncoder().encode(text);
  const managed = (name: string, platforms: readonly Platform[]): DeviceFile['destination'] =>
    destinations(policy, platforms, (platform) => {
      const dir = platform === 'windows' ? dirs.windows : dirs.posix;
      return dir === undefined ? undefined : join(dir, name, platform);
    });
  const system = (name: string, platforms: readonly Platform[]): DeviceFile['destination'] =>
    destinations(policy, platforms, (platform) => join(codexFolder[platform], name, platform));

  const all: readonly (readonly [
    DeviceFile['role'],
    string,
    Uint8Array | undefined,
    0o644 | 0o755,
    DeviceFile['destination'],
  ])[] = [
    // The profile carries the requirements on macOS: a file beside it would run every hook twice.
    [
      'requirements',
      'requirements.toml',
      encode(contents.requirementsToml),
      0o644,
      system('requirements.toml', ['linux', 'windows']),
    ],
    ['config', 'config.toml', encode(contents.configToml), 0o644, system('config.toml', policy.platforms)],
    ['relay', 'codex-relay', encode(contents.relaySh), 0o755, managed('codex-relay', ['macos', 'linux'])],
    ['relay', 'codex-relay.ps1', encode(contents.relayPs1), 0o644, managed('codex-relay.ps1', ['windows'])],
    ['relay-ca', 'codex-relay-ca.pem', contents.relayCa, 0o644, managed('codex-relay-ca.pem', policy.platforms)],
    ...contents.files.map(
      ({ name, platforms, bytes }) => ['file', name, bytes, 0o755, managed(name, platforms)] as const,
    ),
  ];
  return all
    .flatMap(([role, name, bytes, mode, destination]) =>
      bytes === undefined ? [] : [{ role, name, bytes, mode, sha256: sha256(bytes), destination }],
    )
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

/** The managed directory of each platform of the policy that has one, without a trailing separator. */
export function managedDirOf(policy: Policy, dirs: ManagedDirs): { readonly [P in Platform]?: string } {
  return destinations(policy, policy.platforms, (platform) => {
    const dir = platform === 'windows' ? dirs.windows?.replaceAll('/', '\\') : dirs.posix;
    return dir?.replace(/[\\/]$/, '');
  });
}

/** The files below device/, as they lie on the devices. */
export function deviceArtifacts(files: readonly DeviceFile[]): FileArtifact[] {
  return files.map(({ name, bytes, mode }) => file(`device/${name}`, bytes, mode));
}

function destinations(
  policy: Policy,
  platforms: readonly Platform[],
  place: (platform: Platform) => string | undefined,
): DeviceFile['destination'] {
  const found: { [P in Platform]?: string } = {};
  for (const platform of policy.platforms) {
    const path = platforms.includes(platform) ? place(platform) : undefined;
    if (path !== undefined) found[platform] = path;
  }
  return found;
}

function join(dir: string, name: string, platform: Platform): string {
  return platform === 'windows'
    ? `${dir.replaceAll('/', '\\').replace(/\\$/, '')}\\${name}`
    : `${dir.replace(/\/$/, '')}/${name}`;
}
