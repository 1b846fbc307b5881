import {
  type Contract,
  type ContractNode,
  effectOn,
  type Fact,
  type ListForm,
  type Range,
  type Release,
} from '../contract/contract.ts';
import { brokenRules } from '../contract/rules/broken.ts';
import { type CodexVersion, isWithin } from '../contract/version.ts';
import type { KeyPath } from '../source/document.ts';
import { ruleFile } from './rule-files.ts';

/**
 * The facts as they would be had the newest release never come: what only it takes is unknown again, with all that
 * stands below, and so is a rule that no older release has.
 */
export function withoutNewest(facts: readonly Fact[], releases: readonly Release[]): readonly Fact[] {
  const newest = releases.at(-1)?.version;
  const before = releases.at(-2)?.version;
  const kept = facts.flatMap((fact): Fact[] => {
    const cut = <T extends Range | ListForm>(stretches: readonly T[]): T[] =>
      stretches
        .filter(({ from }) => from !== newest)
        .map(({ to, ...one }) => (to === undefined || to === before ? one : { ...one, to }) as T);
    const ranges = cut(fact.ranges);
    const lists = fact.lists && cut(fact.lists);
    const stages = fact.stages?.filter(({ from }) => from !== newest);
    const isChanged = ranges.length < fact.ranges.length;
    const isNews = isChanged && (fact.kind === 'rule' ? isNoRule(ranges) : isOfStatement(fact) && !wasTaken(ranges));
    if (isNews || stages?.length === 0) return [];
    const { lists: _, ...rest } = fact;
    return [{ ...rest, ranges, ...(stages ? { stages } : {}), ...(lists?.length ? { lists } : {}) }];
  });
  const left = new Set(kept.map(({ subject }) => subject));
  const gone = facts.filter((fact) => isOfStatement(fact) && !left.has(fact.subject)).map(({ subject }) => subject);
  return kept.filter(({ subject }) => !gone.some((above) => isBelow(subject, above)));
}

function isOfStatement({ kind }: Fact): boolean {
  return kind === 'key' || kind === 'value' || kind === 'event' || kind === 'flag';
}

function wasTaken(ranges: Fact['ranges']): boolean {
  return ranges.some(({ effect }) => effect === 'enforced' || effect === 'weakened');
}

/** `enforced` means that a release does not ask. */
function isNoRule(ranges: Fact['ranges']): boolean {
  return ranges.every(({ effect }) => effect === 'enforced');
}

function isBelow(subject: string, above: string): boolean {
  return subject.startsWith(above) && /^[.[(=]/.test(subject.slice(above.length));
}

/** One subject about which two contracts say something else. */
export interface Disagreement {
  readonly subject: string;
  readonly ours: string;
  readonly theirs: string;
}

/** How two contracts differ about one release: in the effect, in what describes a key, in the stage of a flag. */
export function disagreements(
  ours: readonly Fact[],
  theirs: readonly Fact[],
  version: CodexVersion,
): readonly Disagreement[] {
  const [own, other] = [ours, theirs].map((facts) => new Map(facts.map((fact) => [comparable(fact.subject), fact])));
  const subjects = [...new Set([...(own?.keys() ?? []), ...(other?.keys() ?? [])])].sort();
  return subjects.flatMap((subject) => {
    const [left, right] = [own, other].map((facts) => said(subject, facts ?? new Map(), version));
    if (left === right || left === undefined || right === undefined) return [];
    return [{ subject: (own?.get(subject) ?? other?.get(subject))?.subject ?? subject, ours: left, theirs: right }];
  });
}

/** What people call a free name is theirs to say. */
function comparable(subject: string): string {
  const [key = '', ...value] = subject.split('=');
  return [key.replace(/<(?!unknown>)[^>]*>/g, '<>'), ...value].join('=');
}

function said(subject: string, facts: ReadonlyMap<string, Fact>, version: CodexVersion): string {
  const fact = facts.get(subject);
  if (fact) {
    const { type, required, minimum, maximum, aliasOf, stages, lists } = fact;
    const { fields, fewest } = lists?.find((one) => isWithin(version, one)) ?? {};
    const described = { type, required, minimum, maximum, aliasOf, stage: stages?.at(-1), fields, fewest };
    return `${effectOn(fact, version)} ${JSON.stringify(described)}`;
  }
  // The nearest table decides.
  if (subject.endsWith('.<unknown>'))
    return said(subject.replace(/(?:^|\.)[^.]*\.<unknown>$/, '.<unknown>').replace(/^\./, ''), facts, version);
  // A value of a flag that has no fact of its own is as good as the flag.
  const flag = /^features[.].*(?==(?:true|false)$)/.exec(subject)?.[0];
  const pinned = flag === undefined ? undefined : facts.get(flag);
  return pinned ? `${effectOn(pinned, version)} {}` : notKnown;
}

/** What is said of a subject without a fact. */
export const notKnown = 'not known';

/**
 * Where a person who is told of a disagreement would look: at the subject itself, of a rule at the keys that its file
 * breaks it with, and of what was not found at all at the keys above that are as new.
 */
export function placesToLook(
  { subject, theirs }: Disagreement,
  contract: Contract,
  before: readonly Fact[],
): readonly string[] {
  const file = ruleFile(subject);
  const broken = file ? brokenRules(file, contract).filter(({ fact }) => fact.subject === subject) : [];
  const places = [subject, ...broken.map(({ path }) => subjectAt(path, contract))];
  if (theirs !== notKnown && !subject.endsWith('.<unknown>')) return places;
  const old = new Set(before.map((fact) => fact.subject));
  return [...places, ...places.flatMap(keysAbove).filter((key) => !old.has(key))];
}

function keysAbove(subject: string): readonly string[] {
  return [...subject.matchAll(/[.[(=]/g)].map(({ index }) => subject.slice(0, index));
}

function subjectAt(path: KeyPath, contract: Contract): string {
  let node: ContractNode | undefined = contract.root;
  for (const key of path) node = typeof key === 'number' ? node?.element : (node?.members.get(key) ?? node?.wildcard);
  return node?.subject ?? '';
}
