import type { Said } from './statement.ts';
import { type CodexVersion, isWithin } from './version.ts';

/** What a range of clients does with a statement, from best to worst. */
export const effects = [
  'enforced',
  'weakened',
  'ignored-with-warning',
  'ignored',
  'hook-skipped',
  'session-fails',
  'file-rejected',
  'start-refused',
] as const;
export type Effect = (typeof effects)[number];

const severity: Readonly<Record<string, number>> = Object.fromEntries(effects.map((effect, index) => [effect, index]));

/** Whether the first of two effects leaves less of a statement than the second. */
export function isWorse(effect: Effect, than: Effect): boolean {
  return (severity[effect] ?? 0) > (severity[than] ?? 0);
}
export type Surface = 'cli' | 'app-server';

/** Whether the client reads the statement, and so mindsKind what stands in it. */
export function isRead(effect: Effect): boolean {
  return effect === 'enforced' || effect === 'weakened' || effect === 'session-fails';
}

/** Whether the client goes on and merely does less than written: the gaps that a policy may accept. */
export function isGap(effect: Effect): boolean {
  return (
    effect === 'weakened' || effect === 'ignored' || effect === 'ignored-with-warning' || effect === 'hook-skipped'
  );
}

/** One range of releases, both ends inclusive; without `to` it reaches to the newest. */
export interface Range {
  readonly from: CodexVersion;
  readonly to?: CodexVersion;
  readonly effect: Effect;
  readonly surface?: Surface;
}

/** How a stretch of releases reads a list in the place of a table: as these members, in this order. */
export interface ListForm {
  readonly from: CodexVersion;
  readonly to?: CodexVersion;
  readonly fields: readonly string[];
  /** So many items it must have; none unless told. */
  readonly fewest?: number;
  /** Items beyond the fields are passed over; else the list is refused. */
  readonly spare?: true;
}

/** One entry of schemas/codex-contract.json; docs/contract.md describes the fields. */
export interface Fact {
  readonly subject: string;
  readonly kind: 'key' | 'value' | 'event' | 'flag' | 'channel' | 'behaviour' | 'unknown' | 'rule';
  readonly type?: string | readonly string[];
  readonly required?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly mustContain?: string;
  /** Of enumerations: `{ name = {} }` and `{ name = [] }` do not stand for the name. */
  readonly textAlone?: true;
  /** Tables: how lists in the place of one are read, oldest first. */
  readonly lists?: readonly ListForm[];
  readonly platforms?: readonly string[];
  /** Another spelling of the key with this subject: the same members; both together are refused. */
  readonly aliasOf?: string;
  /** Events: whether a matcher is applied. */
  readonly matcher?: boolean;
  /** Events, in seconds: a longer timeout is cut to this. */
  readonly maximumTimeout?: number;
  /** Events: handler fields that are accepted and have no effect. Channels: keys that it cannot set. */
  readonly drops?: readonly string[];
  /** Events: handler types that make every session fail. */
  readonly refuses?: readonly string[];
  readonly stages?: readonly { readonly from: CodexVersion; readonly stage: string; readonly default: boolean }[];
  /** Behaviours: no file can avoid it, so README.md and `versions` state it. */
  readonly unavoidable?: true;
  /** A short English sentence for administrators. */
  readonly title?: string;
  readonly note?: string;
  readonly ranges: readonly Range[];
  /** Not in the copy that the bundles carry: nothing that runs asks for it. */
  readonly evidence?: string;
}

export interface Release {
  readonly version: CodexVersion;
  readonly date: string;
  /** Whether npm carries a Linux build. */
  readonly linux: boolean;
}

/** A place in requirements.toml, with the facts about it and about what may stand below. */
export interface ContractNode {
  readonly subject: string;
  fact: Fact | undefined;
  members: ReadonlyMap<string, ContractNode>;
  /** Members of a table with free keys. */
  wildcard: ContractNode | undefined;
  /** Elements of an array. */
  element: ContractNode | undefined;
  /** Handler types whose members differ, by the element's `type`. */
  variants: ReadonlyMap<string, ContractNode>;
  /** Facts about values, by the text after `=`. */
  values: ReadonlyMap<string, Fact>;
  /** What `formOf` has found. */
  form: Form | undefined;
}

/** What is worked out of a place once, for all the documents that come to it. */
export interface Form {
  /** The types that it takes. */
  readonly types: readonly string[];
  /** Whether nothing is to be said of what a text holds there. */
  readonly takesAnyText: boolean;
  /** Whether something is said of a value by its kind alone, such as `<table>`. */
  readonly mindsKind: boolean;
  /** What it says of itself where it stands; a place that only its members describe says nothing. */
  readonly said: Said | undefined;
  /** The members whose absence says something. */
  readonly missed: readonly (readonly [string, ContractNode])[];
}

export interface Contract {
  /** Oldest first. */
  readonly releases: readonly Release[];
  /** All of them. Whoever asks for a single one asks below: reading the facts takes longer than judging a file. */
  readonly facts: readonly Fact[];
  /** What is known below each root key is read when it is asked for. */
  readonly root: ContractNode;
  /** The place of each release in `releases`. */
  readonly positions: ReadonlyMap<CodexVersion, number>;
  /** The hook events of Codex in alphabetical order, by their name. */
  readonly events: ReadonlyMap<string, Fact>;
  /** The ways to the client. */
  readonly channels: readonly Fact[];
  /** What clients do whatever stands in a document, by its subject. */
  readonly behaviours: ReadonlyMap<string, Fact>;
  /** What becomes of a document that breaks a rule over more than one key. */
  readonly rules: readonly Fact[];
  /** What becomes of a key that no release knows, by the subject of the nearest table that decides it ('' = the root). */
  readonly unknown: ReadonlyMap<string, Fact>;
}

/** What a release does with the subject of a fact; where surfaces differ, the worse one. Older than all ranges: ignored. */
export function effectOn(fact: Fact, version: CodexVersion): Effect {
  let worst: Effect | undefined;
  for (const range of fact.ranges) {
    if (!isWithin(version, range)) continue;
    if (worst === undefined || isWorse(range.effect, worst)) worst = range.effect;
  }
  return worst ?? 'ignored';
}

/** Whether every one of these releases enforces the subject of a fact. */
export function isEnforcedOn(fact: Fact, versions: readonly CodexVersion[]): boolean {
  return versions.every((version) => effectOn(fact, version) === 'enforced');
}
