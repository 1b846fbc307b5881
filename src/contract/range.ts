import { satisfies, validRange } from 'semver';
import type { CodexVersion } from './version.ts';

/** Whether the text is a semver range. */
export function isRange(text: string): boolean {
  return validRange(text) !== null;
}

/** The releases inside a semver range, in the order given. */
export function releasesIn(range: string, releases: readonly CodexVersion[]): CodexVersion[] {
  return releases.filter((version) => satisfies(version, range));
}
