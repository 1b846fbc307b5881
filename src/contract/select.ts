import type { Contract } from './contract.ts';
import { isRange, releasesIn } from './range.ts';
import type { CodexVersion } from './version.ts';

/** The known releases that versions, ranges and `latest` name, oldest first, or the first text that names none. */
export function selectReleases(
  texts: readonly string[],
  contract: Contract,
): { readonly releases: readonly CodexVersion[] } | { readonly unknown: string } {
  const registry = contract.releases.map(({ version }) => version);
  const chosen = new Set<CodexVersion>();
  for (const text of texts) {
    const named = text === 'latest' ? registry.slice(-1) : isRange(text) ? releasesIn(text, registry) : [];
    if (named.length === 0) return { unknown: text };
    for (const version of named) chosen.add(version);
  }
  return { releases: registry.filter((version) => chosen.has(version)) };
}
