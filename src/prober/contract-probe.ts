import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CliError } from '../cli-error.ts';
import { codexCache } from '../codex/binary.ts';
import { whyNoRoom } from '../codex/room.ts';
import type { Contract } from '../contract/contract.ts';
import { type CodexVersion, parseVersion } from '../contract/version.ts';
import { coursesOf } from './boundaries.ts';
import { casesOf } from './cases.ts';
import { readers } from './changes.ts';
import { openCodex, remembering } from './codex.ts';
import { readContractFiles } from './contract-files.ts';
import { askAll } from './probe.ts';
import { probeRelease } from './release-probe.ts';
import { courseChanges, evidenceText, patchText, proposal, reportText } from './report.ts';

/** Runs `contract:probe`. Exit code 0: as the data say. 1: a difference. 2: it cannot run. */
export async function contractProbe(args: readonly string[], schemas: string): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        codex: { type: 'string', multiple: true },
        out: { type: 'string' },
        schemas: { type: 'string' },
        cached: { type: 'boolean' },
      },
    });
    const { contract } = readContractFiles(values.schemas ?? schemas);
    const why = whyNoRoom();
    if (why !== undefined) throw new CliError(why);
    if (values.codex?.includes('all')) return await probeBoundaries(contract, values.cached === true);
    let differs = false;
    for (const version of chosen(values.codex ?? [], contract))
      differs = (await probeOne(version, contract, values.out)) || differs;
    return differs ? 1 : 0;
  } catch (error) {
    if (!(error instanceof CliError) && !(error instanceof TypeError)) throw error;
    console.error(`contract:probe cannot run: ${error.message}`);
    return 2;
  }
}

async function probeOne(version: CodexVersion, contract: Contract, out: string | undefined): Promise<boolean> {
  const started = performance.now();
  const codex = remembering(await openCodex(version));
  try {
    const probe = await probeRelease(codex, contract);
    const proposed = proposal(probe, contract, version);
    console.log(reportText(probe, proposed));
    if (proposed.changes.length > 0) console.log(patchText(proposed.changes, contract));
    if (out !== undefined) {
      mkdirSync(out, { recursive: true });
      writeFileSync(join(out, `${version}.json`), evidenceText(probe));
    }
    console.log(`Codex ${version}: ${Math.round((performance.now() - started) / 1000)} s`);
    return [proposed.changes, proposed.doubts, proposed.open].some((list) => list.length > 0);
  } finally {
    await codex.close();
  }
}

/** Looks for every boundary by bisection, over all obtainable releases or over those that are in the cache. */
async function probeBoundaries(contract: Contract, isCachedOnly: boolean): Promise<number> {
  const releases = obtainable(contract).filter((version) => !isCachedOnly || isKept(version));
  const cases = casesOf(contract);
  const root = cases.filter(({ id }) => id === '<unknown>');
  const courses = await coursesOf(contract, cases, releases, async (version, some) => {
    const codex = await openCodex(version);
    try {
      console.log(`Codex ${version}: ${some.length} files`);
      return await askAll(codex, [...new Set([...root, ...some])]);
    } finally {
      await codex.close();
    }
  });
  const changes = courseChanges(courses, contract, releases);
  for (const { subject, from, to, effect } of changes) console.log(`  ${subject}: ${from}–${to}: ${effect}`);
  if (changes.length > 0) console.log(patchText(changes, contract));
  else console.log(`${courses.size} subjects on ${releases.length} releases: as the data say`);
  return changes.length > 0 ? 1 : 0;
}

/** The releases with a Linux build that read the file, oldest first. */
function obtainable(contract: Contract): readonly CodexVersion[] {
  const withLinux = new Set(contract.releases.filter(({ linux }) => linux).map(({ version }) => version));
  return readers(contract.releases).filter((version) => withLinux.has(version));
}

function isKept(version: CodexVersion): boolean {
  return existsSync(join(codexCache(), 'codex', `${version}-linux-${process.arch}`));
}

/** The releases that were asked for; without any, the newest. */
function chosen(asked: readonly string[], contract: Contract): readonly CodexVersion[] {
  const releases = obtainable(contract);
  const texts = asked.flatMap((list) => list.split(',')).map((text) => text.trim());
  if (texts.length === 0) return releases.slice(-1);
  return texts.map((text) => {
    const version = parseVersion(text);
    if (!version || !releases.includes(version))
      throw new CliError(`${JSON.stringify(text)} is no release with a Linux build that reads requirements.toml`);
    return version;
  });
}
