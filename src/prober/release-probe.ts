import { readFileSync } from 'node:fs';
import { type Contract, effectOn } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import { type Case, casesOf } from './cases.ts';
import type { Codex } from './codex.ts';
import { type Discovery, valuesNamed } from './discover.ts';
import { type Difference, differences, type Remark, remarksOn, type Seen, seenOf } from './facts-seen.ts';
import { askFlags, type FlagsSeen, flagDifferences, flagNames } from './flags.ts';
import { hintIn } from './messages.ts';
import { newKeys, openTables } from './new-keys.ts';
import { askAll, type Outcomes } from './probe.ts';
import { membersOf, textLists } from './rust-texts.ts';

/** All that one release was asked, and what differs from the contract. */
export interface ReleaseProbe {
  readonly version: CodexVersion;
  readonly cases: readonly Case[];
  readonly outcomes: Outcomes;
  readonly seen: ReadonlyMap<string, Seen>;
  readonly flags: FlagsSeen;
  readonly differences: readonly Difference[];
  readonly discoveries: readonly Discovery[];
  readonly remarks: readonly Remark[];
}

/** Asks a release about every fact that a Linux run can show, and for what it knows beyond them. */
export async function probeRelease(codex: Codex, contract: Contract): Promise<ReleaseProbe> {
  const { version } = codex;
  const cases = casesOf(contract);
  const outcomes = await askAll(codex, cases);
  const seen = seenOf(cases, outcomes);
  const flags = await askFlags(codex, flagNames(contract), seen.get('features')?.observed === 'taken');
  const program = readFileSync(codex.binary);
  const named = valuesNamed(contract, cases, outcomes, version);
  return {
    version,
    cases,
    outcomes,
    seen,
    flags,
    differences: [...differences(contract, seen, version), ...flagDifferences(contract, flags, version)],
    discoveries: [...named, ...(await newKeys(codex, contract, seen, textLists(program)))],
    remarks: [
      ...remarksOn(cases, outcomes, seen, version),
      ...missingMembers(contract, cases, outcomes, seen, program, version),
    ],
  };
}

/** Tables of which the program says that they have more members than the contract knows. */
function missingMembers(
  contract: Contract,
  cases: readonly Case[],
  outcomes: Outcomes,
  seen: ReadonlyMap<string, Seen>,
  program: Buffer,
  version: CodexVersion,
): readonly Remark[] {
  const wrong = new Map(cases.filter(({ question }) => question === 'wrong').map(({ id, subject }) => [subject, id]));
  return openTables(contract, seen).flatMap(({ node }): Remark[] => {
    const message = outcomes.get(wrong.get(node.subject) ?? '')?.message ?? '';
    const hint = hintIn(message);
    const struct = hint?.kind === 'type' ? /^struct (\S+)$/.exec(hint.expected)?.[1] : undefined;
    const said = struct === undefined ? undefined : membersOf(program, struct);
    const members = [...node.members.values()].filter(
      ({ fact }) => fact && !fact.aliasOf && isNamed(effectOn(fact, version)),
    );
    if (said === undefined || said <= members.length) return [];
    return [
      {
        id: node.subject,
        version,
        text: `the program says ${said} members (${struct}), the data know ${members.length}`,
      },
    ];
  });
}

/** A member that the release names at all, if only to refuse it. */
function isNamed(effect: string): boolean {
  return effect !== 'ignored' && effect !== 'ignored-with-warning';
}
