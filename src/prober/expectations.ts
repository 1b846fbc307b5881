import type { Fact } from '../contract/contract.ts';
import { type Data, type DataTable, emptyTable, isTable, valueAt } from '../source/document.ts';
import { strangeName } from './cases.ts';
import { hintIn, typeOfExpected } from './messages.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { tableOf } from './sample-values.ts';

// What a release expects of a value, by what it says to a wrong one.

/** What a release does with a good file in which a key holds this value. */
export type AskWith = (value: Data) => Promise<Outcome>;

/** Texts that a table may need: where one is of a wrong form, the release says so of the whole. */
const texts = ['example', 'https://login.example.com/', '/usr/share'];

/** A table with what messages call missing, or with a stranger where it may not be empty; else what it is refused for. */
export async function completed(askWith: AskWith): Promise<{ base?: DataTable; message?: string }> {
  let message: string | undefined;
  for (const text of texts) {
    const filled = await filledWith(text, askWith);
    if (filled.base) return filled;
    message ??= filled.message;
  }
  const strange = tableOf({ [strangeName]: 5n });
  return isRefused(await askWith(strange)) ? { message: message ?? '' } : { base: strange };
}

async function filledWith(text: string, askWith: AskWith): Promise<{ base?: DataTable; message?: string }> {
  let base: DataTable = tableOf({});
  for (;;) {
    const outcome = await askWith(base);
    if (!isRefused(outcome)) return { base };
    const { message = '' } = outcome;
    const hint = hintIn(message);
    if (hint?.kind !== 'missing-field') return { message };
    const known = base;
    const path = [...tableIn(known, message), hint.name];
    if (valueAt(known, path) !== undefined) return { message };
    base = withAt(known, path, await placeholder(text, (value) => askWith(withAt(known, path, value))));
  }
}

/** The table within one that a message is about: what its path ends with. */
function tableIn(table: DataTable, message: string): readonly string[] {
  const path = / in `([^`]*)`$/.exec(message)?.[1]?.split('.') ?? [];
  const ends = path.map((_, at) => path.slice(at));
  return ends.find((end) => isTable(valueAt(table, end))) ?? [];
}

/** A value of the right type for a member, beside which others may be missing yet. */
async function placeholder(text: string, askWith: AskWith): Promise<Data> {
  switch (typeIn(await askWith(5n))) {
    case 'boolean':
      return true;
    case 'string':
      return text;
    case 'path':
      return '/usr/share';
    case 'array':
      return [];
    case 'table':
    case 'map':
      return tableOf({});
    case 'enum': {
      const hint = hintIn((await askWith('codex-mdm-probe')).message ?? '');
      return hint?.kind === 'unknown-variant' ? (hint.expected[0] ?? '') : 'example';
    }
    default:
      return 5n;
  }
}

/** The limits of an integer that a file shows: those of unsigned numbers, of ports, and of what may not be 0. */
export async function limits(askWith: AskWith): Promise<Pick<Fact, 'minimum' | 'maximum'>> {
  const takes = async (value: bigint): Promise<boolean> => !isRefused(await askWith(value));
  const minimum = (await takes(-1n)) ? undefined : (await takes(0n)) ? 0 : 1;
  const isPort = !(await takes(65536n)) && (await takes(65535n));
  return { ...(minimum === undefined ? {} : { minimum }), ...(isPort ? { maximum: 65535 } : {}) };
}

/** The type that a refusal names. */
export function typeIn({ message }: Outcome): string | undefined {
  const hint = hintIn(message ?? '');
  if (hint?.kind === 'unknown-variant') return 'enum';
  return hint?.kind === 'type' ? typeOfExpected(hint.expected) : undefined;
}

/** A key that takes a number: one that takes nothing else, or anything at all. */
export async function typeOfNumber(askWith: AskWith): Promise<string | undefined> {
  return isRefused(await askWith('codex-mdm-probe')) ? 'integer' : undefined;
}

function withAt(table: DataTable, [name = '', ...rest]: readonly string[], value: Data): DataTable {
  const inner = table[name];
  return withMember(table, name, rest.length > 0 && isTable(inner) ? withAt(inner, rest, value) : value);
}

/** A table with one more member, or with another value of it. */
export function withMember(table: DataTable, name: string, value: Data): DataTable {
  return Object.assign(emptyTable(), table, { [name]: value });
}
