import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract, Fact, Release } from '../contract/contract.ts';
import { readContract } from '../contract/tree.ts';
import { contractText, releasesText } from './changes.ts';

/** The contract's two files as they are on disk. Throws when one cannot be read. */
export interface ContractFiles {
  readonly contract: Contract;
  readonly schemaVersion: number;
}

const contractFile = 'codex-contract.json';
const releasesFile = 'codex-releases.json';

/** Reads the contract from a folder. */
export function readContractFiles(folder: string): ContractFiles {
  const { schemaVersion, facts }: { schemaVersion: number; facts: readonly Fact[] } = JSON.parse(
    readFileSync(join(folder, contractFile), 'utf8'),
  );
  const { releases }: { releases: readonly Release[] } = JSON.parse(readFileSync(join(folder, releasesFile), 'utf8'));
  return { contract: readContract(releases, facts), schemaVersion };
}

/** Writes what differs, and says which files those are. */
export function writeContractFiles(
  folder: string,
  schemaVersion: number,
  facts: readonly Fact[],
  releases: readonly Release[],
): readonly string[] {
  const texts = [
    [contractFile, contractText(schemaVersion, facts)],
    [releasesFile, releasesText(releases)],
  ] as const;
  return texts.flatMap(([name, text]) => {
    const file = join(folder, name);
    if (readFileSync(file, 'utf8') === text) return [];
    writeFileSync(file, text);
    return [name];
  });
}
