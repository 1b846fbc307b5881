import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileArtifact } from '../../src/artifacts/artifact.ts';
import { type CodexVersion, parseVersion } from '../../src/contract/version.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { type DeviceContents, deviceFiles, managedDirOf } from '../../src/targets/device.ts';
import type { Bundle, Target } from '../../src/targets/target.ts';

/** What a test may change in the example; the rest of the bundle follows from it. */
export interface BundleParts {
  readonly policy?: Partial<Policy>;
  readonly dirs?: { readonly posix: string | undefined; readonly windows: string | undefined };
  readonly contents?: Partial<DeviceContents>;
  readonly templates?: ReadonlyMap<string, string>;
}

const templateDir = join(import.meta.dirname, '../../templates');

/** The templates as the package ships them, by file name. */
export function templatesFromDisk(): ReadonlyMap<string, string> {
  const names = readdirSync(templateDir).filter((name) => statSync(join(templateDir, name)).isFile());
  return new Map(names.toSorted().map((name) => [name, readFileSync(join(templateDir, name), 'utf8')]));
}

/** A bundle with everything in it: three platforms, a relay with its CA, the administrator's files, a config.toml. */
export function exampleBundle(parts: BundleParts = {}): Bundle {
  const version = exampleVersion();
  const policy: Policy = {
    name: 'acme-engineering',
    description: 'Managed Codex for engineering laptops',
    organization: { name: 'Acme GmbH', identifier: 'com.acme' },
    policyVersion: '2026.11.1',
    clients: { range: '>=0.141.0', releases: [version], from: version, to: version, open: true },
    platforms: ['macos', 'windows', 'linux'],
    requirements: {},
    relay: undefined,
    files: [],
    defaults: undefined,
    accept: [],
    targets: undefined,
    ...parts.policy,
  };
  const dirs = parts.dirs ?? { posix: '/etc/codex/hooks', windows: 'C:\\ProgramData\\OpenAI\\Codex\\hooks' };
  const contents: DeviceContents = {
    requirementsToml: '# Grüße \u{1f510}\nallow_managed_hooks_only = true\n\n[features]\nhooks = true\n',
    configToml: 'model_reasoning_effort = "high"\n',
    relaySh: '#!/bin/sh\nexit 0\n',
    relayPs1: 'exit 0\n',
    relayCa: Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    files: [
      { name: 'audit.sh', platforms: ['macos', 'linux'], bytes: Buffer.from('#!/bin/sh\necho "$@"\n') },
      { name: 'audit.ps1', platforms: ['windows'], bytes: Buffer.from([0xef, 0xbb, 0xbf, 0x0d, 0x0a, 0x00, 0xff]) },
    ],
    ...parts.contents,
  };
  return {
    policy,
    requirementsToml: contents.requirementsToml,
    device: deviceFiles(policy, dirs, contents),
    managedDir: managedDirOf(policy, dirs),
    templates: parts.templates ?? templatesFromDisk(),
  };
}

/** The same with the managed directories of the published samples, outside Codex's own folder. */
export function enterpriseBundle(parts: BundleParts = {}): Bundle {
  return exampleBundle({ dirs: { posix: '/enterprise/hooks', windows: 'C:\\enterprise\\hooks' }, ...parts });
}

/** Only requirements: no relay, no files, no managed directory. */
export function requirementsOnlyBundle(parts: BundleParts = {}): Bundle {
  return exampleBundle({
    dirs: { posix: undefined, windows: undefined },
    ...parts,
    contents: {
      configToml: undefined,
      relaySh: undefined,
      relayPs1: undefined,
      relayCa: undefined,
      files: [],
      ...parts.contents,
    },
  });
}

/** Texts that a policy may hold and that must never become code, markup or a second line. */
export const hostileTexts: readonly string[] = [
  `it's "quoted" \\ and \`ticked\` $(touch /tmp/pwned) $HOME`,
  'line one\nline two\n# codex-mdm: values end\nexit 1',
  `]]> &amp; <key>x</key> <!-- '; rm -rf / #`,
  '\u{1f512} \u2018curly\u2019 \u201cquotes\u201d \u00a0 \u202e',
  "'; throw 'x' #",
  '-n',
  '--',
];

/** The one file of a target at this path, or an error that names those there are. */
export async function emittedFile(target: Target, bundle: Bundle, path: string): Promise<FileArtifact> {
  const all = await emittedFiles(target, bundle);
  const found = all.find((artifact) => artifact.path === path);
  if (!found) throw new Error(`${path} is not among ${all.map((artifact) => artifact.path).join(', ')}`);
  return found;
}

/** All plain files of a target. */
export async function emittedFiles(target: Target, bundle: Bundle): Promise<FileArtifact[]> {
  return (await target.emit(bundle)).filter((artifact): artifact is FileArtifact => artifact.kind === 'file');
}

/** The text of an emitted file. */
export function textOf(artifact: FileArtifact): string {
  return Buffer.from(artifact.bytes).toString('utf8');
}

function exampleVersion(): CodexVersion {
  const version = parseVersion('0.169.0');
  if (!version) throw new Error('0.169.0 is a version');
  return version;
}
