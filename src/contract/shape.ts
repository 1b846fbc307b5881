import { type Data, type DataTable, isArray, isTable } from '../source/document.ts';
import type { ContractNode, Fact, Form } from './contract.ts';
import { effectsOf } from './effects-of.ts';
import type { Said } from './statement.ts';
import { newNode } from './tree.ts';

/** What is worked out of a place once. Kept in the place itself: walks come to it a hundred times for each document. */
export function formOf(node: ContractNode): Form {
  node.form ??= readForm(node);
  return node.form;
}

function readForm(node: ContractNode): Form {
  const types = readTypes(node);
  const takesAnyText = node.values.size === 0 && types.some(isTextType);
  const mindsKind = [...node.values.keys()].some((text) => text.startsWith('<'));
  // A document may lack any root key; to go through those would read the whole contract.
  const members = node.subject === '' ? [] : [...node.members];
  const missed = members.filter(([, { fact, values }]) => fact?.required || values.has('<absent>'));
  return { types, takesAnyText, mindsKind, said: saidOf(node), missed };
}

function saidOf({ fact }: ContractNode): Said | undefined {
  if (!fact) return undefined;
  const kind = fact.kind === 'event' || fact.kind === 'flag' ? fact.kind : 'key';
  return { reason: { kind }, fact, effectOn: effectsOf(fact) };
}

/** The types that a place takes, by its fact or by what may stand below it. */
export function typesOf(node: ContractNode): readonly string[] {
  return formOf(node).types;
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
  return typeof value === 'string' && formOf(node).takesAnyText;
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

/** A value's kind in words: `a table`, `a string`. */
export function describeShape(value: Data): string {
  return isTable(value) ? 'a table' : isArray(value) ? 'a list' : `a ${typeof value}`;
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
    const wildcard = variant ? undefined : newNode(node.subject);
    merged = { ...node, members: own, variants: new Map(), wildcard, form: undefined };
    mergedVariants.set(key, merged);
  }
  return merged;
}

/** `{ never = {} }` and `{ never = [] }` say the same as `"never"`, but where only a text will do (measured on 0.79.0 to 0.169.0). */
export function namedByTable(value: Data, node: ContractNode): string | undefined {
  if (node.fact?.textAlone) return undefined;
  const [name, ...others] = isTable(value) ? Object.keys(value) : [];
  if (!isTable(value) || name === undefined || others.length > 0 || node.members.has(name)) return undefined;
  const inner = value[name];
  const isEmpty = isTable(inner) ? Object.keys(inner).length === 0 : isArray(inner) && inner.length === 0;
  return isEmpty ? name : undefined;
}
