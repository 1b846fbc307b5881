import { shorten } from '../source/describe.ts';
import { type Data, formatPath, isArray, isTable, type KeyPath } from '../source/document.ts';
import type { Contract, Fact } from './contract.ts';
import { nodeAt } from './misplaced.ts';

/** How a value of the wrong kind is written right, where that is plain to see. */
export function repairOf(
  expected: readonly string[],
  found: Data,
  path: KeyPath,
  fact: Fact,
  contract: Contract,
): string | undefined {
  const wants = (type: string): boolean => expected.includes(type);
  const quoted = typeof found === 'string' ? shorten(JSON.stringify(found)) : undefined;
  if (wants('array') && isTable(found) && isListOfTables(fact, contract))
    return `write \`[[${shorten(formatPath(path))}]]\`, with two brackets`;
  if (wants('array') && quoted !== undefined) return `write \`[${quoted}]\``;
  if (wants('table') && quoted !== undefined && path[0] === 'rules') return `write \`{ token = ${quoted} }\``;
  if (wants('table') && quoted !== undefined && path.at(-2) === 'args')
    return `write \`{ match = "exact", value = ${quoted} }\``;
  if (wants('table') && quoted !== undefined && path.at(-1) === 'identity') return `write \`{ command = ${quoted} }\``;
  if (wants('integer') && typeof found === 'number' && Number.isFinite(found))
    return `write \`${Math.ceil(found)}\`, a whole number`;
  if (wants('integer') && typeof found === 'string') {
    const digits = /^\s*(\d{1,9})\s*(?:s|sec|secs|seconds)?\s*$/.exec(found)?.[1];
    return digits === undefined ? undefined : `write \`${Number(digits)}\`, without quotes and unit`;
  }
  if (wants('boolean') && (found === 'true' || found === 'false')) return `write \`${found}\`, without quotes`;
  const [only] = isArray(found) && found.length === 1 ? found : [];
  if ((wants('string') || wants('path') || wants('enum')) && typeof only === 'string')
    return `write \`${shorten(JSON.stringify(only))}\`, without brackets`;
  if (expected.length > 0 && expected.every((type) => type === 'table' || type === 'map')) {
    if (isTable(only)) return `write \`[${shorten(formatPath(path))}]\`, with one pair of brackets`;
    return tableWith(membersAt(path, contract));
  }
  return wants('enum') ? oneOfThese(found, path, fact, contract) : undefined;
}

/** So many members of a table are named. */
const mostMembers = 4;

/** Which members a table may have; undefined where their names are free. */
function tableWith(members: readonly string[]): string | undefined {
  if (members.length === 0) return undefined;
  const named = members.slice(0, mostMembers).map((name) => `\`${name}\``);
  const others = members.length - named.length;
  return `write a table with ${members.length > 1 ? 'one or more of ' : ''}${named.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

/** The members of a table that the newest release takes, those that must stand first. */
function membersAt(path: KeyPath, contract: Contract): string[] {
  const taken = [...(nodeAt(path, contract)?.members ?? [])].filter(
    ([, { fact }]) => fact?.kind !== 'flag' && fact?.ranges.at(-1)?.effect === 'enforced' && fact.aliasOf === undefined,
  );
  const isRequired = ([, { fact }]: (typeof taken)[number]): boolean => fact?.required === true;
  return [...taken.filter(isRequired), ...taken.filter((one) => !isRequired(one))].map(([name]) => name);
}

/** Whether the elements of a list are tables, and nothing else. */
function isListOfTables({ subject, kind }: Fact, { facts }: Contract): boolean {
  const has = (begin: string): boolean => facts.some((fact) => fact.subject.startsWith(begin));
  return kind === 'event' || (has(`${subject}[].`) && !has(`${subject}[]=`));
}

/** The values of an enumeration; a table in the place of one is mostly a name with dots and without quotes. */
function oneOfThese(found: Data, path: KeyPath, { subject }: Fact, { facts }: Contract): string | undefined {
  const names: string[] = [String(path.at(-1))];
  let inner = found;
  for (let [next] = entriesOf(inner); next; [next] = entriesOf(inner)) {
    names.push(next[0]);
    inner = next[1];
  }
  if (names.length > 1 && typeof inner === 'string')
    return `put the name in quotes: \`${shorten(JSON.stringify(names.join('.')))} = ${shorten(JSON.stringify(inner))}\``;
  const values = facts.flatMap((fact) =>
    fact.subject.startsWith(`${subject}=`) && fact.ranges.at(-1)?.effect === 'enforced'
      ? [`\`${fact.subject.slice(subject.length + 1)}\``]
      : [],
  );
  return values.length > 0 && values.length <= 6 ? `write one of ${values.join(', ')}, in quotes` : undefined;
}

function entriesOf(value: Data): (readonly [string, Data])[] {
  const entries = isTable(value) ? Object.entries(value) : [];
  return entries.length === 1 ? entries : [];
}
