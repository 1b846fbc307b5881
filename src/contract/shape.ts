import { type Data, type DataTable, isArray, isTable } from '../source/document.ts';
import type { ContractNode, Fact } from './contract.ts';
import { newNode } from './tree.ts';

/** The types that a place takes, by its fact or by what may stand below it. */
export function typesOf(node: ContractNode): readonly string[] {
  node.types ??= readTypes(node);
  return node.types;
}

function readTypes(node: ContractNode): readonly string[] {
  const type = node.fact?.kind === 'flag' ? 'boolean' : node.fact?.type;
  if (typeof type === 'string') return [type];
  if (type) return type;
  return node.element
    ? ['array']
    : node.members.size > 0 || node.wildcard || node.variants.size > 0
      ? ['table']
      : ['any'];
}

/** Whether a value is a text in a place that takes any: nothing is to be said of what it holds. */
export function isFreeText(value: Data, node: ContractNode): boolean {
  return typeof value === 'string' && node.values.size === 0 && typesOf(node).some(isTextType);
}

/** The type of a value among those that a place takes; undefined of a value that it does not take. */
export function typeAmong(types: readonly string[], value: Data): string | undefined {
  for (const type of types) if (fits(value, type)) return type;
  return undefined;
}

/** Whether a type of the contract takes any text. */
export function isTextType(type: string): boolean {
  return type === 'string' || type === 'path';
}

/** Whether a value is of a type of the contract. */
export function fits(value: Data, type: string): boolean {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
    case 'path':
    case 'enum':
      return typeof value === 'string';
    case 'integer':
      return typeof value === 'bigint';
    case 'number':
      return typeof value === 'bigint' || typeof value === 'number';
    case 'array':
      return isArray(value);
    case 'table':
    case 'map':
      return isTable(value);
    default:
      throw new Error(`unreachable: the contract has no type ${type}`);
  }
}

/** Whether a number is beyond the limits of a fact. */
export function outside(value: bigint, fact: Fact): boolean {
  return (
    (fact.minimum !== undefined && value < BigInt(fact.minimum)) ||
    (fact.maximum !== undefined && value > BigInt(fact.maximum))
  );
}

/** A value's kind as the subjects of facts name it: `<table>`, `<string>`. */
export function shapeOf(value: Data): string {
  return isTable(value) ? '<table>' : isArray(value) ? '<array>' : `<${typeof value}>`;
}

/** Whether Codex reads a list as the members of a table: each item is of its member's type. */
export function standsForTable(list: readonly Data[], node: ContractNode): boolean {
  const { fields, fewest = 0 } = node.fact ?? {};
  if (fields === undefined || list.length < fewest || list.length > fields.length) return false;
  return list.every((item, at) => {
    const member = node.members.get(fields[at] ?? '');
    if (!member || typesOf(member).includes('any')) return true;
    return typeAmong(typesOf(member), item) !== undefined || (isArray(item) && standsForTable(item, member));
  });
}

/** A value's kind in words: `a table`, `a string`. */
export function describeShape(value: Data): string {
  return isTable(value) ? 'a table' : isArray(value) ? 'a list' : `a ${typeof value}`;
}

const missed = new WeakMap<ContractNode, readonly (readonly [string, ContractNode])[]>();

/** The members whose absence says something: two of some hundreds. A document may lack any root key. */
export function missedMembers(node: ContractNode): readonly (readonly [string, ContractNode])[] {
  if (node.subject === '') return [];
  let known = missed.get(node);
  if (!known) {
    known = [...node.members].filter(([, { fact, values }]) => fact?.required || values.has('<absent>'));
    missed.set(node, known);
  }
  return known;
}

const mergedVariants = new WeakMap<ContractNode, ContractNode>();

/** The members of a handler hang on its `type`; without a known type nothing more is said of them. */
export function variantOf(value: DataTable, node: ContractNode): ContractNode {
  if (node.variants.size === 0) return node;
  const type = value['type'];
  const variant = typeof type === 'string' ? node.variants.get(type) : undefined;
  const key = variant ?? node;
  let merged = mergedVariants.get(key);
  if (!merged) {
    const own = new Map([...node.members, ...(variant?.members ?? [])]);
    merged = { ...node, members: own, variants: new Map(), wildcard: variant ? undefined : newNode(node.subject) };
    mergedVariants.set(key, merged);
  }
  return merged;
}

/** `{ never = {} }` says the same as `"never"` (measured on 0.124.0 to 0.169.0). */
export function namedByTable(value: Data, node: ContractNode): string | undefined {
  const [name, ...others] = isTable(value) ? Object.keys(value) : [];
  if (!isTable(value) || name === undefined || others.length > 0 || node.members.has(name)) return undefined;
  const inner = value[name];
  return isTable(inner) && Object.keys(inner).length === 0 ? name : undefined;
}
