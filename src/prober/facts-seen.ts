import { type Contract, effectOn, type Fact } from '../contract/contract.ts';
import { worstOn } from '../contract/judge.ts';
import { statementsOf } from '../contract/statements.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { DataTable } from '../source/document.ts';
import type { Case } from './cases.ts';
import { isRefused, type Observed, type Outcome, observedAs } from './outcome.ts';
import type { Outcomes } from './probe.ts';

/** What a release was seen to do with the subject of a fact. */
export interface Seen {
  readonly observed: Observed;
  /** Codex's own words, where it said any. */
  readonly message: string | undefined;
  /** The file that showed it. */
  readonly file?: DataTable;
  /** Whether a skipped hook would not have shown. */
  readonly isBlind?: true;
  /** Whether it was refused by clients only, and the command line took it. */
  readonly isAtStart?: true;
}

/** A subject that a release treats otherwise than our data say. */
export interface Difference {
  readonly subject: string;
  readonly version: CodexVersion;
  readonly expected: Observed;
  readonly seen: Seen;
}

/** A disagreement that ranges of one fact cannot hold: a person must look. */
export interface Remark {
  readonly id: string;
  readonly version: CodexVersion;
  readonly text: string;
}

/** What was seen of every subject that the cases ask about and that they can decide. */
export function seenOf(cases: readonly Case[], outcomes: Outcomes): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  const outcomeOf = new Map(cases.map((one) => [`${one.subject} ${one.question}`, outcomes.get(one.id)]));
  for (const { subject, question, file } of cases) {
    const outcome = outcomeOf.get(`${subject} ${question}`);
    if (!outcome || question === 'wrong' || question === 'faulty' || question === 'stranger') continue;
    const observed =
      question === 'good'
        ? keySeen(outcome, outcomeOf.get(`${subject} wrong`))
        : question === 'value'
          ? valueSeen(outcome, seen.get(subject.replace(/=.*$/s, ''))?.observed)
          : question === 'unknown'
            ? unknownSeen(outcome)
            : plainly(outcome);
    if (!observed) continue;
    const message = outcome.message ?? outcomeOf.get(`${subject} wrong`)?.message;
    const blind = outcome.isBlind ? { isBlind: true as const } : {};
    const atStart = outcome.what === 'no-start' ? { isAtStart: true as const } : {};
    seen.set(subject, { observed, message, file, ...blind, ...atStart });
  }
  return seen;
}

/** A key is known where a wrong value is refused; without a wrong value only refusal and warning show. */
function keySeen(good: Outcome, wrong: Outcome | undefined): Observed | undefined {
  if (!wrong) return isRefused(good) ? 'refused' : good.what === 'warned' ? 'warned' : undefined;
  if (isRefused(good)) return 'refused';
  if (isRefused(wrong)) return plainly(good);
  return wrong.what === 'warned' ? 'warned' : 'silent';
}

function valueSeen(outcome: Outcome, key: Observed | undefined): Observed | undefined {
  const own = plainly(outcome);
  return own === 'taken' && key !== undefined && key !== 'refused' ? key : own;
}

function unknownSeen(outcome: Outcome): Observed {
  const own = plainly(outcome);
  return own === 'taken' || own === 'skipped' ? 'silent' : own;
}

function plainly({ what }: Outcome): Observed {
  return what === 'no-start' ? 'refused' : what;
}

/** Where a release contradicts the facts; flags are compared elsewhere. */
export function differences(
  contract: Contract,
  seen: ReadonlyMap<string, Seen>,
  version: CodexVersion,
): readonly Difference[] {
  const facts = new Map(contract.facts.map((fact) => [fact.subject, fact]));
  return [...seen].flatMap(([subject, was]): Difference[] => {
    const fact = facts.get(subject) ?? (subject.endsWith('<unknown>') ? nearestUnknown(subject, contract) : undefined);
    const table = subject.endsWith('.<unknown>') ? seen.get(subject.replace(/\.<unknown>$/, '')) : undefined;
    // A table that the release does not take says nothing of what a stranger in it would do.
    if (!fact || (table && table.observed !== 'taken')) return [];
    const expected = observedAs(effectOn(fact, version));
    const isSaid = looksTheSame(expected, was, subject) || isSaidOfFile(subject, was, contract, version);
    return isSaid ? [] : [{ subject, version, expected, seen: was }];
  });
}

/**
 * Whether the data say of the whole file what was seen. It may break rules beside the one that it is for, or stand in
 * what an older release refuses.
 */
function isSaidOfFile(subject: string, was: Seen, contract: Contract, version: CodexVersion): boolean {
  if (!was.file) return false;
  return looksTheSame(observedAs(worstOn(statementsOf(was.file, contract), version)), was, subject);
}

function looksTheSame(expected: Observed, { observed, isBlind }: Seen, subject: string): boolean {
  if (expected === observed || (isBlind && expected === 'skipped' && observed === 'taken')) return true;
  if (!subject.startsWith('rule:')) return false;
  // A file whose rule nobody asks for, one of which less is made, and one whose keys nobody reads are accepted alike;
  // a hook of an event that nobody knows is not listed.
  return isAccepted(expected) && (isAccepted(observed) || (expected !== 'taken' && observed === 'skipped'));
}

function isAccepted(observed: Observed): boolean {
  return observed === 'taken' || observed === 'silent' || observed === 'warned';
}

function nearestUnknown(subject: string, contract: Contract): Fact | undefined {
  for (let at = subject.replace(/\.?<unknown>$/, ''); ; at = at.replace(/(?:^|\.)[^.]*$/, '')) {
    const fact = contract.unknown.get(at);
    if (fact || at === '') return fact;
  }
}

/** Faults that a release takes though the key is taken, and good files that it refuses for a member they lack. */
export function remarksOn(
  cases: readonly Case[],
  outcomes: Outcomes,
  seen: ReadonlyMap<string, Seen>,
  version: CodexVersion,
): readonly Remark[] {
  return cases.flatMap(({ id, subject, question }): Remark[] => {
    const outcome = outcomes.get(id);
    if (!outcome) return [];
    if (question === 'faulty' && seen.get(subject)?.observed === 'taken' && !isRefused(outcome))
      return [{ id, version, text: 'accepted, though the data say that the release refuses it' }];
    if (question === 'together' && outcome.what !== 'taken')
      return [{ id, version, text: outcome.message ?? outcome.what }];
    return [];
  });
}
