import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readContractFiles, writeContractFiles } from './contract-files.ts';
import { contractUpdate } from './contract-update.ts';
import { disagreements, withoutNewest } from './without-release.ts';

/**
 * Takes the newest release out of a copy of the data, lets `contract:update` bring it back, and compares. What comes
 * back otherwise must be among what the update itself told a person to look at. Exit code 0: it is. 1: it is not.
 */
export async function contractAcceptance(schemas: string): Promise<number> {
  const scratch = mkdtempSync(join(tmpdir(), 'codex-mdm-'));
  try {
    cpSync(schemas, scratch, { recursive: true });
    const { contract, schemaVersion } = readContractFiles(scratch);
    const { releases, facts } = contract;
    const newest = releases.at(-1)?.version;
    if (newest === undefined) return 2;
    writeContractFiles(scratch, schemaVersion, withoutNewest(facts, releases), releases.slice(0, -1));
    const looked: string[] = [];
    const code = await contractUpdate(['--codex', newest, '--schemas', scratch], schemas, (doubt) =>
      looked.push(doubt),
    );
    if (code === 2) return 2;
    const again = readContractFiles(scratch).contract;
    const lines = disagreements(facts, again.facts, newest);
    const silent = lines.filter((line) => !looked.some((doubt) => doubt.includes(keyOf(line))));
    for (const line of lines) console.log(`${silent.includes(line) ? 'differs' : 'was told'}: ${line}`);
    console.log(
      `${facts.length} facts, ${lines.length} differ on Codex ${newest}, ${silent.length} of them without a word`,
    );
    return silent.length === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function keyOf(line: string): string {
  return line.replace(/(?:=|: ).*$/s, '');
}
