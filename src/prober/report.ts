import { type Contract, type Effect, effectOn, type Fact } from '../contract/contract.ts';
import { type CodexVersion, isNext } from '../contract/version.ts';
import type { Course } from './boundaries.ts';
import { type Change, changed, spaced } from './changes.ts';
import { rangesSince, strangerOn } from './discover.ts';
import { type Difference, differences } from './facts-seen.ts';
import { flagChanges } from './flags.ts';
import { effectOfObserved } from './outcome.ts';
import type { ReleaseProbe } from './release-probe.ts';

/** What one probe adds to the contract, and what it cannot say in facts. */
export interface Proposal {
  readonly changes: readonly Change[];
  /** One line each. */
  readonly doubts: readonly string[];
  /** Doubts that the changes may settle. */
  readonly open: readonly string[];
}

/**
 * The changes that make the contract say what a release was seen to do. `to` is the last release for which that is
 * proposed; undefined where the release is the newest, and the change holds until further notice.
 */
export function proposal(probe: ReleaseProbe, contract: Contract, to: Fact['ranges'][number]['to']): Proposal {
  const { version } = probe;
  const flagRanges = rangesSince(version, (at) => strangerOn('features', contract, at), contract);
  const doubts = [
    ...probe.differences.flatMap((difference) => doubtOf(difference) ?? []),
    ...probe.discoveries.flatMap(({ subject, doubt }) => (doubt === undefined ? [] : [`${subject}: ${doubt}`])),
  ];
  const open = probe.remarks.map(({ id, text }) => `${id}: ${text}`);
  const changes: Change[] = [
    ...probe.differences.flatMap((difference) => changeFor(difference, contract, to)),
    ...probe.discoveries.flatMap(({ fact }): Change[] => (fact ? [{ kind: 'add', fact }] : [])),
    ...probe.discoveries.flatMap(({ subject, list }): Change[] => (list ? [{ kind: 'list', subject, list }] : [])),
    ...flagChanges(contract, probe.flags, version, flagRanges),
  ];
  return { changes, doubts, open };
}

/** The changes that make the facts say what was seen over all releases, one for each run of releases that differ alike. */
export function courseChanges(
  courses: ReadonlyMap<string, Course>,
  contract: Contract,
  releases: readonly CodexVersion[],
): readonly Extract<Change, { kind: 'effect' }>[] {
  return [...courses].flatMap(([subject, course]) => {
    const runs: { from: CodexVersion; to: CodexVersion; effect: Effect }[] = [];
    for (const [version, observed] of course) {
      const seen = new Map([[subject, { observed, message: undefined }]]);
      const [difference] = differences(contract, seen, version);
      if (!difference || !contract.facts.some((fact) => fact.subject === subject)) continue;
      const effect = effectOfObserved[observed];
      const last = runs.at(-1);
      if (last?.effect === effect && isNext(version, last.to, releases)) last.to = version;
      else runs.push({ from: version, to: version, effect });
    }
    return runs.map(({ from, to, effect }) => ({
      kind: 'effect' as const,
      subject,
      from,
      to,
      effect,
      evidence: `measured on ${from === to ? from : `${from} to ${to}`}`,
    }));
  });
}

/** What no range can say: a good file that is refused for a reason that is none of the key's own; how much is enforced. */
function doubtOf({ subject, expected, seen }: Difference): string | undefined {
  if (subject.startsWith('rule:'))
    return seen.observed === 'taken'
      ? `${subject}: what breaks it is accepted now; whether all of it is enforced does not show`
      : undefined;
  if (expected !== 'taken' || seen.observed !== 'refused' || subject.startsWith('features.') || subject.includes('='))
    return undefined;
  return `${subject}: refused though it is known, a rule that the data do not have: ${seen.message ?? 'without a word'}`;
}

function changeFor(difference: Difference, contract: Contract, to: Fact['ranges'][number]['to']): readonly Change[] {
  const { subject, version, seen } = difference;
  if (!subject.startsWith('rule:') && doubtOf(difference) !== undefined) return [];
  const flag = /^features\.[^=]*/.exec(subject)?.[0];
  const isAtStart = seen.observed === 'refused' && (flag !== undefined || seen.isAtStart === true);
  const effect = isAtStart ? 'start-refused' : effectOfObserved[seen.observed];
  const evidence = `measured on ${version}: ${seen.message ?? seen.observed}`;
  if (contract.facts.some((fact) => fact.subject === subject))
    return [{ kind: 'effect', subject, from: version, ...(to === undefined ? {} : { to }), effect, evidence }];
  const pinned = contract.facts.find((fact) => fact.subject === flag);
  if (pinned) {
    const ranges = rangesSince(version, (at) => effectOn(pinned, at), contract, effect);
    return [{ kind: 'add', fact: { subject, kind: 'value', ranges, evidence: `${evidence}: not what is pinned` } }];
  }
  const table = subject.replace(/\.<unknown>$/, '');
  const ranges = rangesSince(version, (at) => strangerOn(table, contract, at), contract, effect);
  return [
    { kind: 'add', fact: { subject, kind: 'unknown', title: `An unknown key below \`${table}\`.`, ranges, evidence } },
  ];
}

/** The whole difference for people: one line for each thing seen. */
export function reportText(probe: ReleaseProbe, { doubts, open }: Proposal): string {
  const { version, differences, discoveries, cases, seen, flags } = probe;
  const lines = [
    ...differences.map(
      ({ subject, expected, seen: { observed, message } }) =>
        `  ${subject}: the data say ${expected}, seen ${observed}${message === undefined ? '' : ` (${message})`}`,
    ),
    ...discoveries.flatMap(({ subject, fact, list }) => [
      ...(fact ? [`  ${subject}: known to the release and not to the data`] : []),
      ...(list ? [`  ${subject}: as a list ${list.fields.join(', ')}`] : []),
    ]),
    ...[...doubts, ...open].map((doubt) => `  look: ${doubt}`),
  ];
  const head = `Codex ${version}: ${cases.length} files, ${seen.size} subjects, ${flags.pins.size} flags; ${lines.length === 0 ? 'as the data say' : 'differences:'}`;
  return [head, ...lines].join('\n');
}

/** The proposed changes as JSON: each changed or new fact, whole, as its line in the contract would be. */
export function patchText(changes: readonly Change[], contract: Contract): string {
  const before = new Map(contract.facts.map((fact) => [fact.subject, spaced(fact)]));
  const after = changed(contract.facts, changes, contract.releases).filter(
    (fact) => before.get(fact.subject) !== spaced(fact),
  );
  const lines = after.map((fact) => `  ${spaced({ op: before.has(fact.subject) ? 'replace' : 'add', fact })}`);
  return `[\n${lines.join(',\n')}\n]\n`;
}

/** Evidence of one release: what became of each file, the same bytes each time. */
export function evidenceText(probe: ReleaseProbe): string {
  const cases = [...probe.outcomes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, outcome]) => `    ${spaced({ case: id, ...outcome })}`);
  const flags = [...probe.flags.pins]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([flag, pin]) => `    ${spaced({ flag, pin, ...probe.flags.listed.get(flag) })}`);
  return `{\n  "version": ${JSON.stringify(probe.version)},\n  "cases": [\n${cases.join(',\n')}\n  ],\n  "flags": [\n${flags.join(',\n')}\n  ]\n}\n`;
}
