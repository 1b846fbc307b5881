import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageData } from './compile.ts';
import type { Contract, Fact, Range, Release } from './contract/contract.ts';
import { contractOf, readContract } from './contract/tree.ts';

/** The folder of package.json: src/ and dist/ lie at the same depth below it. */
const root = join(import.meta.dirname, '..');

function readText(...path: string[]): string {
  return readFileSync(join(root, ...path), 'utf8');
}

/** A JSON file of schemas/, as text. */
export function schemaText(name: string): string {
  return readText('schemas', name);
}

/** The version in package.json. */
export function packageVersion(): string {
  return (JSON.parse(readText('package.json')) as { version: string }).version;
}

/** The contract: what each Codex version does with each statement; in the package without the stages of flags. */
export function loadContract(): Contract {
  const compact = join(import.meta.dirname, 'contract.json');
  return existsSync(compact) ? readCompact(compact) : loadWholeContract();
}

/** The contract with everything that schemas/ says of it. */
export function loadWholeContract(): Contract {
  const { releases } = JSON.parse(schemaText('codex-releases.json')) as { readonly releases: readonly Release[] };
  const { facts } = JSON.parse(schemaText('codex-contract.json')) as { readonly facts: readonly Fact[] };
  return readContract(releases, facts);
}

/** The one file that lies beside the bundles (scripts/build.mjs): facts in groups, each with the number of its ranges. */
function readCompact(file: string): Contract {
  const { releases, ranges, groups } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly releases: readonly Release[];
    readonly ranges: readonly (readonly Range[])[];
    readonly groups: Readonly<
      Record<string, readonly (Omit<Fact, 'ranges'> & { ranges: number | readonly Range[] })[]>
    >;
  };
  const read = (name: string): readonly Fact[] => {
    const facts = groups[name] ?? [];
    for (const fact of facts) if (typeof fact.ranges === 'number') fact.ranges = ranges[fact.ranges] ?? [];
    return facts as readonly Fact[];
  };
  return contractOf(releases, new Map(Object.keys(groups).map((name) => [name, () => read(name)])));
}

/** Hook events of every kind as Codex writes them, byte for byte. */
export function recordedEvents(): readonly string[] {
  return readText('templates', 'events', 'recorded.jsonl').trimEnd().split('\n');
}

/** Everything that the compiler needs from the package; the only reader of templates/. */
export function loadPackageData(): PackageData {
  const names = readdirSync(join(root, 'templates'), { withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    contract: loadContract(),
    templates: new Map(names.map(({ name }) => [name, readText('templates', name)])),
    version: packageVersion(),
  };
}
