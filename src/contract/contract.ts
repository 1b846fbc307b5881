import { type CodexVersion, compareVersions } from './version.ts';

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

/** Whether the client reads the statement, and so minds what stands in it. */
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

/** One entry of schemas/codex-contract.json; docs/contract.md describes the fields. */
export interface Fact {
  readonly subject: string;
  readonly kind: 'key' | 'value' | 'event' | 'flag' | 'channel' | 'behaviour' | 'unknown' | 'rule';
  readonly type?: string | readonly string[];
  readonly required?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly mustContain?: string;
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
}

export interface Contract {
  /** Oldest first. */
  readonly releases: readonly Release[];
  readonly facts: readonly Fact[];
  readonly root: ContractNode;
  /** The place of each release in `releases`. */
  readonly positions: ReadonlyMap<CodexVersion, number>;
  /** The hook events of Codex in alphabetical order, by their name. */
  readonly events: ReadonlyMap<string, Fact>;
  /** What becomes of a document that breaks a rule over more than one key. */
  readonly rules: readonly Fact[];
  /** What becomes of a key that no release knows, by the subject of the nearest table that decides it ('' = the root). */
  readonly unknown: ReadonlyMap<string, Fact>;
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/** A place of which nothing is known: whatever stands there is not judged. */
export function newNode(subject: string): ContractNode {
  return {
    subject,
    fact: undefined,
    members: nothing,
    wildcard: undefined,
    element: undefined,
    variants: nothing,
    values: nothing,
  };
}

/** A table with one more entry. Most places have no members or values: they share one empty table. */
function withEntry<T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> {
  return map === nothing ? new Map([[key, value]]) : (map as Map<string, T>).set(key, value);
}

/** Every place by its subject; the root's is ''. */
type Places = Map<string, ContractNode>;

/** The place of a subject such as `a.<b>[](command)."c.d"`, whose steps are a, <b>, [], (command), "c.d". */
function placeAt(places: Places, subject: string): ContractNode {
  const known = places.get(subject);
  if (known) return known;
  const step = lastStep(subject);
  const before = subject.slice(0, -step.length);
  const parent = placeAt(places, before.endsWith('.') ? before.slice(0, -1) : before);
  const node = newNode(subject);
  places.set(subject, node);
  if (step === '[]') parent.element = node;
  else if (step.startsWith('<')) parent.wildcard = node;
  else if (step.startsWith('(')) parent.variants = withEntry(parent.variants, step.slice(1, -1), node);
  else parent.members = withEntry(parent.members, step.startsWith('"') ? String(JSON.parse(step)) : step, node);
  return node;
}

function lastStep(subject: string): string {
  switch (subject.at(-1)) {
    case ']':
      return '[]';
    case ')':
      return subject.slice(subject.lastIndexOf('('));
    case '>':
      return subject.slice(subject.lastIndexOf('<'));
    case '"':
      return /"(?:[^"\\]|\\.)*"$/.exec(subject)?.[0] ?? subject;
    default:
      return subject.slice(subject.lastIndexOf('.') + 1);
  }
}

/** The contract as a tree, from the two tables in schemas/. */
export function readContract(releases: readonly Release[], facts: readonly Fact[]): Contract {
  const root = newNode('');
  const places: Places = new Map([['', root]]);
  const unknown = new Map<string, Fact>();
  const events = new Map<string, Fact>();
  const rules: Fact[] = [];
  for (const fact of facts) {
    const { kind, subject } = fact;
    if (kind === 'rule') rules.push(fact);
    if (kind === 'channel' || kind === 'behaviour' || kind === 'rule') continue;
    if (kind === 'unknown') {
      unknown.set(subject.replace(/\.?<unknown>$/, ''), fact);
      continue;
    }
    if (kind === 'event') events.set(subject.slice('hooks.'.length), fact);
    const at = kind === 'value' ? subject.indexOf('=') : subject.length;
    const node = placeAt(places, subject.slice(0, at));
    if (kind === 'value') node.values = withEntry(node.values, subject.slice(at + 1), fact);
    else node.fact = fact;
  }
  for (const { subject, aliasOf } of facts)
    if (aliasOf !== undefined) shareMembers(placeAt(places, aliasOf), placeAt(places, subject));
  shareEventMembers(root);
  const positions = new Map(releases.map(({ version }, at) => [version, at]));
  return { releases, positions, facts, root, events, rules, unknown };
}

/** Another spelling of a key has the members of the first one, beside what is said of it alone. */
function shareMembers(from: ContractNode, to: ContractNode): void {
  to.members = new Map([...from.members, ...to.members]);
  to.values = new Map([...from.values, ...to.values]);
  to.wildcard ??= from.wildcard;
  to.element ??= from.element;
}

/** What stands below `hooks.<Event>` holds for each named event, and no other name is an event. */
function shareEventMembers(root: ContractNode): void {
  const hooks = root.members.get('hooks');
  if (!hooks?.wildcard) return;
  for (const node of hooks.members.values()) if (node.fact?.kind === 'event') node.element ??= hooks.wildcard.element;
  hooks.wildcard = undefined;
}

/** What a release does with the subject of a fact; where surfaces differ, the worse one. Older than all ranges: ignored. */
export function effectOn(fact: Fact, version: CodexVersion): Effect {
  let worst: Effect | undefined;
  for (const range of fact.ranges) {
    if (compareVersions(version, range.from) < 0 || (range.to && compareVersions(version, range.to) > 0)) continue;
    if (worst === undefined || isWorse(range.effect, worst)) worst = range.effect;
  }
  return worst ?? 'ignored';
}

/** Whether every one of these releases enforces the subject of a fact. */
export function isEnforcedOn(fact: Fact, versions: readonly CodexVersion[]): boolean {
  return versions.every((version) => effectOn(fact, version) === 'enforced');
}
