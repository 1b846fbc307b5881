import {
  type Contract,
  type ContractNode,
  type Effect,
  effectOn,
  type Fact,
  type ListForm,
} from '../contract/contract.ts';
import { typesOf } from '../contract/shape.ts';
import { type CodexVersion, isWithin } from '../contract/version.ts';
import { tomlText } from '../requirements/toml.ts';
import { type Data, type DataTable, isTable } from '../source/document.ts';
import type { Case } from './cases.ts';
import { rangesOf, readers } from './changes.ts';
import { hintIn } from './messages.ts';
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
  /** Of a table that the contract knows: how a list in its place is read now. */
  readonly list?: ListForm;
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

/** A fact that a person need not look at, unless there is a doubt. */
export function discovered(fact: Fact, doubt?: string): Discovery {
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

/** Ranges that end with an effect from a release on; before it, what is said of each release. */
export function rangesSince(
  version: CodexVersion,
  before: (at: CodexVersion) => Effect,
  contract: Contract,
  effect: Effect = 'enforced',
): Fact['ranges'] {
  const versions = readers(contract.releases);
  return rangesOf(
    versions.map((at) => (isWithin(at, { from: version }) ? effect : before(at))),
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

/** Members of a table that the release knows and the contract does not; `outcome` is what became of a stranger in it. */
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
  return namesTyped(candidates.filter(isNew), (some) => ask(tomlText(fileOf(place, contract, some))));
}

/**
 * Those of the names that a table knows, where strangers are passed over. All stand in one file, each with a value that
 * fits no key: if the release takes it, it knows none of them; else the half that it refuses is asked again.
 */
export async function namesTyped(
  names: readonly string[],
  ask: (own: DataTable) => Promise<Outcome>,
): Promise<readonly string[]> {
  const refused = (among: readonly string[], value: Data): Promise<readonly string[]> =>
    refusedAmong(among, (some) => ask(tableOf(Object.fromEntries(some.map((name) => [name, value])))));
  // A number fits no text, list or table; a list of a list fits no number.
  const found = await refused(names, 5n);
  const more = await refused(
    names.filter((name) => !found.includes(name)),
    [[tableOf({ codex_mdm_probe: [] })]],
  );
  return [...found, ...more].sort();
}

/** A good file whose table at a place holds these members as well, or holds them alone. */
export function fileOf(place: Place | undefined, contract: Contract, own: DataTable, isAlone = false): DataTable {
  if (!place) return own;
  return fileWith(place, contract.root, isAlone ? own : merged(neighboursAt(place), own));
}

/** What stands in a table of a good file. */
export function neighboursAt({ node }: Place): DataTable {
  const sample = sampleOf(
    node,
    typesOf(node).find((type) => type === 'table' || type === 'map'),
  );
  return isTable(sample) ? sample : tableOf({});
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
    ask(
      tomlText(
        merged(
          companionOf(wildcard.subject),
          fileOf(place, contract, tableOf(Object.fromEntries(names.map((name) => [name, good])))),
        ),
      ),
    );
  // Where not even a plain name is good, names have a form of their own.
  if (isRefused(await askWith(['codex_mdm_probe']))) return [];
  const names = candidates.filter((name) => !members.has(name));
  return refusedAmong(names, askWith);
}

/** The subject of a member. */
export function memberSubject(table: string, name: string): string {
  const step = /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
  return table === '' ? step : `${table}.${step}`;
}
