/** A stable Codex release, as `0.169.0`. */
export type CodexVersion = string & { readonly __brand: 'CodexVersion' };

/** The version of a text of three numbers, or undefined. */
export function parseVersion(text: string): CodexVersion | undefined {
  return /^(?:0|[1-9]\d{0,4})(?:\.(?:0|[1-9]\d{0,4})){2}$/.test(text) ? (text as CodexVersion) : undefined;
}

/** Negative, zero or positive, as the first is older, equal or newer. Only contract/ compares versions. */
export function compareVersions(a: CodexVersion, b: CodexVersion): number {
  return rank(a) - rank(b);
}

const ranks = new Map<CodexVersion, number>();

/** One number in the order of versions. A judgement compares tens of thousands of times. */
function rank(version: CodexVersion): number {
  let known = ranks.get(version);
  if (known === undefined) {
    known = version.split('.').reduce((sum, part) => sum * 100_000 + Number(part), 0);
    ranks.set(version, known);
  }
  return known;
}

/** A stretch of releases, both ends inclusive; without `to` it reaches to the newest. */
interface Stretch {
  readonly from: CodexVersion;
  readonly to?: CodexVersion | undefined;
}

/** Whether a release lies in a stretch. */
export function isWithin(version: CodexVersion, { from, to }: Stretch): boolean {
  return compareVersions(version, from) >= 0 && (to === undefined || compareVersions(version, to) <= 0);
}

/** Whether one release comes right after another in the registry. */
export function isNext(version: CodexVersion, before: CodexVersion, registry: readonly CodexVersion[]): boolean {
  return registry.indexOf(version) === registry.indexOf(before) + 1;
}

/** Releases as people write them: neighbours in the registry joined, `0.141.0–0.144.6, 0.146.0`. Both lists oldest first. */
export function formatReleases(versions: readonly CodexVersion[], registry: readonly CodexVersion[]): string {
  const groups: CodexVersion[][] = [];
  for (const version of versions) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && isNext(version, last, registry)) group.push(version);
    else groups.push([version]);
  }
  return groups.map((group) => (group.length === 1 ? String(group[0]) : `${group[0]}–${group.at(-1)}`)).join(', ');
}
