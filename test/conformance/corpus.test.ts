import { describe, expect, test } from 'vitest';
import { obtainCodex } from '../../src/codex/binary.ts';
import { type Observation, observe } from '../../src/codex/observe.ts';
import { openObservedClient } from '../../src/codex/observe-client.ts';
import type { CodexVersion } from '../../src/contract/version.ts';
import { packageData } from '../support/policies.ts';
import { allCases, type Case } from './corpus/cases.ts';
import { addToRecord, isSame, readRecords } from './corpus/records.ts';
import { contradictions, describe as inWords, ourVerdict, theirVerdict } from './corpus/verdict.ts';
import { chosenVersions, inTurn } from './plan.ts';

/** Every case of the corpus on real releases: against what we say of it, and against what was recorded. */
const everyCase = allCases();
const only = new RegExp(process.env['CONFORMANCE_ONLY'] ?? '');
const cases = everyCase.filter(({ name }) => only.test(name));
const records = readRecords(cases);
const isRecording = process.env['CONFORMANCE_RECORD'] === '1';
const limit = 60 * 60_000;

for (const version of chosenVersions())
  describe.concurrent(`corpus on ${version}`, () => {
    for (const theme of new Set(cases.map((one) => one.theme))) {
      const mine = cases.filter((one) => one.theme === theme);
      test(
        `${theme}: ${mine.length} comparisons`,
        async () => {
          const observed = await inTurn(() => observeAll(version, mine));
          if (isRecording) addToRecord(theme, version, observed, everyCase);
          expect(observed.flatMap((pair) => disagreements(version, ...pair))).toEqual([]);
        },
        limit,
      );
    }
  });

async function observeAll(
  version: CodexVersion,
  mine: readonly Case[],
): Promise<readonly (readonly [Case, Observation])[]> {
  const client = await openObservedClient(await obtainCodex(version));
  const observed: (readonly [Case, Observation])[] = [];
  try {
    for (const one of mine)
      observed.push([
        one,
        await observe(client, one.bytes).catch((error: unknown) => {
          throw new Error(`${one.name} on ${version}: ${error}`, { cause: error });
        }),
      ]);
    return observed;
  } finally {
    await client.close();
  }
}

function disagreements(version: CodexVersion, one: Case, observed: Observation): string[] {
  const ours = ourVerdict(one.bytes, version, packageData.contract);
  const recorded = isRecording ? undefined : records.get(one.name)?.get(version);
  const found = contradictions(ours, theirVerdict(observed));
  if (recorded && !isSame(recorded, observed))
    found.push(`recorded: ${inWords(theirVerdict(recorded))}; now: ${inWords(theirVerdict(observed))}`);
  return found.map((text) => `${one.name} on ${version}: ${text}`);
}
