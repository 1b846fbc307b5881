import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Contract } from '../contract/contract.ts';
import { worstOn } from '../contract/judge.ts';
import { statementsOf } from '../contract/statements.ts';
import { readContract } from '../contract/tree.ts';
import type { CodexVersion } from '../contract/version.ts';
import { casesOf } from './cases.ts';
import { readContractFiles, writeContractFiles } from './contract-files.ts';
import { contractUpdate } from './contract-update.ts';
import { type Disagreement, disagreements, notKnown, placesToLook, withoutNewest } from './without-release.ts';

/**
 * Takes the newest release, or the one that is named and all after it, out of a copy of the data, lets
 * `contract:update` bring it back, and compares. What comes back otherwise must be what the update itself told a person
 * to look at, by its name or, of a rule over several keys, by a key that breaks it. Exit code 0: it is. 1: it is not.
 * 2: it cannot run.
 */
export async function contractAcceptance(args: readonly string[], schemas: string): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { codex: { type: 'string' } } });
  const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-'));
  try {
    cpSync(schemas, scratch, { recursive: true });
    const { contract: all, schemaVersion } = readContractFiles(scratch);
    const contract = upTo(values.codex, all);
    const { releases, facts } = contract;
    const newest = releases.at(-1)?.version;
    if (newest === undefined) {
      console.error(`contract:acceptance cannot run: the contract has no Codex ${values.codex}`);
      return 2;
    }
    const before = withoutNewest(facts, releases);
    writeContractFiles(scratch, schemaVersion, before, releases.slice(0, -1));
    const told: string[] = [];
    const code = await contractUpdate(['--codex', newest, '--schemas', scratch], schemas, (doubt) => told.push(doubt));
    if (code === 2) return 2;
    const again = readContractFiles(scratch).contract;
    const found = disagreements(facts, again.facts, newest).filter(
      (one) => !isSaidByRule(one, contract, again, newest),
    );
    const lines = found.map((one) => {
      const isTold = placesToLook(one, contract, before).some((place) =>
        told.some((doubt) => doubt.startsWith(`Codex ${newest}: ${place}: `)),
      );
      return { isTold, text: `${one.subject}: ${one.ours} / ${one.theirs}` };
    });
    for (const { isTold, text } of lines) console.log(`${isTold ? 'was told' : 'differs'}: ${text}`);
    const silent = lines.filter(({ isTold }) => !isTold);
    console.log(
      `${facts.length} facts, ${lines.length} differ on Codex ${newest}, ${silent.length} of them without a word`,
    );
    return silent.length === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The contract as it would be had no release come after this one; without a release, all of it. */
function upTo(version: string | undefined, { releases, facts }: Contract): Contract {
  let contract = readContract(releases, facts);
  while (version !== undefined && contract.releases.length > 0 && contract.releases.at(-1)?.version !== version)
    contract = readContract(contract.releases.slice(0, -1), withoutNewest(contract.facts, contract.releases));
  return contract;
}

/** Whether what came back as a fact about a value stood in no fact, but in a rule: both say the same of its file. */
function isSaidByRule({ subject, ours }: Disagreement, own: Contract, other: Contract, version: CodexVersion): boolean {
  const file = ours === notKnown ? casesOf(other).find((one) => one.subject === subject)?.file : undefined;
  if (!file || !other.facts.some((fact) => fact.kind === 'value' && fact.subject === subject)) return false;
  const [left, right] = [own, other].map((contract) => worstOn(statementsOf(file, contract), version));
  return left === right;
}
