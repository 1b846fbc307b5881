import { byCodeUnit } from '../artifacts/artifact.ts';
import type { Contract, ContractNode, Fact, Release } from './contract.ts';
import { lazyMap } from './lazy-map.ts';

/** The facts about what stands below each root key, by its name; '' has those about no key. Best a `lazyMap`. */
export type FactGroups = ReadonlyMap<string, readonly Fact[]>;

/** The group of a fact. */
export function groupOf({ kind, subject }: Fact): string {
  return kind === 'key' || kind === 'value' || kind === 'event' || kind === 'flag' ? rootKeyOf(subject) : '';
}

function rootKeyOf(subject: string): string {
  return /^[^.=[<(]+/.exec(subject)?.[0] ?? '';
}

/** The contract, from the two tables in schemas/. */
export function readContract(releases: readonly Release[], facts: readonly Fact[]): Contract {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) {
    const group = groupOf(fact);
    groups.set(group, groups.get(group) ?? []);
    groups.get(group)?.push(fact);
  }
  return contractOf(releases, groups);
}

/** The contract as a tree. A group is read when something below its root key is asked for. */
export function contractOf(releases: readonly Release[], groups: FactGroups): Contract {
  const general = groups.get('') ?? [];
  const ofKind = (wanted: Fact['kind']): Fact[] => general.filter(({ kind }) => kind === wanted);
  const root = newNode('');
  root.members = treesOf(groups);
  let events: Contract['events'] | undefined;
  return {
    releases,
    root,
    positions: new Map(releases.map(({ version }, at) => [version, at])),
    channels: ofKind('channel'),
    behaviours: new Map(ofKind('behaviour').map((fact) => [fact.subject, fact])),
    rules: ofKind('rule'),
    unknown: new Map(ofKind('unknown').map((fact) => [fact.subject.replace(/\.?<unknown>$/, ''), fact])),
    get facts() {
      return [...groups.values()].flat().sort((a, b) => byCodeUnit(a.subject, b.subject));
    },
    get events() {
      events ??= eventsOf(root);
      return events;
    },
  };
}

function eventsOf(root: ContractNode): Contract['events'] {
  const members = [...(root.members.get('hooks')?.members ?? [])];
  return new Map(members.flatMap(([name, { fact }]) => (fact?.kind === 'event' ? [[name, fact]] : [])));
}

/** The place of each root key, with all that is known below it. */
function treesOf(groups: FactGroups): ReadonlyMap<string, ContractNode> {
  const known = new Map<string, Places>();
  const placesOf = (key: string): Places => {
    let places = known.get(key);
    if (!places) {
      places = new Map([['', newNode('')]]);
      known.set(key, places);
      const facts = groups.get(key) ?? [];
      plant(facts, places);
      for (const { subject, aliasOf } of facts)
        if (aliasOf !== undefined)
          shareMembers(placeAt(placesOf(rootKeyOf(aliasOf)), aliasOf), placeAt(places, subject));
      if (key === 'hooks') shareEventMembers(placeAt(places, key));
    }
    return places;
  };
  const keys = [...groups.keys()].filter((key) => key !== '');
  return lazyMap(keys, (key) => placeAt(placesOf(key), key));
}

/** Puts facts in their places. */
function plant(facts: readonly Fact[], places: Places): void {
  for (const fact of facts) {
    const { kind, subject } = fact;
    const at = kind === 'value' ? subject.indexOf('=') : subject.length;
    const node = placeAt(places, subject.slice(0, at));
    if (kind === 'value') node.values = withEntry(node.values, subject.slice(at + 1), fact);
    else node.fact = fact;
  }
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
    form: undefined,
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

/** Another spelling of a key has the members of the first one, beside what is said of it alone. */
function shareMembers(from: ContractNode, to: ContractNode): void {
  to.members = new Map([...from.members, ...to.members]);
  to.values = new Map([...from.values, ...to.values]);
  to.wildcard ??= from.wildcard;
  to.element ??= from.element;
}

/** What stands below `hooks.<Event>` holds for each named event, and no other name is an event. */
function shareEventMembers(hooks: ContractNode): void {
  if (!hooks.wildcard) return;
  for (const node of hooks.members.values()) if (node.fact?.kind === 'event') node.element ??= hooks.wildcard.element;
  hooks.wildcard = undefined;
}
