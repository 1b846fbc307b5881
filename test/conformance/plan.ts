import { obtainCodex } from '../../src/codex/binary.ts';
import { whyNoRoom } from '../../src/codex/room.ts';
import { type CodexVersion, parseVersion } from '../../src/contract/version.ts';
import { type BuiltExample, builtExamples, covers } from './example.ts';

/** One example on one Codex release. */
export interface Pair {
  readonly example: BuiltExample;
  readonly version: CodexVersion;
  readonly binary: string;
}

/** What scripts/conformance.mjs asked for: each built example on each chosen release inside its `clients`. */
export async function plannedPairs(): Promise<Pair[]> {
  const why = whyNoRoom();
  if (why !== undefined) throw new Error(why);
  const versions = chosenVersions();
  const examples = builtExamples(process.env['CONFORMANCE_BUNDLES'] ?? 'dist-profiles');
  const pairs: Pair[] = [];
  for (const version of versions) {
    const binary = await obtainCodex(version);
    pairs.push(
      ...examples.filter((example) => covers(example, version)).map((example) => ({ example, version, binary })),
    );
  }
  return pairs;
}

/** The releases that scripts/conformance.mjs was asked for. */
export function chosenVersions(): readonly CodexVersion[] {
  const versions = process.env['CONFORMANCE_VERSIONS']?.split(',').flatMap((text) => parseVersion(text) ?? []);
  if (!versions) throw new Error('these checks are run by: npm run conformance');
  return versions;
}

/** At most so many live sessions at once: the checks wait for programs most of the time, but two cores remain two. */
const places = 3;
let taken = 0;
const queue: (() => void)[] = [];

/** Runs the body once there is a free place. */
export async function inTurn<T>(body: () => Promise<T>): Promise<T> {
  if (taken >= places) await new Promise<void>((resolve) => queue.push(resolve));
  else taken += 1;
  try {
    return await body();
  } finally {
    const next = queue.shift();
    if (next) next();
    else taken -= 1;
  }
}

/** A function that does its work at the first call only. */
export function once<T>(body: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= body();
    return result;
  };
}
