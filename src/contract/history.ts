import { type Contract, type Effect, effectOn, effects, type Fact, isRead, type Range } from './contract.ts';
import type { CodexVersion } from './version.ts';

/** What each release does with a statement. */
export type EffectOn = (version: CodexVersion) => Effect;

/** The answers that are the same for every release. */
export const always = {
  enforced: (): Effect => 'enforced',
  refused: (): Effect => 'file-rejected',
} satisfies Record<string, EffectOn>;

const byFact = new WeakMap<Fact, EffectOn>();
const factOf = new WeakMap<EffectOn, Fact>();

/** What each release does with the subject of a fact: one function for each fact, by which `history` knows it again. */
export function effectsOf(fact: Fact): EffectOn {
  let known = byFact.get(fact);
  if (!known) {
    const answers = new Map<CodexVersion, Effect>();
    known = (version) => {
      const answer = answers.get(version) ?? effectOn(fact, version);
      answers.set(version, answer);
      return answer;
    };
    byFact.set(fact, known);
    factOf.set(known, fact);
  }
  return known;
}

/** A statement, as far as its history needs it. */
interface Told {
  readonly effectOn: EffectOn;
  readonly inner: readonly Told[];
}

/** Releases as a set: bit N is the release at place N, oldest first. */
type Releases = bigint;

/** Which releases have which effect, by its place among `effects`: only those that some release has. */
type Row = readonly (readonly [place: number, set: Releases])[];

const read: ReadonlySet<number> = new Set(effects.flatMap((effect, place) => (isRead(effect) ? [place] : [])));
const ignored = effects.indexOf('ignored');

/** The worst that each release does with any of these statements, oldest first: `worstOn` for all of them at once. */
export function history(statements: readonly Told[], contract: Contract): Effect[] {
  const found: Releases[] = effects.map(() => 0n);
  fold(statements, all(contract), found, contract);
  const count = contract.releases.length;
  // Digits, newest first: of so many releases reading them is quicker than shifting sets.
  const digits = found.map((set) => (set === 0n ? undefined : set.toString(2).padStart(count, '0')));
  return contract.releases.map((_, at) => {
    const worst = digits.findLastIndex((text) => text?.charAt(count - 1 - at) === '1');
    return effects[worst] ?? 'enforced';
  });
}

/** Adds what some releases do with these statements. */
function fold(statements: readonly Told[], asked: Releases, found: Releases[], contract: Contract): void {
  for (const { effectOn: ask, inner } of statements) {
    const row = rowOf(ask, contract);
    let taken = 0n;
    for (const [place, all] of row) {
      const set = all & asked;
      found[place] = (found[place] ?? 0n) | set;
      if (read.has(place)) taken |= set;
    }
    // What a release does not take silences what stands below it.
    if (inner.length > 0) fold(inner, taken, found, contract);
  }
}

const rows = new WeakMap<Contract, Map<unknown, Row>>();

/** Facts with the same ranges share their row. */
function rowOf(ask: EffectOn, contract: Contract): Row {
  const known = rows.get(contract) ?? new Map<unknown, Row>();
  rows.set(contract, known);
  const ranges = factOf.get(ask)?.ranges;
  const key = ranges ?? ask;
  const row = known.get(key) ?? (ranges ? rowOfRanges(ranges, contract) : rowByAsking(ask, contract));
  known.set(key, row);
  return row;
}

function rowByAsking(ask: EffectOn, { releases }: Contract): Row {
  const told = releases.map(({ version }) => ask(version));
  return sparse(
    effects.map((effect) => told.reduce((set, one, at) => (one === effect ? set | (1n << BigInt(at)) : set), 0n)),
  );
}

/** From the ranges themselves, which takes a hundredth of asking for one release after the other. */
function rowOfRanges(ranges: readonly Range[], contract: Contract): Row {
  const { releases, positions } = contract;
  const row: Releases[] = effects.map(() => 0n);
  for (const { from, to, effect } of ranges) {
    const first = positions.get(from) ?? releases.length;
    const end = to === undefined ? releases.length : (positions.get(to) ?? -1) + 1;
    const place = effects.indexOf(effect);
    row[place] = (row[place] ?? 0n) | ((1n << BigInt(end)) - (1n << BigInt(first)));
  }
  // Where ranges overlap the worst counts; where there is none, the release ignores the subject.
  let left = all(contract);
  for (let place = row.length - 1; place >= 0; place--) {
    row[place] = (row[place] ?? 0n) & left;
    left &= ~(row[place] ?? 0n);
  }
  row[ignored] = (row[ignored] ?? 0n) | left;
  return sparse(row);
}

function sparse(row: readonly Releases[]): Row {
  return [...row.entries()].filter(([, set]) => set !== 0n);
}

function all({ releases }: Contract): Releases {
  return (1n << BigInt(releases.length)) - 1n;
}
