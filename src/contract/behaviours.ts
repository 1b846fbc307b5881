import { type Contract, effectOn } from './contract.ts';
import { type CodexVersion, formatReleases } from './version.ts';

/** Weaknesses of these clients that no file can avoid, once for each range. */
export function behaviours(contract: Contract, releases: readonly CodexVersion[]): string[] {
  const registry = contract.releases.map(({ version }) => version);
  return [...contract.behaviours.values()].flatMap((fact) => {
    if (!fact.unavoidable || !fact.title) return [];
    const weak = releases.filter((version) => effectOn(fact, version) !== 'enforced');
    return weak.length === 0 ? [] : [`Codex ${formatReleases(weak, registry)}: ${fact.title}`];
  });
}
