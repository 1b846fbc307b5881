import type { Contract, ContractNode } from '../contract/contract.ts';
import { tomlText } from '../requirements/toml.ts';
import { type Data, isArray, isTable } from '../source/document.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { placesOf } from './places.ts';
import { tableOf } from './sample-values.ts';
import { isUndescribed, sampleOf } from './samples.ts';

// Where a release's messages name neither members nor types: what is good at one place is tried at another.

const known = new WeakMap<Contract, readonly Data[]>();

/** A value of each kind: plain ones, then all tables that are good somewhere, the short ones first, then lists. */
export function trialsOf(contract: Contract): readonly Data[] {
  const made = known.get(contract) ?? makeTrials(contract);
  known.set(contract, made);
  return made;
}

const plain: readonly Data[] = [true, 1n, 'example', '/usr/share', 'https://login.example.com/'];

/** Last: a list may stand for a table. */
const lists: readonly Data[] = [[], ['example']];

function makeTrials(contract: Contract): readonly Data[] {
  const tables = new Map<string, Data>([['', tableOf({})]]);
  for (const { node } of placesOf(contract)) {
    const sample = isUndescribed(node) ? undefined : sampleOf(node);
    if (isTable(sample)) tables.set(tomlText(sample), sample);
  }
  const sorted = [...tables].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return [...plain, ...sorted.map(([, table]) => table), ...lists];
}

/** The first of some values that is taken. */
export async function firstTaken(
  values: readonly Data[],
  askWith: (value: Data) => Promise<Outcome>,
): Promise<Data | undefined> {
  for (const value of values) if (!isRefused(await askWith(value))) return value;
  return undefined;
}

/** The contract's type of a value that is taken where no message says what is expected. */
export function typeOfTrial(value: Data): string {
  if (isTable(value)) return 'table';
  if (isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'bigint' ? 'integer' : 'string';
}

/**
 * Names that a table may have, which refuses strangers and names no member: those that its message names, and those of
 * the program's lists that are members of this table for the half at least.
 */
export function namesHinted(
  { members }: ContractNode,
  message: string,
  lists: readonly (readonly string[])[],
): readonly string[] {
  // A path is where it stands, and no name.
  const words = message.replace(/`[^`]*`/g, ' ').match(/\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g) ?? [];
  const beside = lists.filter((list) => {
    const own = new Set(list.filter((name) => members.has(name)));
    return own.size >= 2 && own.size * 2 >= list.length;
  });
  return [...new Set([...words, ...beside.flat()])].filter((name) => !members.has(name)).sort();
}

/** Whether a key is one that the release knows: some value is taken, or is refused in words that no stranger hears. */
export async function isKnownByTrial(
  stranger: Outcome,
  values: readonly Data[],
  askWith: (value: Data) => Promise<Outcome>,
): Promise<boolean> {
  for (const value of values) {
    const outcome = await askWith(value);
    if (!isRefused(outcome) || outcome.message !== stranger.message) return true;
  }
  return false;
}
