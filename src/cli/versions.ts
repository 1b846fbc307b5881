import { behaviours } from '../contract/behaviours.ts';
import { effectOn } from '../contract/contract.ts';
import { formatReleases } from '../contract/version.ts';
import { loadContract } from '../package-data.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';

/** `codex-mdm versions`: the releases that are known, and once for each range what no file can mend on them. */
export async function versions(_args: Arguments, io: Io): Promise<ExitCode> {
  const contract = loadContract();
  const registry = contract.releases.map(({ version }) => version);
  const channels = contract.facts
    .filter(({ kind }) => kind === 'channel')
    .map(
      (fact) =>
        `${fact.title ?? fact.subject}: read by ${formatReleases(
          registry.filter((version) => effectOn(fact, version) === 'enforced'),
          registry,
        )}\n`,
    );
  const releases = contract.releases.map(({ version, date }) => `${version.padEnd(9)} ${date}\n`);
  const weak = behaviours(contract, registry).map((line) => `- ${line}\n`);
  io.stdout(`${releases.join('')}\n${channels.join('')}\nWhat no file can mend:\n${weak.join('')}`);
  return 0;
}
