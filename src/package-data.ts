import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageData } from './compile.ts';
import type { Contract, Fact, Range, Release } from './contract/contract.ts';
import { lazyMap } from './contract/lazy-map.ts';
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
  const compact = join(import.meta.dirname, 'contract.jsonl');
  return existsSync(compact) ? readCompact(compact) : loadWholeContract();
}

/** The contract with everything that schemas/ says of it. */
export function loadWholeContract(): Contract {
  const { releases } = JSON.parse(schemaText('codex-releases.json')) as { readonly releases: readonly Release[] };
  const { facts } = JSON.parse(schemaText('codex-contract.json')) as { readonly facts: readonly Fact[] };
  return readContract(releases, facts);
}

/**
 * The one file that lies beside the bundles (scripts/build.mjs): a line with the releases and all ranges, then one for
 * each group of facts, which is read when a document has its root key.
 */
function readCompact(file: string): Contract {
  const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  const { releases, ranges, groups } = JSON.parse(head) as {
    readonly releases: readonly Release[];
    readonly ranges: readonly (readonly Range[])[];
    readonly groups: readonly string[];
  };
  const read = (group: string): readonly Fact[] => {
    const line = lines[groups.indexOf(group)] ?? '[]';
    const facts = JSON.parse(line) as readonly (Omit<Fact, 'ranges'> & { readonly ranges: number })[];
    return facts.map((fact) => ({ ...fact, ranges: ranges[fact.ranges] ?? [] }));
  };
  return contractOf(releases, lazyMap(groups, read));
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
