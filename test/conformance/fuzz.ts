import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { obtainCodex } from '../../src/codex/binary.ts';
import { observe } from '../../src/codex/observe.ts';
import { accepts, type ObservedClient, openObservedClient, requirementsPath } from '../../src/codex/observe-client.ts';
import { isTomlTable, readToml } from '../../src/codex/observe-leaves.ts';
import { whyNoRoom } from '../../src/codex/room.ts';
import type { Contract } from '../../src/contract/contract.ts';
import { type CodexVersion, parseVersion } from '../../src/contract/version.ts';
import { readContractFiles } from '../../src/prober/contract-files.ts';
import { allCases } from './corpus/cases.ts';
import { type Mutant, mutantOf, sourcesOf } from './corpus/mutants.ts';
import { randomFrom } from './corpus/random.ts';
import { contradictions, describe, type Ours, type Outcome, ourVerdict, theirVerdict } from './corpus/verdict.ts';

/** The newest release, and one of each way in which older ones do otherwise. */
const usualVersions = ['0.156.0', '0.148.0', '0.141.0', '0.128.0', '0.115.0', '0.87.0'];

/** Rooms that ask at the same time. */
const places = 2;

/** So many draws in a row may give nothing new. */
const patience = 20_000;

interface Options {
  readonly versions: readonly CodexVersion[];
  readonly count: number;
  readonly seed: number;
}

/**
 * Runs `conformance:fuzz`: mutants of valid files, what we say of each against what the real Codex does with it.
 * Exit code 0: no disagreement. 1: some, which are printed as small as they get. 2: it cannot run.
 */
export async function fuzz(args: readonly string[], root: string): Promise<number> {
  const { contract } = readContractFiles(join(root, 'schemas'));
  const options = optionsOf(args, contract);
  const why = typeof options === 'string' ? options : whyNoRoom();
  if (typeof options === 'string' || why !== undefined) {
    console.error(`conformance:fuzz cannot run: ${why}`);
    return 2;
  }
  let failed = 0;
  let passed = 0;
  for (const version of options.versions) {
    const result = await fuzzOne(version, options, contract, root);
    failed += result.failed;
    passed += result.passed;
  }
  console.log(`${passed + failed} mutants compared on Codex ${options.versions.join(', ')}, seed ${options.seed}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/** The options, or why they are none. */
function optionsOf(args: readonly string[], contract: Contract): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        codex: { type: 'string', multiple: true },
        count: { type: 'string', default: '300' },
        seed: { type: 'string', default: '1' },
      },
    });
    const newest = contract.releases.filter(({ linux }) => linux).at(-1)?.version;
    const asked = (values.codex ?? [`${newest},${usualVersions}`]).flatMap((list) => list.split(','));
    const versions = [...new Set(asked)].map((text) => parseVersion(text.trim()) ?? text);
    const bad = versions.find((version) => parseVersion(version) === undefined);
    const [count, seed] = [Number(values.count), Number(values.seed)];
    if (bad !== undefined) return `${JSON.stringify(bad)} is not a version such as 0.169.0`;
    if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed))
      return '--count and --seed take whole numbers';
    return { versions: versions.flatMap((text) => parseVersion(text) ?? []), count, seed };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function fuzzOne(
  version: CodexVersion,
  { count, seed }: Options,
  contract: Contract,
  root: string,
): Promise<{ readonly passed: number; readonly failed: number }> {
  const binary = await obtainCodex(version);
  const started = performance.now();
  const draws = newGround(version, seed, contract, root);
  const told = new Set<string>();
  let [left, passed, failed, refused] = [count, 0, 0, 0];
  const work = async (): Promise<void> => {
    const client = await openObservedClient(binary);
    try {
      while (left > 0) {
        left -= 1;
        const drawn = draws.next();
        if (drawn.done) return;
        const [mutant, ours] = drawn.value;
        const theirs = await askedOf(client, mutant.toml);
        refused += theirs.whole === 'refused' ? 1 : 0;
        if (contradictions(ours, theirs).length === 0) {
          passed += 1;
          continue;
        }
        failed += 1;
        const small = await minimised(client, mutant.toml, version, contract);
        if (told.has(small.toml)) console.log(`Codex ${version}: ${mutant.kind} (${mutant.subject}): as above`);
        else
          console.log(`\nCodex ${version}: ${mutant.kind} (${mutant.subject})\n${small.said}\n${indented(small.toml)}`);
        told.add(small.toml);
      }
    } finally {
      await client.close();
    }
  };
  await Promise.all(Array.from({ length: places }, work));
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(
    `Codex ${version}: ${passed + failed} mutants (${refused} refused), ${failed} disagreements of ${told.size} kinds, ${seconds} s`,
  );
  return { passed, failed };
}

/** Mutants that ask something new: another mutation, another place, or another answer of ours. */
function* newGround(
  version: CodexVersion,
  seed: number,
  contract: Contract,
  root: string,
): Generator<readonly [Mutant, Ours], undefined> {
  const random = randomFrom(seed);
  const sources = sourcesOf(validFiles(version, contract, root), valuesOf(contract));
  const seen = new Set<string>();
  for (let idle = 0; idle < patience; ) {
    const mutant = mutantOf(sources, random);
    const ours = mutant && ourVerdict(Buffer.from(mutant.toml), version, contract);
    // A file of no bytes is an error of ours, though nothing of it is lost.
    if (!mutant || !ours || mutant.toml === '') continue;
    const answer = [ours.whole, ours.hasError, ...new Set(ours.parts.values())].join(' ');
    const ground = `${mutant.kind}|${mutant.subject}|${answer}`;
    if (seen.has(ground)) {
      idle += 1;
      continue;
    }
    idle = 0;
    seen.add(ground);
    yield [mutant, ours];
  }
}

/** The texts of the corpus that we call clean on the release, and the examples. */
function validFiles(version: CodexVersion, contract: Contract, root: string): string[] {
  const bundles = join(root, 'dist-profiles');
  const examples = readdirSync(bundles, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readFileSync(join(bundles, name, 'device/requirements.toml'), 'utf8'));
  const decoder = new TextDecoder();
  const cases = allCases(join(root, 'test/conformance/cases'))
    .filter(({ bytes }) => !ourVerdict(bytes, version, contract).hasError)
    .map(({ bytes }) => decoder.decode(bytes));
  return [...cases, ...examples];
}

/** The values of enumerations that Codex knows. */
function valuesOf({ facts }: Contract): string[] {
  return facts.flatMap(({ kind, subject }) => {
    const text = subject.slice(subject.indexOf('=') + 1);
    return kind === 'value' && /^[A-Za-z:][\w:-]*$/.test(text) ? [text] : [];
  });
}

/** Releases up to 0.130.0 skip the hooks of a folder that is not there, which is no fault of the file. */
async function makeManagedFolder({ room }: ObservedClient, toml: string): Promise<void> {
  const { hooks } = readToml(toml) ?? {};
  const folder = isTomlTable(hooks) ? hooks['managed_dir'] : undefined;
  // What is no name for a folder stays absent.
  if (typeof folder === 'string' && folder.startsWith('/')) await room.makeFolder(folder).catch(() => undefined);
}

/** What the real Codex does with a file. Most are refused, which the command line says at once. */
async function askedOf(client: ObservedClient, toml: string): Promise<Outcome> {
  await makeManagedFolder(client, toml);
  await client.room.write(requirementsPath, toml);
  const { accepted } = await accepts(client);
  if (!accepted) return { whole: 'refused', parts: new Map() };
  try {
    return theirVerdict(await observe(client, toml));
  } catch (error) {
    return { whole: 'accepted', parts: new Map([[`(not observed: ${error})`, 'ignored']]) };
  }
}

/** The file with every line gone that the disagreement does not need. */
async function minimised(
  client: ObservedClient,
  toml: string,
  version: CodexVersion,
  contract: Contract,
): Promise<{ readonly toml: string; readonly said: string }> {
  const compare = async (text: string): Promise<{ kind: string; said: string } | undefined> => {
    const ours = ourVerdict(Buffer.from(text), version, contract);
    const theirs = await askedOf(client, text);
    const [first] = contradictions(ours, theirs);
    if (first === undefined) return undefined;
    return {
      // Whose word it is and which effect, but not where.
      kind: `${ours.whole} ${theirs.whole} ${/^(?:ours|theirs): \S+ is \S+/.exec(first)?.[0].replace(/ \S+(?= is )/, '')}`,
      said: `  ours:   ${describe(ours)}${ours.hasError ? '' : ' (no error)'}\n  theirs: ${describe(theirs)}`,
    };
  };
  let lines = toml.split('\n').filter((line) => line.trim() !== '');
  let best = await compare(toml);
  if (!best) return { toml, said: '  (once only: asked again, they agree)' };
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < lines.length; ) {
      const shorter = lines.toSpliced(at, size);
      const text = `${shorter.join('\n')}\n`;
      const found = shorter.length === 0 ? undefined : await compare(text);
      if (found?.kind === best.kind) {
        lines = shorter;
        best = found;
      } else at += size;
    }
  return { toml: `${lines.join('\n')}\n`, said: best.said };
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    | ');
}
