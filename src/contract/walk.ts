import { type Data, type DataTable, isArray, isDate, isTable, type KeyPath } from '../source/document.ts';
import { brokenRules } from './broken-rules.ts';
import type { Contract, ContractNode, Fact } from './contract.ts';
import { always, type EffectOn, effectsOf } from './effects-of.ts';
import { idleLists, isIdle } from './host-lists.ts';
import { isPassedOver } from './identities.ts';
import { isProfile } from './profiles.ts';
import { refusedUnlessReplaced, refusedWhereRead } from './refusals.ts';
import {
  describeShape,
  isFreeText,
  isTextType,
  missedMembers,
  namedByTable,
  outside,
  shapeOf,
  standsForTable,
  typeAmong,
  typesOf,
  variantOf,
} from './shape.ts';
import type { Reason } from './statement.ts';

/** What is said at a place: why, by which fact, and what each release does with it. */
export interface Said {
  readonly reason: Reason;
  readonly fact: Fact;
  readonly effectOn: EffectOn;
}

/**
 * Told of each statement of a document, from the outside in. The path is good only until it returns: the walk goes on
 * with the same list. Gives what it wants to be told the statements inside with.
 */
export type Listener<Level> = (level: Level, said: Said, path: KeyPath) => Level;

interface Walk<Level> {
  readonly document: DataTable;
  readonly contract: Contract;
  readonly tell: Listener<Level>;
  readonly path: (string | number)[];
}

/**
 * Tells everything that a requirements document says. Nearly every document is walked only to learn that nothing is
 * wrong: so the walk itself makes nothing, neither paths nor statements.
 */
export function tellAll<Level>(table: DataTable, contract: Contract, level: Level, tell: Listener<Level>): void {
  members(table, contract.root, level, { document: table, contract, tell, path: [] });
  for (const { path, fact, effectOn: ask } of brokenRules(table, contract))
    tell(level, { reason: { kind: 'rule' }, fact, effectOn: ask }, path);
}

function members<Level>(table: DataTable, node: ContractNode, level: Level, walk: Walk<Level>): void {
  const isOdd = node.subject === 'permissions' || isIdentity(node);
  for (const key of Object.keys(table)) {
    const value = table[key];
    if (value === undefined) continue;
    walk.path.push(key);
    if (isOdd) oddMember(value, key, table, node, level, walk);
    else member(value, node.members.get(key) ?? node.wildcard, node, level, walk);
    walk.path.pop();
  }
  for (const [key, missed] of missedMembers(node))
    if (!Object.hasOwn(table, key)) missing(missed, key, node, level, walk);
}

/** Of profiles and identities: what a member is depends on what stands in it or beside it. */
function oddMember<Level>(
  value: Data,
  key: string,
  table: DataTable,
  node: ContractNode,
  level: Level,
  walk: Walk<Level>,
): void {
  const isOther = node.subject === 'permissions' && isProfile(key, table);
  const known = (isOther ? undefined : node.members.get(key)) ?? node.wildcard;
  if (known && isIdentity(node) && isPassedOver(table, key)) told(known, level, walk);
  else member(value, known, node, level, walk);
}

function member<Level>(
  value: Data,
  known: ContractNode | undefined,
  node: ContractNode,
  level: Level,
  walk: Walk<Level>,
): void {
  if (!known) {
    unknownKey(value, node, level, walk);
    return;
  }
  // A pin is true or false on every release that reads the table, whether it knows the flag or not.
  if (known.fact?.kind === 'flag' && typeof value !== 'boolean') {
    fault({ kind: 'type', expected: ['boolean'], found: value }, known.fact, level, walk);
    return;
  }
  content(value, known, told(known, level, walk), walk);
}

function isIdentity({ subject }: ContractNode): boolean {
  return subject.endsWith('.identity');
}

const saidOfNode = new WeakMap<ContractNode, Said>();
const saidOfValue = new WeakMap<Fact, Said>();

/** A place that only its members describe, such as the free name of a profile, says nothing of its own. */
function told<Level>(node: ContractNode, level: Level, { tell, path }: Walk<Level>): Level {
  const { fact } = node;
  if (!fact) return level;
  let said = saidOfNode.get(node);
  if (!said) {
    const kind = fact.kind === 'event' || fact.kind === 'flag' ? fact.kind : 'key';
    said = { reason: { kind }, fact, effectOn: effectsOf(fact) };
    saidOfNode.set(node, said);
  }
  return tell(level, said, path);
}

/** A fact about a value stands for one text. */
function tellValue<Level>(fact: Fact, value: string, level: Level, { tell, path }: Walk<Level>): void {
  let said = saidOfValue.get(fact);
  if (!said) {
    said = { reason: { kind: 'value', value }, fact, effectOn: effectsOf(fact) };
    saidOfValue.set(fact, said);
  }
  tell(level, said, path);
}

/** A fault that every release which knows the key answers by refusing the file. */
function fault<Level>(reason: Reason, fact: Fact, level: Level, { tell, path }: Walk<Level>): void {
  tell(level, { reason, fact, effectOn: always.refused }, path);
}

/** What is said by a value in its place: its kind, its text, its members. */
function content<Level>(value: Data, node: ContractNode, level: Level, walk: Walk<Level>): void {
  if (isFreeText(value, node)) return;
  const types = typesOf(node);
  if (types.includes('any')) return;
  const name = isTable(value) && types.includes('enum') ? namedByTable(value, node) : undefined;
  if (name !== undefined) {
    content(name, node, level, walk);
    return;
  }
  const fact = node.fact ?? structural(node.subject);
  if (isDate(value) && types.some(isTextType)) {
    tellDate(value, types, level, walk);
    return;
  }
  const date = isDate(value) ? node.values.get('<date>') : undefined;
  if (date) {
    tellValue(date, 'a date', level, walk);
    return;
  }
  if (isArray(value) && standsForTable(value, fact)) {
    listedMembers(value, node, fact, level, walk);
    return;
  }
  const type = typeAmong(types, value);
  if (types.length > 0 && type === undefined) {
    fault({ kind: 'type', expected: types, found: value }, fact, level, walk);
    return;
  }
  const shape = node.values.size > 0 ? node.values.get(shapeOf(value)) : undefined;
  if (shape) tellValue(shape, describeShape(value), level, walk);
  if (isTable(value)) tableContent(value, node, level, walk);
  else if (isArray(value)) arrayContent(value, node, fact, level, walk);
  else plainContent(value, type, node, fact, level, walk);
}

function structural(subject: string): Fact {
  return { subject, kind: 'key', ranges: [] };
}

function tableContent<Level>(value: DataTable, node: ContractNode, level: Level, walk: Walk<Level>): void {
  const empty = node.values.get('{}');
  if (empty && Object.keys(value).length === 0) tellValue(empty, '{}', level, walk);
  members(value, variantOf(value, node), level, walk);
}

/** A list that Codex reads as the members of a table, in their order. */
function listedMembers<Level>(
  value: readonly Data[],
  node: ContractNode,
  { fields = [] }: Fact,
  level: Level,
  walk: Walk<Level>,
): void {
  for (const [index, item] of value.entries()) {
    const member = node.members.get(fields[index] ?? '');
    if (!member) continue;
    walk.path.push(index);
    content(item, member, told(member, level, walk), walk);
    walk.path.pop();
  }
}

function arrayContent<Level>(
  value: readonly Data[],
  node: ContractNode,
  fact: Fact,
  level: Level,
  walk: Walk<Level>,
): void {
  const empty = value.length === 0 ? node.values.get('[]') : undefined;
  const { mustContain } = fact;
  if (empty) {
    if (mustContain === undefined) tellValue(empty, '[]', level, walk);
    else lacks({ kind: 'value', value: '[]' }, empty, level, walk);
    return;
  }
  const { element } = node;
  for (let at = 0; element && at < value.length; at++) {
    const item = value[at];
    if (item === undefined || (!element.fact && isFreeText(item, element))) continue;
    walk.path.push(at);
    content(item, element, told(element, level, walk), walk);
    walk.path.pop();
  }
  if (mustContain === undefined) return;
  const holds = (item: Data): boolean =>
    item === mustContain || (element && namedByTable(item, element)) === mustContain;
  // A misspelt item is one mistake, not two.
  if (!value.some(holds) && !value.some((item) => element && isMisspelt(item, element, walk)))
    lacks({ kind: 'must-contain', value: mustContain }, fact, level, walk);
}

/** A list of sandbox modes lacks one. That of an entry is read only on a host that goes by it. */
function lacks<Level>(reason: Reason, fact: Fact, level: Level, { document, contract, tell, path }: Walk<Level>): void {
  if (!isIdle(path, idleLists(document))) tell(level, { reason, fact, effectOn: always.refused }, path);
  else if (path.length === 1) tell(level, { reason, fact, effectOn: refusedUnlessReplaced(contract) }, path);
}

/** Whether an item is of a wrong type, or a name that its enumeration does not have. */
function isMisspelt(
  item: Data,
  element: ContractNode,
  { document, contract }: Pick<Walk<unknown>, 'document' | 'contract'>,
): boolean {
  let isWrong = false;
  const tell = (isOutermost: boolean, { reason }: Said): boolean => {
    if (isOutermost && (reason.kind === 'unknown-value' || reason.kind === 'type')) isWrong = true;
    return false;
  };
  content(item, element, true, { document, contract, tell, path: [] });
  return isWrong;
}

function plainContent<Level>(
  value: Data,
  type: string | undefined,
  node: ContractNode,
  fact: Fact,
  level: Level,
  walk: Walk<Level>,
): void {
  const text = String(value);
  const known = node.values.get(text);
  if (known) {
    if (!isDropped(walk)) tellValue(known, text, level, walk);
  } else if (type === 'enum') fault({ kind: 'unknown-value', value: text, values: node.values }, fact, level, walk);
  else if (typeof value === 'bigint' && outside(value, fact))
    fault({ kind: 'number', minimum: fact.minimum, maximum: fact.maximum }, fact, level, walk);
}

/** Whether the walk stands at a field of a handler that the event drops: its value then means nothing. */
function isDropped<Level>({ contract, path: [root, event, , , , field] }: Walk<Level>): boolean {
  return root === 'hooks' && contract.events.get(String(event))?.drops?.includes(String(field)) === true;
}

/** Newer releases read a date without quotes as its text. */
function tellDate<Level>(
  found: Data,
  expected: readonly string[],
  level: Level,
  { contract, tell, path }: Walk<Level>,
): void {
  const fact = contract.behaviours.get('dates-are-no-text');
  if (!fact) throw new Error('unreachable: the contract says nothing about dates');
  tell(level, { reason: { kind: 'type', expected, found }, fact, effectOn: effectsOf(fact) }, path);
}

function missing<Level>(missed: ContractNode, key: string, node: ContractNode, level: Level, walk: Walk<Level>): void {
  const { fact } = missed;
  const absent = missed.values.get('<absent>');
  if (absent)
    walk.tell(
      level,
      { reason: { kind: 'value', value: `no \`${key}\`` }, fact: absent, effectOn: effectsOf(absent) },
      walk.path,
    );
  else if (fact?.required) {
    const reason: Reason = { kind: 'missing', key, parent: node.subject };
    walk.tell(level, { reason, fact, effectOn: refusedWhereRead(fact) }, walk.path);
  }
}

function unknownKey<Level>(value: Data, node: ContractNode, level: Level, walk: Walk<Level>): void {
  const fact = unknownFact(node.fact?.aliasOf ?? node.subject, walk.contract);
  // A pin is true or false, that of an unknown flag as well (measured on 0.130.0 and 0.169.0).
  if (node.fact && fact.subject.startsWith('features.') && typeof value !== 'boolean') {
    fault({ kind: 'type', expected: ['boolean'], found: value }, node.fact, level, walk);
    return;
  }
  const reason: Reason = {
    kind: 'unknown',
    candidates: namesIn(node),
    isTable: isTable(value) || isListOfTables(value),
  };
  walk.tell(level, { reason, fact, effectOn: effectsOf(fact) }, walk.path);
}

const names = new WeakMap<ContractNode, readonly string[]>();

/** One list for each table, by which whoever looks for the nearest name knows it again. */
function namesIn(node: ContractNode): readonly string[] {
  const known = names.get(node) ?? [...node.members.keys()];
  names.set(node, known);
  return known;
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
