import { effectOn, type Fact, type Release } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';

/** The facts as they would be had the newest release never come: what only it takes is unknown again. */
export function withoutNewest(facts: readonly Fact[], releases: readonly Release[]): readonly Fact[] {
  const newest = releases.at(-1)?.version;
  const before = releases.at(-2)?.version;
  const kept = facts.flatMap((fact): Fact[] => {
    const ranges = fact.ranges
      .filter(({ from }) => from !== newest)
      .map(({ to, ...range }) => (to === undefined || to === before ? range : { ...range, to }));
    const stages = fact.stages?.filter(({ from }) => from !== newest);
    const isChanged = ranges.length < fact.ranges.length;
    const wasTaken = ranges.some(({ effect }) => effect === 'enforced' || effect === 'weakened');
    const isOfStatement = fact.kind === 'key' || fact.kind === 'value' || fact.kind === 'event' || fact.kind === 'flag';
    if ((isChanged && isOfStatement && !wasTaken) || stages?.length === 0) return [];
    return [{ ...fact, ranges, ...(stages ? { stages } : {}) }];
  });
  const subjects = new Set(kept.map(({ subject }) => subject));
  const hangs = ({ subject, kind }: Fact): boolean => kind !== 'value' || subjects.has(subject.replace(/=.*$/s, ''));
  return kept.filter(hangs);
}

/** How two contracts differ about one release, a line for each subject: effect, type, and the stage of flags. */
export function disagreements(
  ours: readonly Fact[],
  theirs: readonly Fact[],
  version: CodexVersion,
): readonly string[] {
  const said = (fact: Fact | undefined): string =>
    fact
      ? [effectOn(fact, version), String(fact.type ?? ''), JSON.stringify(fact.stages?.at(-1) ?? '')].join(' ')
      : 'not known';
  const other = new Map(theirs.map((fact) => [fact.subject, fact]));
  const own = new Map(ours.map((fact) => [fact.subject, fact]));
  const subjects = [...new Set([...own.keys(), ...other.keys()])].sort();
  return subjects.flatMap((subject) => {
    const [left, right] = [said(own.get(subject)), said(other.get(subject))];
    return left === right ? [] : [`${subject}: ${left} / ${right}`];
  });
}
