import { type Contract, type ContractNode, type Effect, effectOn, type Fact } from '../contract/contract.ts';
import { typesOf } from '../contract/shape.ts';
import { type CodexVersion, isWithin } from '../contract/version.ts';
import { tomlText } from '../requirements/toml.ts';
import { type Data, type DataTable, isTable } from '../source/document.ts';
import type { Case } from './cases.ts';
import { rangesOf, readers } from './changes.ts';
import { type Hint, hintIn, typeOfExpected } from './messages.ts';
import { fileWith, merged } from './minimal-file.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { type Place, placesOf } from './places.ts';
import type { Outcomes } from './probe.ts';
import { tableOf } from './sample-values.ts';
import { companionOf, sampleOf } from './samples.ts';

/** Asks the release's command line about a text. */
export type Ask = (text: string) => Promise<Outcome>;

/** A key or value that a release knows and the contract does not. */
export interface Discovery {
  readonly subject: string;
  /** Absent where no fact can say it. */
  readonly fact?: Fact;
  /** What a person must still look at: a form that the facts cannot say. */
  readonly doubt?: string;
}

/** Values that the message about an unknown text names, and that have no fact. */
export function valuesNamed(
  contract: Contract,
  cases: readonly Case[],
  outcomes: Outcomes,
  version: CodexVersion,
): readonly Discovery[] {
  const places = new Map(placesOf(contract).map((place) => [place.node.subject, place.node]));
  return cases.flatMap(({ id, subject, question }) => {
    const node = places.get(subject);
    const hint = question === 'stranger' ? hintIn(outcomes.get(id)?.message ?? '') : undefined;
    if (!node || hint?.kind !== 'unknown-variant') return [];
    // Tables of one member are variants as well: their names are keys of the place.
    return hint.expected
      .filter((text) => !node.values.has(text) && !node.members.has(text))
      .map((text) => discovered(valueFact(node, text, version, contract)));
  });
}

function discovered(fact: Fact, doubt?: string): Discovery {
  return { subject: fact.subject, fact, ...(doubt === undefined ? {} : { doubt }) };
}

function valueFact(node: ContractNode, text: string, version: CodexVersion, contract: Contract): Fact {
  const before = (at: CodexVersion): Effect => {
    const key = node.fact ? effectOn(node.fact, at) : 'enforced';
    return key === 'enforced' ? 'file-rejected' : key;
  };
  return {
    subject: `${node.subject}=${text}`,
    kind: 'value',
    ranges: rangesSince(version, before, contract),
    evidence: `measured on ${version}: named among the values that are expected`,
  };
}

/** Ranges that end with `enforced` from a release on; before it, what is said of each release. */
export function rangesSince(
  version: CodexVersion,
  before: (at: CodexVersion) => Effect,
  contract: Contract,
): Fact['ranges'] {
  const versions = readers(contract.releases);
  return rangesOf(
    versions.map((at) => (isWithin(at, { from: version }) ? 'enforced' : before(at))),
    versions,
  );
}

/** What a table's release does with a key that it does not know. */
export function strangerOn(subject: string, contract: Contract, at: CodexVersion, node?: ContractNode): Effect {
  const table = node?.fact ? effectOn(node.fact, at) : 'enforced';
  if (table !== 'enforced' && table !== 'weakened') return table;
  for (let place = subject; ; place = place.replace(/(?:^|\.)[^.]*$/, '')) {
    const fact = contract.unknown.get(place);
    if (fact) return effectOn(fact, at);
    if (place === '') return 'ignored';
  }
}

/**
 * Members of a table that the release knows and the contract does not. All candidates stand in one file, each with a
 * value that fits no key: if the release takes it, it knows none of them; else the half that it refuses is asked again.
 */
export async function membersKnown(
  place: Place | undefined,
  contract: Contract,
  candidates: readonly string[],
  outcome: Outcome | undefined,
  ask: Ask,
): Promise<readonly string[]> {
  const node = place?.node ?? contract.root;
  // A handler's `type` chose the variant.
  const isNew = (name: string): boolean => !node.members.has(name) && !(name === 'type' && node.subject.endsWith(')'));
  const hint = hintIn(outcome?.message ?? '');
  // A table that refuses strangers names its members itself.
  if (hint?.kind === 'unknown-field') return hint.expected.filter(isNew);
  if (outcome && isRefused(outcome)) return [];
  const refused = (names: readonly string[], value: Data): Promise<readonly string[]> =>
    refusedAmong(names, (some) => ask(tomlText(fileOf(place, contract, some, value))));
  const asked = candidates.filter(isNew);
  // A number fits no text, list or table; a list of a list fits no number.
  const found = await refused(asked, 5n);
  const more = await refused(
    asked.filter((name) => !found.includes(name)),
    [[tableOf({ codex_mdm_probe: [] })]],
  );
  return [...found, ...more].sort();
}

/** A good file whose table at a place holds these names as well, each with the same value. */
function fileOf(place: Place | undefined, contract: Contract, names: readonly string[], value: Data): DataTable {
  const own = tableOf(Object.fromEntries(names.map((name) => [name, value])));
  if (!place) return own;
  const sample = sampleOf(
    place.node,
    typesOf(place.node).find((type) => type === 'table' || type === 'map'),
  );
  return fileWith(place, contract.root, merged(isTable(sample) ? sample : tableOf({}), own));
}

/** Those of the names for which a file is refused; halves are asked until one name stands alone. */
async function refusedAmong(
  names: readonly string[],
  ask: (names: readonly string[]) => Promise<Outcome>,
): Promise<readonly string[]> {
  if (names.length === 0 || !isRefused(await ask(names))) return [];
  if (names.length === 1) return names;
  const half = names.length >> 1;
  return [...(await refusedAmong(names.slice(0, half), ask)), ...(await refusedAmong(names.slice(half), ask))];
}

/** Names that a table of free names does not take, though what stands below them is good. */
export async function namesRefused(
  place: Place,
  contract: Contract,
  candidates: readonly string[],
  ask: Ask,
): Promise<readonly string[]> {
  const { wildcard, members } = place.node;
  if (!wildcard) return [];
  const good = sampleOf(wildcard);
  const askWith = (names: readonly string[]): Promise<Outcome> =>
    ask(tomlText(merged(companionOf(wildcard.subject), fileOf(place, contract, names, good))));
  // Where not even a plain name is good, names have a form of their own.
  if (isRefused(await askWith(['codex_mdm_probe']))) return [];
  const names = candidates.filter((name) => !members.has(name));
  return refusedAmong(names, askWith);
}

/** What can be learnt about a new key by asking with values of each type, down to its elements and members. */
export async function learnKey(
  place: Place | undefined,
  name: string,
  contract: Contract,
  version: CodexVersion,
  ask: Ask,
): Promise<readonly Discovery[]> {
  const node = place?.node ?? contract.root;
  const subject = memberSubject(node.subject, name);
  const askWith = (value: Data): Promise<Outcome> => ask(tomlText(fileOf(place, contract, [name], value)));
  const ranges = rangesSince(version, (at) => strangerOn(node.subject, contract, at, node), contract);
  const evidence = `measured on ${version}: a value of a wrong type is refused, and a right one taken`;
  const learnt = await learn(subject, askWith, (value) => value, { ranges, evidence });
  return node.subject === 'hooks' ? learnt.slice(0, 1).map(asEvent) : learnt;
}

/** A list below `hooks` is an event: its groups are those of all events. */
function asEvent(learnt: Discovery): Discovery {
  if (learnt.fact?.type !== 'array') return learnt;
  const doubt = 'a new event: whether it applies a matcher, cuts timeouts or drops fields shows in sessions only';
  return discovered({ ...learnt.fact, kind: 'event', matcher: true }, doubt);
}

/** The subject of a member. */
export function memberSubject(table: string, name: string): string {
  const step = /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
  return table === '' ? step : `${table}.${step}`;
}

async function learn(
  subject: string,
  askWith: (value: Data) => Promise<Outcome>,
  around: (value: Data) => Data,
  shared: Pick<Fact, 'ranges' | 'evidence'>,
  depth = 0,
): Promise<readonly Discovery[]> {
  const wrong = await askWith(around(5n));
  const type = isRefused(wrong) ? typeIn(wrong) : await typeOfNumber(askWith, around);
  const text = type === 'string' || type === 'enum' ? await askWith(around('codex-mdm-probe')) : undefined;
  const variants = text && isRefused(text) ? hintIn(text.message ?? '') : undefined;
  const isEnum = variants?.kind === 'unknown-variant';
  const key = (own: Partial<Fact>): Fact => ({ subject, kind: 'key', type: 'any', ...own, ...shared });
  if (type === undefined || depth > 3)
    return [discovered(key({}), `of a type that was not understood: ${wrong.message ?? 'every value is taken'}`)];
  if (isEnum)
    return [
      discovered(key({ type: 'enum' })),
      ...variants.expected.map((value) => discovered({ subject: `${subject}=${value}`, kind: 'value', ...shared })),
    ];
  const own = discovered(
    key({ type }),
    text && isRefused(text) ? `a text of a certain form: ${text.message}` : undefined,
  );
  if (type === 'array')
    return [own, ...(await learn(`${subject}[]`, askWith, (value) => around([value]), shared, depth + 1))];
  if (type === 'map')
    return [
      own,
      ...(await learn(`${subject}.<name>`, askWith, (value) => around(tableOf({ example: value })), shared, depth + 1)),
    ];
  if (type !== 'table') return [own];
  const empty = await askWith(around(tableOf({})));
  const missing = isRefused(empty) ? hintIn(empty.message ?? '') : undefined;
  if (!isRefused(empty)) return [own];
  return [
    {
      ...own,
      doubt: missing?.kind === 'missing-field' ? `the table needs \`${missing.name}\`` : (empty.message ?? ''),
    },
  ];
}

function typeIn({ message }: Outcome): string | undefined {
  const hint: Hint | undefined = hintIn(message ?? '');
  if (hint?.kind === 'unknown-variant') return 'enum';
  return hint?.kind === 'type' ? typeOfExpected(hint.expected) : undefined;
}

/** A key that takes a number: one that takes nothing else, or anything at all. */
async function typeOfNumber(
  askWith: (value: Data) => Promise<Outcome>,
  around: (value: Data) => Data,
): Promise<string | undefined> {
  return isRefused(await askWith(around('codex-mdm-probe'))) ? 'integer' : undefined;
}
