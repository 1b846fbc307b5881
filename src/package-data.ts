import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageData } from './compile.ts';
import { type Contract, type Fact, type Range, type Release, readContract } from './contract/contract.ts';

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

/** The contract: what each Codex version does with each statement. */
export function loadContract(): Contract {
  const compact = join(import.meta.dirname, 'contract.json');
  const { releases, facts } = existsSync(compact) ? readCompact(compact) : readTables();
  return readContract(releases, facts);
}

interface Tables {
  readonly releases: readonly Release[];
  readonly facts: readonly Fact[];
}

function readTables(): Tables {
  return {
    ...JSON.parse(schemaText('codex-releases.json')),
    ...JSON.parse(schemaText('codex-contract.json')),
  } as Tables;
}

/** The one file that lies beside the bundles (scripts/build.mjs): facts name their ranges by number. */
function readCompact(file: string): Tables {
  const { releases, ranges, facts } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly releases: readonly Release[];
    readonly ranges: readonly (readonly Range[])[];
    readonly facts: (Omit<Fact, 'ranges'> & { ranges: number | readonly Range[] })[];
  };
  for (const fact of facts) if (typeof fact.ranges === 'number') fact.ranges = ranges[fact.ranges] ?? [];
  return { releases, facts: facts as readonly Fact[] };
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
