import { type Contract, type ContractNode, effectOn, isRead } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import { tomlText } from '../requirements/toml.ts';
import { type DataTable, emptyTable, isTable, valueAt } from '../source/document.ts';
import { casesOf } from './cases.ts';
import { type Discovery, discovered, fileOf } from './discover.ts';
import type { Search } from './learn.ts';
import { merged } from './minimal-file.ts';
import { isRefused, type Outcome } from './outcome.ts';
import { type Place, placesOf } from './places.ts';
import { tableOf } from './sample-values.ts';

/** Fewer members may be the same by chance. */
const fewestMembers = 3;

/**
 * What was learnt of a new table, as another spelling of a known one where it is one: it has the same members, and each
 * file about what stands below the known one fares the same when it is said here. Else as it was learnt.
 */
export async function asSpelling(
  learnt: readonly Discovery[],
  place: Place | undefined,
  name: string,
  { contract, version, ask }: Search,
): Promise<readonly Discovery[]> {
  const [table, ...below] = learnt;
  if (!table?.fact) return learnt;
  const { subject, fact } = table;
  const members = new Set(below.flatMap((one) => memberName(one, subject) ?? []));
  for (const known of tablesLike(members, contract, version)) {
    const files = pairs(known, place, name, contract);
    const outcomes = await Promise.all(
      files.map(async ([file, other]) => [await ask(tomlText(file)), await ask(tomlText(other))] as const),
    );
    if (!outcomes.every(([outcome, other]) => isSame(outcome, other))) continue;
    // What is said of the table as a whole is its own: where an empty one is refused, say.
    const own = below.filter((one) => one.subject.startsWith(`${subject}=`));
    const evidence = `${fact.evidence}; ${files.length} files fare as they do in ${known.node.subject}`;
    const [file, other] = files.find((_, at) => outcomes[at]?.every(({ what }) => what === 'taken')) ?? [];
    const both = file && other && (await ask(tomlText(merged(file, other))));
    const doubt =
      both && isRefused(both) ? `a rule: refused beside \`${known.node.subject}\`: ${both.message}` : undefined;
    const spelling = discovered({ ...fact, aliasOf: known.node.subject, evidence }, doubt);
    return [spelling, ...own];
  }
  return learnt;
}

/** The name of a member, of a discovery that is one. */
function memberName({ fact }: Discovery, table: string): string | undefined {
  if (fact?.kind !== 'key' || !fact.subject.startsWith(`${table}.`)) return undefined;
  const name = fact.subject.slice(table.length + 1);
  return /^[\w-]+$/.test(name) ? name : undefined;
}

/** Known tables, with no free names above them, that have these members on a release. */
function tablesLike(members: ReadonlySet<string>, contract: Contract, version: CodexVersion): readonly Place[] {
  if (members.size < fewestMembers) return [];
  return placesOf(contract).filter(({ node, steps }) => {
    if (node.fact?.type !== 'table' || node.fact.aliasOf || !steps.every(({ via }) => via === 'member')) return false;
    const names = membersOn(node, version);
    return names.length === members.size && names.every((name) => members.has(name));
  });
}

function membersOn({ members }: ContractNode, version: CodexVersion): readonly string[] {
  return [...members].flatMap(([name, { fact }]) => (fact && isRead(effectOn(fact, version)) ? [name] : []));
}

/** Each file about what stands below a known table, and the same file with that table in the other place. */
function pairs(
  { node, steps }: Place,
  place: Place | undefined,
  name: string,
  contract: Contract,
): readonly (readonly [file: DataTable, other: DataTable])[] {
  const path = steps.map((step) => step.name);
  return casesOf(contract).flatMap(({ subject, file }) => {
    const table = valueAt(file, path);
    // A table without members may mean something else as a whole.
    if (!subject.startsWith(`${node.subject}.`) || !isTable(table) || Object.keys(table).length === 0) return [];
    const moved = fileOf(place, contract, tableOf({ [name]: table }), true);
    return [[file, merged(without(file, path), moved)] as const];
  });
}

function without(table: DataTable, [name, ...rest]: readonly string[]): DataTable {
  const result = Object.assign(emptyTable(), table);
  const inner = name === undefined ? undefined : table[name];
  if (name === undefined) return result;
  if (rest.length > 0 && isTable(inner)) result[name] = without(inner, rest);
  else delete result[name];
  return result;
}

/** The same words, but for the place that they name. */
function isSame(outcome: Outcome, other: Outcome): boolean {
  const words = ({ what, message = '' }: Outcome): string => `${what} ${message.replace(/ in `[^`]*`/g, '')}`;
  return words(outcome) === words(other);
}
