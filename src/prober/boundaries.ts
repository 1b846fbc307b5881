import type { Contract } from '../contract/contract.ts';
import { type CodexVersion, isWithin } from '../contract/version.ts';
import type { Case } from './cases.ts';
import { type Seen, seenOf } from './facts-seen.ts';
import type { Observed } from './outcome.ts';
import type { Outcomes } from './probe.ts';

/** Asks one release about some cases. */
export type AskRelease = (version: CodexVersion, cases: readonly Case[]) => Promise<Outcomes>;

/** What was seen of the subjects of one key, by release: only where a boundary was looked for. */
interface Group {
  readonly cases: readonly Case[];
  readonly seen: Map<CodexVersion, ReadonlyMap<string, Seen>>;
}

/** One subject over all releases: what was seen, and between two releases that agree what must be. */
export type Course = readonly (readonly [version: CodexVersion, observed: Observed])[];

/**
 * Where releases change their mind, by bisection. Asked at first: the oldest and the newest release and both sides of
 * each boundary that the contract names; then, between two neighbours of those that differ, the middle one, until
 * each change lies between two releases that follow each other.
 */
export async function coursesOf(
  contract: Contract,
  cases: readonly Case[],
  releases: readonly CodexVersion[],
  ask: AskRelease,
): Promise<ReadonlyMap<string, Course>> {
  const groups = groupsOf(cases);
  let wanted = groups.map((group) => ({ group, versions: firstPoints(group, contract, releases) }));
  while (wanted.some(({ versions }) => versions.length > 0)) {
    for (const version of releases) {
      const here = wanted.filter(({ versions }) => versions.includes(version)).map(({ group }) => group);
      if (here.length === 0) continue;
      const outcomes = await ask(
        version,
        here.flatMap((group) => group.cases),
      );
      for (const group of here) group.seen.set(version, seenOf(group.cases, outcomes));
    }
    wanted = groups.map((group) => ({ group, versions: nextPoints(group, releases) }));
  }
  return new Map(groups.flatMap((group) => [...coursesIn(group, releases)]));
}

/** A key's own questions hang together: whether a value is read shows in whether its key is. */
function groupsOf(cases: readonly Case[]): readonly Group[] {
  const groups = new Map<string, Case[]>();
  for (const one of cases) {
    const key = one.subject.replace(/=.*$/s, '').replace(/\.<unknown>$/, '');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((own) => ({ cases: own, seen: new Map() }));
}

function firstPoints({ cases }: Group, contract: Contract, releases: readonly CodexVersion[]): readonly CodexVersion[] {
  const subjects = new Set(cases.map(({ subject }) => subject));
  const facts = contract.facts.filter(({ subject }) => subjects.has(subject));
  const starts = facts.flatMap(({ ranges }) => ranges.map(({ from }) => from));
  const around = starts.flatMap((start) => {
    const at = releases.findIndex((version) => isWithin(version, { from: start }));
    return at < 0 ? [] : [at - 1, at];
  });
  const points = new Set([0, ...around, releases.length - 1]);
  return releases.filter((_, at) => points.has(at));
}

/** The middle between each two asked neighbours that differ and do not follow each other. */
function nextPoints(group: Group, releases: readonly CodexVersion[]): readonly CodexVersion[] {
  const asked = releases.flatMap((version, at) => (group.seen.has(version) ? [at] : []));
  return asked.flatMap((at, index) => {
    const next = asked[index + 1];
    const [here, there] = [releases[at], next === undefined ? undefined : releases[next]];
    if (next === undefined || next === at + 1 || !here || !there) return [];
    return signature(group, here) === signature(group, there) ? [] : (releases[(at + next) >> 1] ?? []);
  });
}

function signature({ seen }: Group, version: CodexVersion): string {
  return [...(seen.get(version) ?? [])].map(([subject, { observed }]) => `${subject} ${observed}`).join('\n');
}

function coursesIn(group: Group, releases: readonly CodexVersion[]): ReadonlyMap<string, Course> {
  const subjects = new Set([...group.seen.values()].flatMap((seen) => [...seen.keys()]));
  return new Map(
    [...subjects].map((subject) => {
      const course: (readonly [CodexVersion, Observed])[] = [];
      let last: Observed | undefined;
      for (const version of releases) {
        if (group.seen.has(version)) last = group.seen.get(version)?.get(subject)?.observed;
        if (last !== undefined) course.push([version, last]);
      }
      return [subject, course];
    }),
  );
}
