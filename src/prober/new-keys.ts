import { type Contract, type ContractNode, effectOn, isRead } from '../contract/contract.ts';
import { typesOf } from '../contract/shape.ts';
import { isWithin } from '../contract/version.ts';
import { tomlText } from '../requirements/toml.ts';
import type { Data } from '../source/document.ts';
import { strangeName } from './cases.ts';
import type { Codex } from './codex.ts';
import {
  type Discovery,
  discovered,
  fileOf,
  memberSubject,
  membersKnown,
  namesRefused,
  rangesSince,
} from './discover.ts';
import type { Seen } from './facts-seen.ts';
import { learnKey, type Search } from './learn.ts';
import { listForm } from './list-forms.ts';
import { hintIn } from './messages.ts';
import { fileWith } from './minimal-file.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { type Place, placesOf } from './places.ts';
import { namesBeside } from './rust-texts.ts';
import { tableOf } from './sample-values.ts';
import { sampleOf } from './samples.ts';
import { asSpelling } from './spellings.ts';
import { isKnownByTrial, namesHinted, trialsOf } from './trials.ts';

/** Keys that a release knows and the contract does not: at the root, in tables, and among the free names of tables. */
export async function newKeys(
  codex: Codex,
  contract: Contract,
  seen: ReadonlyMap<string, Seen>,
  lists: readonly (readonly string[])[],
): Promise<readonly Discovery[]> {
  const known = new Set(namesOf(contract));
  const candidates = [...new Set([...namesBeside(lists, known), ...known])].sort();
  const { version } = codex;
  const search: Search = { contract, version, ask: (text) => codex.ask(text, 'cli'), lists, candidates };
  const tables: readonly (Place | undefined)[] = [undefined, ...openTables(contract, seen)];
  const mixed = placesOf(contract).filter(
    ({ node }) =>
      node.wildcard &&
      node.members.size > 0 &&
      node.subject !== 'features' &&
      seen.get(node.subject)?.observed === 'taken',
  );
  const found = await Promise.all([
    ...mixed.map((place) => reservedKeys(place, search)),
    ...tables.map((place) => newMembers(place, seen, search)),
  ]);
  return found.flat();
}

/** The tables with named members that the release takes, but for aliases, whose members are those of the key. */
export function openTables(contract: Contract, seen: ReadonlyMap<string, Seen>): readonly Place[] {
  return placesOf(contract).filter(({ node }) => {
    const { fact, subject } = node;
    if (
      node.wildcard ||
      node.variants.size > 0 ||
      fact?.aliasOf ||
      subject === 'features' ||
      !typesOf(node).includes('table')
    )
      return false;
    return !fact || seen.get(subject)?.observed === 'taken';
  });
}

/** The names of all members of the contract: what is a key at one place may be one at another. */
function namesOf(contract: Contract): readonly string[] {
  return placesOf(contract).flatMap(({ steps }) => {
    const last = steps.at(-1);
    return last?.via === 'member' ? [last.name] : [];
  });
}

async function newMembers(
  place: Place | undefined,
  seen: ReadonlyMap<string, Seen>,
  search: Search,
): Promise<readonly Discovery[]> {
  const { contract, ask, candidates } = search;
  const stranger = place && (await ask(tomlText(fileOf(place, contract, strange))));
  const names = [
    ...(await membersKnown(place, contract, candidates, stranger, ask)),
    ...(place && stranger && isRefused(stranger) ? await namesTried(place, stranger, search) : []),
  ];
  const goods = new Map<string, Data>();
  const learnt = await Promise.all(
    names.map(async (name) => {
      const { found, good } = await learnKey(place, name, search);
      if (good !== undefined) goods.set(name, good);
      return asSpelling(found, place, name, search);
    }),
  );
  return [...learnt.flat(), ...(place ? await newList(place, names, goods, seen, search) : [])];
}

/** How a list in the place of a table is read, where that is another way than the data say: members came or went. */
async function newList(
  place: Place,
  news: readonly string[],
  newGoods: ReadonlyMap<string, Data>,
  seen: ReadonlyMap<string, Seen>,
  { contract, version, ask, lists }: Search,
): Promise<readonly Discovery[]> {
  const { subject, fact, members } = place.node;
  const known = fact?.lists?.find((one) => isWithin(version, one));
  if (!known) return [];
  const isGone = (node: ContractNode | undefined): boolean =>
    node?.fact !== undefined && isRead(effectOn(node.fact, version)) && isPassedOver(seen.get(node.subject));
  if (news.length === 0 && !known.fields.some((name) => isGone(members.get(name)))) return [];
  const left = [...members].filter(([, node]) => node.fact && !node.fact.aliasOf && isTaken(node, seen));
  const goods = new Map([...left.map(([name, node]) => [name, sampleOf(node)] as const), ...newGoods]);
  const form =
    newGoods.size === news.length
      ? await listForm(goods, lists, (value) => ask(tomlText(fileWith(place, contract.root, value))))
      : undefined;
  if (!form) return [{ subject, doubt: 'other members: whether a list in its place has them, and where' }];
  return [{ subject, list: { from: version, ...form } }];
}

function isPassedOver(was: Seen | undefined): boolean {
  return was?.observed === 'silent' || was?.observed === 'warned';
}

function isTaken({ subject }: ContractNode, seen: ReadonlyMap<string, Seen>): boolean {
  return seen.get(subject)?.observed === 'taken';
}

const strange = tableOf({ [strangeName]: 5n });

/** Members of a table that refuses strangers and does not say whom it knows. */
async function namesTried(
  place: Place,
  stranger: Outcome,
  { contract, ask, lists }: Search,
): Promise<readonly string[]> {
  const { message = '' } = stranger;
  if (hintIn(message)) return [];
  const names = namesHinted(place.node, message, lists);
  const isKnown = async (name: string, isAlone: boolean): Promise<boolean> => {
    const askWith = (own: string, value: Data): Promise<Outcome> =>
      ask(tomlText(fileOf(place, contract, tableOf({ [own]: value }), isAlone)));
    return isKnownByTrial(await askWith(strangeName, 5n), trialsOf(contract), (value) => askWith(name, value));
  };
  const known = await Promise.all(
    names.map(async (name) => ((await isKnown(name, false)) || (await isKnown(name, true)) ? [name] : [])),
  );
  return known.flat();
}

/** What a table of free names keeps for itself beside the names that the contract knows. */
async function reservedKeys(place: Place, search: Search): Promise<readonly Discovery[]> {
  const { contract, ask, candidates } = search;
  const names = await namesRefused(place, contract, candidates, ask);
  return (await Promise.all(names.map((name) => reservedKey(place, name, search)))).flat();
}

/** A key that was a free name before: learnt like any other, but for the members of free ones, which it may refuse. */
async function reservedKey(place: Place, name: string, search: Search): Promise<readonly Discovery[]> {
  const { contract, version } = search;
  const { node } = place;
  const { found } = await learnKey(place, name, search);
  // As what it is now, no older release read it.
  const since = ({ fact, ...one }: Discovery): Discovery => {
    if (!fact) return one;
    const ranges = rangesSince(version, () => 'ignored', contract, effectOn(fact, version));
    return { ...one, fact: { ...fact, ranges } };
  };
  const subject = memberSubject(node.subject, name);
  const [first, ...members] = found;
  const free = node.wildcard?.members ?? new Map();
  const isRefusedMember = ({ fact }: Discovery): boolean =>
    fact?.type === 'any' && free.has(fact.subject.slice(subject.length + 1));
  const refused = members.filter(isRefusedMember).map(({ subject: member, fact }) => {
    const own = free.get(member.slice(subject.length + 1))?.fact;
    const before = rangesSince(version, (at) => (own ? effectOn(own, at) : 'ignored'), contract, 'file-rejected');
    return discovered({
      subject: member,
      kind: 'key',
      type: 'any',
      ranges: before,
      evidence: `${fact?.evidence ?? ''}: refused whatever it holds`,
    });
  });
  const others = members.filter((one) => !isRefusedMember(one)).map(since);
  const [key, ...below] = await asSpelling([since(first), ...others], place, name, search);
  const doubt = `a name that the release keeps for itself, free on older ones${key?.doubt ? `; ${key.doubt}` : ''}`;
  return [...(key ? [{ ...key, doubt }] : []), ...below, ...refused];
}
