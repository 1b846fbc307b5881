import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { CliError } from '../cli-error.ts';
import { whyNoRoom } from '../codex/room.ts';
import type { Contract, Release } from '../contract/contract.ts';
import { newerThan } from '../contract/npm.ts';
import { readContract } from '../contract/tree.ts';
import { type CodexVersion, parseVersion } from '../contract/version.ts';
import { changed } from './changes.ts';
import { openCodex, remembering } from './codex.ts';
import { readContractFiles, writeContractFiles } from './contract-files.ts';
import { probeRelease } from './release-probe.ts';
import { evidenceText, proposal, reportText } from './report.ts';

/** New keys may be tables with new keys: the release is asked again until nothing is new, at most so often. */
const rounds = 4;

/**
 * Runs `contract:update`. Exit code 0: the contract knows the newest release. 1: it says something that the facts
 * cannot hold, which is listed; what they can hold is written. 2: it cannot run.
 */
export async function contractUpdate(
  args: readonly string[],
  schemas: string,
  tell: (doubt: string) => void = (doubt) => console.error(`a person must look: ${doubt}`),
): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { codex: { type: 'string' }, schemas: { type: 'string' }, out: { type: 'string' } },
    });
    const folder = values.schemas ?? schemas;
    const { contract, schemaVersion } = readContractFiles(folder);
    const newer = await newReleases(values.codex, contract.releases);
    if (newer.length === 0) {
      console.log(`nothing is new: the contract knows Codex ${contract.releases.at(-1)?.version}`);
      return 0;
    }
    const why = whyNoRoom();
    if (why !== undefined) throw new CliError(why);
    const releases = [...contract.releases, ...newer];
    const doubts: string[] = [];
    let known = readContract(releases, contract.facts);
    for (const { version } of newer.filter(({ linux }) => linux)) {
      const learnt = await learn(version, known, values.out);
      known = learnt.contract;
      doubts.push(...learnt.doubts.map((doubt) => `Codex ${version}: ${doubt}`));
    }
    for (const file of writeContractFiles(folder, schemaVersion, known.facts, releases)) console.log(`wrote ${file}`);
    for (const doubt of doubts) tell(doubt);
    return doubts.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof CliError) && !(error instanceof TypeError)) throw error;
    console.error(`contract:update cannot run: ${error.message}`);
    return 2;
  }
}

/** Probes a release, takes over what facts can hold, and asks again until they say what was seen. */
async function learn(
  version: CodexVersion,
  start: Contract,
  out: string | undefined,
): Promise<{ readonly contract: Contract; readonly doubts: readonly string[] }> {
  const codex = remembering(await openCodex(version));
  const doubts = new Set<string>();
  let contract = start;
  try {
    for (let round = 1; ; round++) {
      const probe = await probeRelease(codex, contract);
      const proposed = proposal(probe, contract, undefined);
      console.log(reportText(probe, proposed));
      // What an earlier round did not understand may have been learnt since, but for keys of an odd form.
      for (const doubt of [...proposed.doubts, ...(proposed.changes.length === 0 ? proposed.open : [])])
        doubts.add(doubt);
      if (proposed.changes.length === 0) {
        if (out !== undefined) {
          mkdirSync(out, { recursive: true });
          writeFileSync(join(out, `${version}.json`), evidenceText(probe));
        }
        return { contract, doubts: [...doubts] };
      }
      if (round === rounds) {
        doubts.add(`after ${rounds} rounds the facts still differ from what is seen`);
        return { contract, doubts: [...doubts] };
      }
      contract = readContract(contract.releases, changed(contract.facts, proposed.changes, contract.releases));
    }
  } finally {
    await codex.close();
  }
}

/** The stable releases that npm has and the contract does not; or the one that is named, if it is new. */
async function newReleases(asked: string | undefined, known: readonly Release[]): Promise<readonly Release[]> {
  const last = known.at(-1)?.version;
  if (last === undefined) throw new CliError('the contract names no release');
  const version = asked === undefined ? undefined : parseVersion(asked);
  if (asked !== undefined && !version) throw new CliError(`${JSON.stringify(asked)} is not a version such as 0.169.0`);
  if (version && known.some((release) => release.version === version)) return [];
  const dates = await npmView('time');
  const all = Object.keys(dates).flatMap((text) => parseVersion(text) ?? []);
  const newer = newerThan(last, all);
  if (version && !newer.includes(version)) throw new CliError(`npm has no Codex ${version} after ${last}`);
  const packages = new Set(Object.keys(dates));
  return newer
    .filter((one) => version === undefined || one === version)
    .map((one) => ({
      version: one,
      date: String(dates[one]).slice(0, 10),
      linux: packages.has(`${one}-linux-x64`),
    }));
}

/** What the registry says of the package. Throws CliError when it does not answer. */
async function npmView(field: string): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await promisify(execFile)('npm', ['view', '@openai/codex', field, '--json'], {
    maxBuffer: 2 ** 26,
  }).catch((error: unknown) => {
    throw new CliError(`npm view @openai/codex failed: ${error instanceof Error ? error.message.split('\n')[0] : ''}`);
  });
  return JSON.parse(stdout);
}
