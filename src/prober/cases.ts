import type { Contract, ContractNode, Fact } from '../contract/contract.ts';
import { typesOf } from '../contract/shape.ts';
import { type Data, type DataTable, isArray, isTable } from '../source/document.ts';
import { fileWith, merged } from './minimal-file.ts';
import { type Place, placesOf } from './places.ts';
import { ruleFile } from './rule-files.ts';
import { tableOf } from './sample-values.ts';
import { firstType, isUndescribed, sampleName, sampleOf, tableFor } from './samples.ts';

/**
 * What a file asks. `good`: is a right value taken? `wrong`: is a value of another type refused, so that the release
 * must know the key? `value`: what becomes of this text? `unknown`: what becomes of a key that nobody knows?
 * `faulty`: is a missing member, a number outside its limits, a list without its must refused? `stranger`: which
 * texts does the message about an unknown text name? `rule`: what becomes of a file that breaks a rule?
 */
export type Question = 'good' | 'wrong' | 'value' | 'unknown' | 'faulty' | 'stranger' | 'rule' | 'together';

/** One generated requirements.toml and what it asks. */
export interface Case {
  /** The subject, the question and, where there are several, which: unique, and stable over releases of this program. */
  readonly id: string;
  readonly subject: string;
  readonly question: Question;
  readonly file: DataTable;
  /** The path that a warning about this file must name, or one above it: keys and indices with dots between. */
  readonly name: string;
}

/** The key that no release knows. */
export const strangeName = 'codex_mdm_probe';

/** Every question that files can ask about this contract, but for flags. In the order of the contract's places. */
export function casesOf(contract: Contract): readonly Case[] {
  const { root } = contract;
  const places = placesOf(contract);
  const rules = contract.facts.flatMap(({ subject, kind }) => {
    const file = kind === 'rule' ? ruleFile(subject) : undefined;
    return file ? [{ id: subject, subject, question: 'rule', file, name: '' } as const] : [];
  });
  const unknownAtRoot = { root, file: tableOf({ [strangeName]: 5n }) };
  return [
    { id: '<unknown>', subject: '<unknown>', question: 'unknown', file: unknownAtRoot.file, name: strangeName },
    ...places.flatMap((place) => placeCases(place, root)),
    ...rules,
  ];
}

function placeCases(place: Place, root: ContractNode): Case[] {
  const { node } = place;
  const { subject, fact } = node;
  const name = dottedPath(place);
  const make = (question: Question, value: Data | undefined, of = subject, which = ''): Case => ({
    id: `${of} (${question}${which && ` ${which}`})`,
    subject: of,
    question,
    file: fileWith(place, root, value),
    name,
  });
  const isJudged = (fact?.kind === 'key' || fact?.kind === 'event') && !isUndescribed(node);
  return [
    ...(isJudged ? [make('good', sampleOf(node))] : []),
    ...(isJudged && !typesOf(node).includes('any') ? [make('wrong', wrongValue(node))] : []),
    ...(typesOf(node).includes('enum') ? [make('stranger', 'codex-mdm-probe')] : []),
    // Another spelling of the key has the same values; they are asked about once.
    ...[...node.values].flatMap(([text, value]) =>
      value.subject === `${subject}=${text}` ? [make('value', namedValue(text, node), value.subject)] : [],
    ),
    ...faults(node, fact).map(([which, value]) => make('faulty', value, subject, which)),
    ...(takesUnknown(node) ? [unknownCase(place, root)] : []),
  ];
}

/** As Codex writes it: a handler's variant is no step of its own. */
function dottedPath({ node: about, steps }: Place): string {
  const parts = steps.flatMap(({ via, name, node }) => {
    if (via === 'variant') return [];
    return via === 'element' ? '0' : via === 'name' ? sampleName(node.subject, about.subject) : name;
  });
  return parts.join('.');
}

function unknownCase(place: Place, root: ContractNode): Case {
  const subject = `${place.node.subject}.<unknown>`;
  const table = merged(unknownBase(place), tableOf({ [strangeName]: 5n }));
  return {
    id: subject,
    subject,
    question: 'unknown',
    file: fileWith(place, root, table),
    name: `${dottedPath(place)}.${strangeName}`,
  };
}

function unknownBase({ node, steps }: Place): DataTable {
  const sample = sampleOf(
    node,
    steps.at(-1)?.via === 'variant' ? 'table' : typesOf(node).find((type) => type === 'table' || type === 'map'),
  );
  return isTable(sample) ? sample : tableFor(node, '');
}

/** Tables whose members have names of their own; in a map every name is a known one. */
function takesUnknown(node: ContractNode): boolean {
  return (
    !node.wildcard && typesOf(node).includes('table') && !node.subject.endsWith(')') && node.subject !== 'features'
  );
}

/** A value that does not fit: a number, or where that is wanted a text. */
function wrongValue(node: ContractNode): Data {
  return typesOf(node).includes('integer') ? 'text' : 5n;
}

/** The value that a value fact names; undefined for an absent key. */
function namedValue(text: string, node: ContractNode): Data | undefined {
  if (text === '<absent>') return undefined;
  if (text === '[]') return [];
  if (text === '{}') return tableOf({});
  if (text === '<table>') return sampleOf(node, 'table');
  const type = firstType(node) ?? (node.fact?.kind === 'flag' ? 'boolean' : undefined);
  if (type === 'boolean') return text === 'true';
  return type === 'integer' ? BigInt(text) : text;
}

function faults(node: ContractNode, fact: Fact | undefined): (readonly [which: string, value: Data | undefined])[] {
  if (!fact) return [];
  const sample = sampleOf(node);
  return [
    ...(fact.required ? [['absent', undefined] as const] : []),
    ...(fact.minimum === undefined ? [] : [['below', BigInt(fact.minimum) - 1n] as const]),
    ...(fact.maximum === undefined ? [] : [['above', BigInt(fact.maximum) + 1n] as const]),
    ...(fact.mustContain === undefined || !isArray(sample)
      ? []
      : [['without', otherThan(fact.mustContain, node)] as const]),
  ];
}

/** A list of one value that is not the one it must hold. */
function otherThan(must: string, node: ContractNode): readonly Data[] {
  const other = [...(node.element?.values.keys() ?? [])].find((text) => text !== must && /^\w/.test(text));
  return other === undefined ? [] : [other];
}
