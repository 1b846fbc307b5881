import { type Contract, effectOn, type Fact } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { Case } from './cases.ts';
import { isRefused, type Observed, type Outcome, observedAs } from './outcome.ts';
import type { Outcomes } from './probe.ts';

/** What a release was seen to do with the subject of a fact. */
export interface Seen {
  readonly observed: Observed;
  /** Codex's own words, where it said any. */
  readonly message: string | undefined;
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
  for (const { subject, question } of cases) {
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
    if (observed)
      seen.set(subject, { observed, message: outcome.message ?? outcomeOf.get(`${subject} wrong`)?.message });
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
    return looksTheSame(expected, was.observed, subject) ? [] : [{ subject, version, expected, seen: was }];
  });
}

/** A file that breaks no rule and one whose keys nobody reads are accepted alike. */
function looksTheSame(expected: Observed, observed: Observed, subject: string): boolean {
  if (expected === observed) return true;
  return subject.startsWith('rule:') && expected === 'taken' && (observed === 'silent' || observed === 'warned');
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
