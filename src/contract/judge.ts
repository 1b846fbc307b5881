import { type Data, type DataTable, isArray, isDate, isTable, type KeyPath } from '../source/document.ts';
import { type Contract, type ContractNode, type Effect, effectOn, type Fact, isRead, isWorse } from './contract.ts';
import { always, type EffectOn, effectsOf } from './history.ts';
import { isPassedOver } from './identity-rules.ts';
import { canBreak } from './rule-places.ts';
import { rules } from './rules.ts';
import {
  describeShape,
  fits,
  isFreeText,
  isTextType,
  missedMembers,
  outside,
  shapeOf,
  typesOf,
  variantOf,
} from './shape.ts';
import type { CodexVersion } from './version.ts';

/** Why a statement has its effect. */
export type Reason =
  | { readonly kind: 'key' | 'event' | 'flag' }
  | { readonly kind: 'unknown'; readonly candidates: readonly string[]; readonly isTable: boolean }
  | { readonly kind: 'type'; readonly expected: readonly string[]; readonly found: Data }
  | { readonly kind: 'number'; readonly minimum: number | undefined; readonly maximum: number | undefined }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'unknown-value'; readonly value: string; readonly values: ReadonlyMap<string, Fact> }
  | { readonly kind: 'missing'; readonly key: string; readonly parent: string }
  | { readonly kind: 'must-contain'; readonly value: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'channel'; readonly platforms: readonly string[] }
  | { readonly kind: 'dropped' };

/** One thing that a document says, and what each release does with it. */
export interface Statement {
  readonly path: KeyPath;
  readonly reason: Reason;
  /** The fact that decides; of a fault that every release with the key refuses, the key's. */
  readonly fact: Fact;
  readonly effectOn: EffectOn;
  /** What it says below; not said on a release that does not take the statement itself. */
  readonly inner: readonly Statement[];
}

export interface Verdict {
  readonly statement: Statement;
  readonly effect: Effect;
}

/** Everything that a requirements document says. Built once, then asked for each version. */
export function statementsOf(table: DataTable, contract: Contract): readonly Statement[] {
  return [...members(table, contract.root, [], contract), ...brokenRules(table, contract)];
}

/** What is said where there is nothing to say, as of most texts. */
const nothing: readonly Statement[] = [];

function brokenRules(table: DataTable, contract: Contract): Statement[] {
  return contract.rules.flatMap((fact) => {
    const places = canBreak(table, fact.subject) ? (rules[fact.subject]?.(table, contract) ?? []) : [];
    if (places.length === 0) return [];
    const broken = effectsOf(fact);
    return places.map(
      (path): Statement => ({
        path,
        reason: { kind: 'rule' },
        fact,
        effectOn: (version) => (isReadAt(path, version, contract) ? broken(version) : 'enforced'),
        inner: [],
      }),
    );
  });
}

/** Whether a release reads what stands at a path: of what it passes over, no rule asks. */
function isReadAt(path: KeyPath, version: CodexVersion, { root }: Contract): boolean {
  let node = root;
  for (const key of path) {
    const next: ContractNode | undefined =
      typeof key === 'number' ? node.element : (node.members.get(key) ?? node.wildcard);
    // What stands in a handler depends on its type, and is read wherever that is.
    if (!next) return node.variants.size > 0 || node.members.size === 0;
    if (next.fact && !isRead(effectOn(next.fact, version))) return false;
    node = next;
  }
  return true;
}

/** One verdict for each statement that a release takes notice of; what is not taken silences what stands below it. */
export function judge(statements: readonly Statement[], version: CodexVersion): Verdict[] {
  const verdicts: Verdict[] = [];
  const ask = (statement: Statement): void => {
    const effect = statement.effectOn(version);
    verdicts.push({ statement, effect });
    if (isRead(effect)) for (const inner of statement.inner) ask(inner);
  };
  for (const statement of statements) ask(statement);
  return verdicts;
}

/** The worst that a release does with any of these statements. */
export function worstOn(statements: readonly Statement[], version: CodexVersion): Effect {
  let worst: Effect = 'enforced';
  for (const { effect } of judge(statements, version)) if (isWorse(effect, worst)) worst = effect;
  return worst;
}

function members(table: DataTable, node: ContractNode, path: KeyPath, contract: Contract): Statement[] {
  const said: Statement[] = [];
  for (const key of Object.keys(table)) {
    const value = table[key];
    if (value !== undefined) said.push(memberStatement(value, key, table, node, [...path, key], contract));
  }
  for (const [key, member] of missedMembers(node))
    if (!Object.hasOwn(table, key)) said.push(...missing(member, key, node, path));
  return said;
}

function memberStatement(
  value: Data,
  key: string,
  table: DataTable,
  node: ContractNode,
  path: KeyPath,
  contract: Contract,
): Statement {
  const member = node.members.get(key) ?? node.wildcard;
  // A pin is true or false on every release that reads the table, whether it knows the flag or not.
  if (member?.fact?.kind === 'flag' && typeof value !== 'boolean')
    return fault(path, { kind: 'type', expected: ['boolean'], found: value }, member.fact);
  if (!member) return unknownKey(value, node, path, contract);
  const stated = statement(value, member, path, contract);
  return node.subject.endsWith('.identity') && isPassedOver(table, key) ? { ...stated, inner: [] } : stated;
}

function statement(value: Data, node: ContractNode, path: KeyPath, contract: Contract): Statement {
  const { fact } = node;
  // A place that only its members describe, such as the free name of a profile, adds nothing of its own.
  return {
    path,
    reason: fact?.kind === 'event' ? aboutEvent : fact?.kind === 'flag' ? aboutFlag : aboutKey,
    fact: fact ?? structural(node.subject),
    effectOn: fact ? effectsOf(fact) : always.enforced,
    inner: content(value, node, path, contract),
  };
}

const aboutKey: Reason = { kind: 'key' };
const aboutEvent: Reason = { kind: 'event' };
const aboutFlag: Reason = { kind: 'flag' };

function structural(subject: string): Fact {
  return { subject, kind: 'key', ranges: [] };
}

/** What is said by a value in its place: its kind, its text, its members. */
function content(value: Data, node: ContractNode, path: KeyPath, contract: Contract): readonly Statement[] {
  if (isFreeText(value, node)) return nothing;
  const types = typesOf(node);
  if (types.includes('any')) return nothing;
  const name = isTable(value) && types.includes('enum') ? namedByTable(value, node) : undefined;
  if (name !== undefined) return content(name, node, path, contract);
  const fact = node.fact ?? structural(node.subject);
  if (isDate(value) && types.some(isTextType)) return [dateStatement(path, types, value, contract)];
  const type = types.find((one) => fits(value, one));
  if (types.length > 0 && type === undefined)
    return [fault(path, { kind: 'type', expected: types, found: value }, fact)];

  const shape = node.values.size > 0 ? node.values.get(shapeOf(value)) : undefined;
  const inner: Statement[] = shape ? [valueStatement(path, shape, describeShape(value))] : [];
  if (isTable(value)) {
    const empty = Object.keys(value).length === 0 ? node.values.get('{}') : undefined;
    if (empty) inner.push(valueStatement(path, empty, '{}'));
    return [...inner, ...members(value, variantOf(value, node), path, contract)];
  }
  if (isArray(value)) return [...inner, ...arrayContent(value, node, fact, path, contract)];
  const text = String(value);
  const known = node.values.get(text);
  if (known) return [...inner, valueStatement(path, known, text)];
  if (type === 'enum')
    return [...inner, fault(path, { kind: 'unknown-value', value: text, values: node.values }, fact)];
  if (typeof value === 'bigint' && outside(value, fact))
    return [...inner, fault(path, { kind: 'number', minimum: fact.minimum, maximum: fact.maximum }, fact)];
  return inner;
}

function arrayContent(
  value: readonly Data[],
  node: ContractNode,
  fact: Fact,
  path: KeyPath,
  contract: Contract,
): Statement[] {
  const empty = value.length === 0 ? node.values.get('[]') : undefined;
  if (empty) return [valueStatement(path, empty, '[]')];
  const { element } = node;
  const items: Statement[] = [];
  if (element)
    for (const [index, item] of value.entries())
      if (element.fact || !isFreeText(item, element)) items.push(statement(item, element, [...path, index], contract));
  const { mustContain } = fact;
  if (mustContain === undefined) return items;
  // A misspelt item is one mistake, not two.
  const misspelt = items.some(({ inner }) =>
    inner.some(({ reason }) => reason.kind === 'unknown-value' || reason.kind === 'type'),
  );
  const holds = (item: Data): boolean =>
    (element && namedByTable(item, element)) === mustContain || item === mustContain;
  const lacks = !misspelt && !value.some(holds);
  return [...items, ...(lacks ? [fault(path, { kind: 'must-contain', value: mustContain }, fact)] : [])];
}

/** Newer releases read a date without quotes as its text. */
function dateStatement(path: KeyPath, expected: readonly string[], found: Data, contract: Contract): Statement {
  const fact = contract.facts.find(({ subject }) => subject === 'dates-are-no-text');
  if (!fact) throw new Error('unreachable: the contract says nothing about dates');
  return { path, reason: { kind: 'type', expected, found }, fact, effectOn: effectsOf(fact), inner: [] };
}

/** `{ never = {} }` says the same as `"never"` (measured on 0.124.0 to 0.169.0). */
function namedByTable(value: Data, node: ContractNode): string | undefined {
  const [name, ...others] = isTable(value) ? Object.keys(value) : [];
  if (!isTable(value) || name === undefined || others.length > 0 || node.members.has(name)) return undefined;
  const inner = value[name];
  return isTable(inner) && Object.keys(inner).length === 0 ? name : undefined;
}

/** A fault that every release which knows the key answers by refusing the file. */
function fault(path: KeyPath, reason: Reason, fact: Fact): Statement {
  return { path, reason, fact, effectOn: always.refused, inner: [] };
}

function valueStatement(path: KeyPath, fact: Fact, value: string): Statement {
  return { path, reason: { kind: 'value', value }, fact, effectOn: effectsOf(fact), inner: [] };
}

function missing(member: ContractNode, key: string, node: ContractNode, path: KeyPath): Statement[] {
  const { fact } = member;
  const absent = member.values.get('<absent>');
  if (absent) return [{ ...valueStatement(path, absent, `no \`${key}\``) }];
  if (!fact?.required) return [];
  const reason: Reason = { kind: 'missing', key, parent: node.subject };
  // Only releases that know the member ask for it.
  return [
    {
      path,
      reason,
      fact,
      effectOn: (version) => (isRead(effectOn(fact, version)) ? 'file-rejected' : 'enforced'),
      inner: [],
    },
  ];
}

function unknownKey(value: Data, node: ContractNode, path: KeyPath, contract: Contract): Statement {
  const fact = unknownFact(node.fact?.aliasOf ?? node.subject, contract);
  // A pin is true or false, that of an unknown flag as well (measured on 0.130.0 and 0.169.0).
  if (node.fact && fact.subject.startsWith('features.') && typeof value !== 'boolean')
    return fault(path, { kind: 'type', expected: ['boolean'], found: value }, node.fact);
  return {
    path,
    reason: { kind: 'unknown', candidates: [...node.members.keys()], isTable: isTable(value) || isListOfTables(value) },
    fact,
    effectOn: effectsOf(fact),
    inner: [],
  };
}

function isListOfTables(value: Data): boolean {
  return isArray(value) && isTable(value[0]);
}

/** The rule for unknown keys of the nearest table that has one of its own. */
function unknownFact(subject: string, contract: Contract): Fact {
  for (let at = subject; ; at = at.replace(/(?:^|\.)[^.]*$/, '')) {
    const fact = contract.unknown.get(at);
    if (fact) return fact;
    if (at === '') throw new Error('unreachable: the contract says nothing about unknown keys');
  }
}
