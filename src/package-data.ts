import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageData } from './compile.ts';
import { type Contract, type Fact, type Release, readContract } from './contract/contract.ts';

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
  // The bundles carry both tables in one file, without what only people read.
  const compact = join(import.meta.dirname, 'contract.json');
  const tables = existsSync(compact)
    ? JSON.parse(readFileSync(compact, 'utf8'))
    : { ...JSON.parse(schemaText('codex-releases.json')), ...JSON.parse(schemaText('codex-contract.json')) };
  const { releases, facts } = tables as { readonly releases: readonly Release[]; readonly facts: readonly Fact[] };
  return readContract(releases, facts);
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
