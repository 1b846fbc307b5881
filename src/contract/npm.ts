import { type CodexVersion, compareVersions } from './version.ts';

/** The first release whose platforms have npm names of their own, such as `0.99.0-linux-x64`. */
const firstWithAliases = '0.99.0' as CodexVersion;

/** Whether npm has a release's platforms under names of their own; before, the main package carries them all. */
export function hasPlatformAliases(version: CodexVersion): boolean {
  return compareVersions(version, firstWithAliases) >= 0;
}

/** The versions after this one, oldest first. */
export function newerThan(version: CodexVersion, versions: readonly CodexVersion[]): CodexVersion[] {
  return versions.filter((one) => compareVersions(one, version) > 0).sort(compareVersions);
}
