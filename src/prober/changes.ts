import type { Effect, Fact, ListForm, Range, Release } from '../contract/contract.ts';
import { type CodexVersion, isWithin } from '../contract/version.ts';

/** One proposed change of the data. */
export type Change =
  | { readonly kind: 'add'; readonly fact: Fact }
  | {
      readonly kind: 'effect';
      readonly subject: string;
      readonly from: CodexVersion;
      /** The last release; without it to the newest and on. */
      readonly to?: CodexVersion;
      readonly effect: Effect;
      readonly evidence: string;
    }
  | {
      readonly kind: 'stage';
      readonly subject: string;
      readonly from: CodexVersion;
      readonly stage: string;
      readonly default: boolean;
    }
  | { readonly kind: 'list'; readonly subject: string; readonly list: ListForm };

/** The first release that reads the file at all. */
export const firstReader = '0.77.0' as CodexVersion;

/** The releases that facts speak of, oldest first. */
export function readers(releases: readonly Release[]): readonly CodexVersion[] {
  const versions = releases.map(({ version }) => version);
  return versions.filter((version) => isWithin(version, { from: firstReader }));
}

/** The facts after the changes, sorted by subject. What a change does not touch keeps its place and its words. */
export function changed(
  facts: readonly Fact[],
  changes: readonly Change[],
  releases: readonly Release[],
): readonly Fact[] {
  const bySubject = new Map(facts.map((fact) => [fact.subject, fact]));
  for (const change of changes) {
    const subject = change.kind === 'add' ? change.fact.subject : change.subject;
    const fact = bySubject.get(subject);
    if (change.kind === 'add') bySubject.set(subject, fact ?? change.fact);
    else if (fact) bySubject.set(subject, withChange(fact, change, releases));
  }
  return [...bySubject.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

function withChange(fact: Fact, change: Exclude<Change, { kind: 'add' }>, releases: readonly Release[]): Fact {
  switch (change.kind) {
    case 'stage':
      return withStage(fact, change);
    case 'list':
      return withList(fact, change.list, releases);
    default:
      return withEffect(fact, change, releases);
  }
}

/** Another form of lists, from its release on; what was said of later ones is gone. */
function withList(fact: Fact, list: ListForm, releases: readonly Release[]): Fact {
  const versions = readers(releases);
  const before = versions[versions.indexOf(list.from) - 1];
  const older = (fact.lists ?? []).filter(({ from }) => from !== list.from && !isWithin(from, { from: list.from }));
  const ended = older.map((one) => (one.to === undefined && before !== undefined ? { ...one, to: before } : one));
  return { ...fact, lists: [...ended, list] };
}

function withStage(fact: Fact, { from, stage, default: isOn }: Extract<Change, { kind: 'stage' }>): Fact {
  const known = (fact.stages ?? []).filter((one) => one.from !== from);
  return { ...fact, stages: [...known, { from, stage, default: isOn }] };
}

function withEffect(fact: Fact, change: Extract<Change, { kind: 'effect' }>, releases: readonly Release[]): Fact {
  const versions = readers(releases);
  const effects = versions.map((version) =>
    isWithin(version, change) ? change.effect : effectIn(fact.ranges, version),
  );
  const ranges = rangesOf(effects, versions);
  return { ...fact, ranges, evidence: `${fact.evidence}; ${change.evidence}` };
}

/** The effect on a release. Facts whose ranges differ by surface are not changed by a program. */
function effectIn(ranges: readonly Range[], version: CodexVersion): Effect | undefined {
  return ranges.find((range) => isWithin(version, range))?.effect;
}

/** Neighbours with the same effect as one range; the last one is open. */
export function rangesOf(
  effects: readonly (Effect | undefined)[],
  versions: readonly CodexVersion[],
): readonly Range[] {
  const ranges: { from: CodexVersion; to?: CodexVersion; effect: Effect }[] = [];
  effects.forEach((effect, at) => {
    const version = versions[at];
    const last = ranges.at(-1);
    if (!version || !effect) return;
    if (last?.effect === effect) last.to = version;
    else ranges.push({ from: version, to: version, effect });
  });
  return ranges.map(({ from, to, effect }, at) =>
    at === ranges.length - 1 || to === undefined ? { from, effect } : { from, to, effect },
  );
}

/** The text of schemas/codex-contract.json: one fact a line. */
export function contractText(schemaVersion: number, facts: readonly Fact[]): string {
  const lines = facts.map((fact) => `    ${spaced(fact)}`).join(',\n');
  return `{\n  "schemaVersion": ${schemaVersion},\n  "facts": [\n${lines}\n  ]\n}\n`;
}

/** The text of schemas/codex-releases.json: one release a line. */
export function releasesText(releases: readonly Release[]): string {
  return `{\n  "releases": [\n${releases.map((release) => `    ${spaced(release)}`).join(',\n')}\n  ]\n}\n`;
}

/** JSON on one line with a space after each comma and colon. */
export function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`).join(', ')}}`;
}
