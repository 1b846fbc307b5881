import { behaviours } from '../contract/behaviours.ts';
import { effectOn, type Fact } from '../contract/contract.ts';
import { type CodexVersion, formatReleases } from '../contract/version.ts';
import { loadContract } from '../package-data.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';

/** `codex-mdm versions`: the releases that are known, and once for each range what no file can mend on them. */
export async function versions(_args: Arguments, io: Io): Promise<ExitCode> {
  const contract = loadContract();
  const registry = contract.releases.map(({ version }) => version);
  const readers = (fact: Fact): CodexVersion[] => registry.filter((version) => effectOn(fact, version) === 'enforced');
  const { channels } = contract;
  const read = channels.map((fact) => `- ${fact.title}: ${formatReleases(readers(fact), registry)}\n`);
  const managed = registry.filter((version) => channels.some((fact) => readers(fact).includes(version)));
  const weak = behaviours(contract, managed).map((line) => `- ${line}\n`);
  const releases = registry.map((version) => `${version}\n`);
  io.stdout(`${releases.join('')}\nWho reads what:\n${read.join('')}\nWhat no file can mend:\n${weak.join('')}`);
  return 0;
}
