import type { Contract, Fact } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import { tomlText } from '../requirements/toml.ts';
import { type Data, type DataTable, isTable } from '../source/document.ts';
import { strangeName } from './cases.ts';
import {
  type Ask,
  type Discovery,
  discovered,
  fileOf,
  memberSubject,
  namesTyped,
  neighboursAt,
  rangesSince,
  strangerOn,
} from './discover.ts';
import { type AskWith, completed, limits, typeIn, typeOfNumber, withMember } from './expectations.ts';
import { listForm } from './list-forms.ts';
import { hintIn } from './messages.ts';
import { merged } from './minimal-file.ts';
import { isRefused, type Outcome } from './outcome.ts';
import type { Place } from './places.ts';
import { tableOf } from './sample-values.ts';
import { firstTaken, trialsOf, typeOfTrial } from './trials.ts';

/** What was learnt of a key. */
export interface Learnt {
  /** The key itself is the first. */
  readonly found: readonly [Discovery, ...(readonly Discovery[])];
  /** A value that the release takes there; undefined where none was found. */
  readonly good: Data | undefined;
}

/** A release that is asked for keys that the contract does not have. */
export interface Search {
  readonly contract: Contract;
  readonly version: CodexVersion;
  /** Asks its command line. */
  readonly ask: Ask;
  /** What may be a key. */
  readonly candidates: readonly string[];
  /** The texts of the program. */
  readonly lists: readonly (readonly string[])[];
}

/** What learning a key needs to know beyond the key. */
interface Lore extends Search {
  readonly ranges: Fact['ranges'];
  readonly evidence: string;
}

/** Deeper than this no key is learnt at once. */
const maxDepth = 4;

/** What can be learnt about a new key by asking with values of each type, down to its elements and members. */
export async function learnKey(place: Place | undefined, name: string, search: Search): Promise<Learnt> {
  const { contract, version, ask } = search;
  const node = place?.node ?? contract.root;
  const subject = memberSubject(node.subject, name);
  const askIn =
    (isAlone: boolean): AskWith =>
    (value) =>
      ask(tomlText(fileOf(place, contract, tableOf({ [name]: value }), isAlone)));
  const lore: Lore = {
    ...search,
    ranges: rangesSince(version, (at) => strangerOn(node.subject, contract, at, node), contract),
    evidence: `measured on ${version}: a value of a wrong type is refused, and a right one taken`,
  };
  const beside = await learn(subject, askIn(false), lore);
  if (node.subject === 'hooks') return { ...beside, found: [asEvent(beside.found[0])] };
  if (beside.good !== undefined || !place) return beside;
  const alone = await learn(subject, askIn(true), lore);
  if (alone.good === undefined) return beside;
  const { good } = alone;
  const neighbours = await Promise.all(
    Object.entries(neighboursAt(place)).map(async ([other, value]) => {
      const both = tableOf({ [other]: value, [name]: good });
      return isRefused(await ask(tomlText(fileOf(place, contract, both, true)))) ? [`\`${other}\``] : [];
    }),
  );
  const { message = '' } = await askIn(false)(good);
  const doubt = `a rule: refused beside ${neighbours.flat().join(', ')}: ${message}`;
  const [first, ...others] = alone.found;
  return { ...alone, found: [{ ...first, doubt }, ...others] };
}

/** A list below `hooks` is an event: its groups are those of all events. */
function asEvent(learnt: Discovery): Discovery {
  if (learnt.fact?.type !== 'array') return learnt;
  const doubt = 'a new event: whether it applies a matcher, cuts timeouts or drops fields shows in sessions only';
  return discovered({ ...learnt.fact, kind: 'event', matcher: true }, doubt);
}

async function learn(subject: string, askWith: AskWith, lore: Lore, depth = 0): Promise<Learnt> {
  const { ranges, evidence } = lore;
  const key = (own: Partial<Fact>): Fact => ({ subject, kind: 'key', type: 'any', ...own, ranges, evidence });
  const wrong = await askWith(5n);
  const told = isRefused(wrong) ? typeIn(wrong) : await typeOfNumber(askWith);
  const tried = told === undefined && isRefused(wrong) ? await firstTaken(trialsOf(lore.contract), askWith) : undefined;
  const type = told ?? (tried === undefined ? undefined : typeOfTrial(tried));
  const inside = (step: string, around: (value: Data) => Data): Promise<Learnt> =>
    learn(`${subject}${step}`, (value) => askWith(around(value)), lore, depth + 1);
  switch (depth > maxDepth ? undefined : type) {
    case undefined:
      return {
        found: [discovered(key({}), `of a type that was not understood: ${wrong.message ?? 'every value is taken'}`)],
        good: tried,
      };
    case 'boolean':
      return { found: [discovered(key({ type: 'boolean' }))], good: true };
    case 'integer':
      return { found: [discovered(key({ type: 'integer', ...(await limits(askWith)) }))], good: 5n };
    case 'string':
    case 'path':
    case 'enum':
      return learnText(key({ type: type ?? '' }), askWith, lore, depth);
    case 'array': {
      const { found, good } = await inside('[]', (value) => [value]);
      return { found: [discovered(key({ type: 'array' })), ...found], good: good === undefined ? [] : [good] };
    }
    case 'map': {
      const { base = tableOf({}) } = await completed(askWith);
      const table = await learnMembers(key({ type: 'table' }), base, askWith, lore, depth);
      if (table) return table;
      const { found, good } = await inside('.<name>', (value) => tableOf({ example: value }));
      return {
        found: [discovered(key({ type: 'map' })), ...found],
        good: good === undefined ? undefined : tableOf({ example: good }),
      };
    }
    default:
      return learnTable(key({ type: 'table' }), isTable(tried) ? tried : undefined, askWith, lore, depth);
  }
}

async function learnText(fact: Fact, askWith: AskWith, lore: Lore, depth: number): Promise<Learnt> {
  const outcome = await askWith('codex-mdm-probe');
  if (!isRefused(outcome)) {
    const blank = isRefused(await askWith('')) ? [discovered(refusedValue(fact.subject, '', lore))] : [];
    return { found: [discovered(fact), ...blank], good: 'codex-mdm-probe' };
  }
  const hint = hintIn(outcome.message ?? '');
  if (hint?.kind === 'unknown-variant') return learnVariants(fact, hint.expected, askWith, lore, depth);
  const good = await firstTaken(
    trialsOf(lore.contract).filter((one) => typeof one === 'string'),
    askWith,
  );
  return { found: [discovered(fact, `a text of a certain form: ${outcome.message}`)], good };
}

/** The variants of an enumeration: a text each, or a table of one member. */
async function learnVariants(
  fact: Fact,
  names: readonly string[],
  askWith: AskWith,
  lore: Lore,
  depth: number,
): Promise<Learnt> {
  const { subject } = fact;
  const { ranges, evidence } = lore;
  const variants = await Promise.all(
    names.map(async (name): Promise<Learnt> => {
      const value = discovered({ subject: `${subject}=${name}`, kind: 'value', ranges, evidence });
      if (!isRefused(await askWith(name))) return { found: [value], good: name };
      const below = (inner: Data): Promise<Outcome> => askWith(tableOf({ [name]: inner }));
      const { found, good } = await learn(memberSubject(subject, name), below, lore, depth + 1);
      return good === undefined ? { found: [value], good } : { found, good: tableOf({ [name]: good }) };
    }),
  );
  const tables = variants.map(({ good }) => good).filter(isTable);
  const [one, two] = tables;
  const both = one && two && (await askWith(merged(one, two)));
  const doubt = both && isRefused(both) ? `a rule: refused with two members: ${both.message}` : undefined;
  const isEmptyRefused = tables.length > 0 && isRefused(await askWith(tableOf({})));
  return {
    found: [
      discovered({ ...fact, type: tables.length > 0 ? ['enum', 'table'] : 'enum' }, doubt),
      ...(isEmptyRefused ? [discovered(refusedValue(subject, '{}', lore))] : []),
      ...variants.flatMap(({ found }) => found),
    ],
    good: variants.find(({ good }) => good !== undefined)?.good,
  };
}

/** The fact that one value, such as an empty one, is refused. */
function refusedValue(subject: string, value: string, { ranges, evidence }: Lore): Fact {
  const since = ranges.map((range) =>
    range.to === undefined ? { ...range, effect: 'file-rejected' as const } : range,
  );
  return { subject: `${subject}=${value}`, kind: 'value', ranges: since, evidence };
}

async function learnTable(
  fact: Fact,
  tried: DataTable | undefined,
  askWith: AskWith,
  lore: Lore,
  depth: number,
): Promise<Learnt> {
  const { base, message } = tried ? { base: tried, message: undefined } : await completed(askWith);
  const learnt = base && (await learnMembers(fact, base, askWith, lore, depth));
  return learnt ?? { found: [discovered(fact, message)], good: base };
}

/**
 * The members of a table, which `base` has as good as they are needed. Undefined where it does not say which it knows:
 * any name would be one.
 */
async function learnMembers(
  fact: Fact,
  base: DataTable,
  askWith: AskWith,
  lore: Lore,
  depth: number,
): Promise<Learnt | undefined> {
  const askBeside = (own: DataTable): Promise<Outcome> => askWith(merged(base, own));
  const stranger = await askBeside(tableOf({ [strangeName]: 5n }));
  const hint = hintIn(stranger.message ?? '');
  const isNamed = isRefused(stranger) && hint?.kind === 'unknown-field';
  const isSilent = !isRefused(stranger) && !isRefused(await askBeside(tableOf({ [strangeName]: [[]] })));
  if (!isNamed && !isSilent) return undefined;
  const own = Object.keys(base).filter((name) => name !== strangeName);
  const others = lore.candidates.filter((name) => !own.includes(name));
  const names = isNamed ? hint.expected : [...own, ...(await namesTyped(others, askBeside))];
  const empty = await askWith(tableOf({}));
  const members = await Promise.all(
    names.map(async (name): Promise<Learnt> => {
      const rest = without(base, name);
      const isNeeded = own.includes(name) && isRefused(await askWith(rest));
      const subject = memberSubject(fact.subject, name);
      const { found, good } = await learn(subject, (value) => askWith(withMember(rest, name, value)), lore, depth + 1);
      const [first, ...below] = found;
      const needed = first.fact && isNeeded ? { ...first, fact: { ...first.fact, required: true as const } } : first;
      return { found: [needed, ...below], good };
    }),
  );
  if (members.length === 0) return undefined;
  const found = members.flatMap((one) => one.found);
  // What is refused for a member that it lacks needs no fact of its own.
  const isEmptyRefused = isRefused(empty) && !members.some(({ found: [first] }) => first.fact?.required);
  const refused = isEmptyRefused ? [discovered(refusedValue(fact.subject, '{}', lore))] : [];
  const goods = names.flatMap((name, at) => {
    const good = members[at]?.good;
    return good === undefined ? [] : [[name, good] as const];
  });
  const list = goods.length < names.length ? undefined : await listForm(new Map(goods), lore.lists, askWith);
  const from = fact.ranges[0]?.from;
  const table = list && from ? { ...fact, lists: [{ from, ...list }] } : fact;
  return { found: [discovered(table), ...refused, ...found], good: base };
}

function without(table: DataTable, name: string): DataTable {
  return tableOf(Object.fromEntries(Object.entries(table).filter(([one]) => one !== name)));
}
