import { readFileSync } from 'node:fs';
import { type Contract, effectOn } from '../contract/contract.ts';
import { typesOf } from '../contract/shape.ts';
import type { CodexVersion } from '../contract/version.ts';
import { type Case, casesOf } from './cases.ts';
import type { Codex } from './codex.ts';
import {
  type Ask,
  type Discovery,
  learnKey,
  memberSubject,
  membersKnown,
  namesRefused,
  valuesNamed,
} from './discover.ts';
import { type Difference, differences, type Remark, remarksOn, type Seen, seenOf } from './facts-seen.ts';
import { askFlags, type FlagsSeen, flagDifferences, flagNames } from './flags.ts';
import { hintIn } from './messages.ts';
import { type Place, placesOf } from './places.ts';
import { askAll, type Outcomes } from './probe.ts';
import { membersOf, namesBeside, textLists } from './rust-texts.ts';

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
    discoveries: [...named, ...(await newKeys(codex, contract, cases, outcomes, seen, program))],
    remarks: [
      ...remarksOn(cases, outcomes, seen, version),
      ...missingMembers(contract, cases, outcomes, seen, program, version),
    ],
  };
}

async function newKeys(
  codex: Codex,
  contract: Contract,
  cases: readonly Case[],
  outcomes: Outcomes,
  seen: ReadonlyMap<string, Seen>,
  program: Buffer,
): Promise<readonly Discovery[]> {
  const known = new Set(namesOf(contract));
  const candidates = [...new Set([...namesBeside(textLists(program), known), ...known])].sort();
  const ask = (text: string) => codex.ask(text, 'cli');
  const tables: readonly (Place | undefined)[] = [undefined, ...openTables(contract, seen)];
  const outcomeOf = new Map(cases.map(({ id, subject }) => [subject, outcomes.get(id)]));
  const reserved = await reservedNames(contract, candidates, seen, ask);
  const found = await Promise.all(
    tables.map(async (place) => {
      const stranger = place && outcomeOf.get(`${place.node.subject}.<unknown>`);
      const names = await membersKnown(place, contract, candidates, stranger, ask);
      return Promise.all(names.map((name) => learnKey(place, name, contract, codex.version, ask)));
    }),
  );
  return [...reserved, ...found.flat(2)];
}

/** The tables with named members that the release takes, but for aliases, whose members are those of the key. */
function openTables(contract: Contract, seen: ReadonlyMap<string, Seen>): readonly Place[] {
  return placesOf(contract).filter(({ node }) => {
    const { fact, subject } = node;
    if (
      node.wildcard ||
      node.variants.size > 0 ||
      fact?.aliasOf ||
      subject === 'features' ||
      !typesOf(node).includes('table')
    )
      return false;
    return !fact || seen.get(subject)?.observed === 'taken';
  });
}

/** Names that a table of free names keeps for itself beside those that the contract knows: a person must look. */
async function reservedNames(
  contract: Contract,
  candidates: readonly string[],
  seen: ReadonlyMap<string, Seen>,
  ask: Ask,
): Promise<readonly Discovery[]> {
  const mixed = placesOf(contract).filter(
    ({ node }) =>
      node.wildcard &&
      node.members.size > 0 &&
      node.subject !== 'features' &&
      seen.get(node.subject)?.observed === 'taken',
  );
  const found = await Promise.all(
    mixed.map(async (place) => {
      const names = await namesRefused(place, contract, candidates, ask);
      return names.map((name) => memberSubject(place.node.subject, name));
    }),
  );
  return found.flat().map((subject) => ({ subject, doubt: 'a name that the release keeps for itself' }));
}

/** The names of all members of the contract: what is a key at one place may be one at another. */
function namesOf(contract: Contract): readonly string[] {
  return placesOf(contract).flatMap(({ steps }) => {
    const last = steps.at(-1);
    return last?.via === 'member' ? [last.name] : [];
  });
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
