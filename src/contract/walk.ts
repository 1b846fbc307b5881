import { type Data, type DataTable, isArray, isTable } from '../source/document.ts';
import type { Contract, ContractNode, Fact, ListForm } from './contract.ts';
import { always } from './effects-of.ts';
import { idleLists, isIdle } from './host-lists.ts';
import { isPassedOver } from './identities.ts';
import { heardBy, listForms, refusedBeyond } from './list-forms.ts';
import { isProfile } from './profiles.ts';
import { refusedUnlessReplaced } from './refusals.ts';
import { brokenRules } from './rules/broken.ts';
import {
  describeShape,
  formOf,
  isFreeText,
  isTextType,
  namedByTable,
  outside,
  shapeOf,
  typeAmong,
  variantOf,
} from './shape.ts';
import type { Reason, Said } from './statement.ts';
import { withoutLoading } from './switched-off.ts';
import {
  type Listener,
  tellDate,
  tellFault,
  tellMissing,
  tellSpare,
  tellUnknown,
  tellValue,
  told,
  type Walk,
} from './told.ts';

/**
 * Tells everything that a requirements document says. Nearly every document is walked only to learn that nothing is
 * wrong: so the walk itself makes nothing, neither paths nor statements.
 */
export function tellAll<Level>(table: DataTable, contract: Contract, level: Level, tell: Listener<Level>): void {
  const broken = brokenRules(table, contract);
  const heard = withoutLoading(tell, broken);
  members(table, contract.root, level, { document: table, contract, tell: heard, path: [] });
  for (const { path, fact, effectOn: ask } of broken)
    heard(level, { reason: { kind: 'rule' }, fact, effectOn: ask }, path);
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
  for (const [key, missed] of formOf(node).missed)
    if (!Object.hasOwn(table, key)) tellMissing(missed, key, node, level, walk);
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
    tellUnknown(value, node, level, walk);
    return;
  }
  // A pin is true or false on every release that reads the table, whether it knows the flag or not.
  if (known.fact?.kind === 'flag' && typeof value !== 'boolean') {
    tellFault({ kind: 'type', expected: ['boolean'], found: value }, known.fact, level, walk);
    return;
  }
  content(value, known, told(known, level, walk), walk);
}

function isIdentity({ subject }: ContractNode): boolean {
  return subject.endsWith('.identity');
}

/** What is said by a value in its place: its kind, its text, its members. */
function content<Level>(value: Data, node: ContractNode, level: Level, walk: Walk<Level>): void {
  const { types, takesAnyText, mindsKind } = formOf(node);
  if ((takesAnyText && typeof value === 'string') || types.includes('any')) return;
  const fact = node.fact ?? structural(node.subject);
  if (typeof value === 'object' && otherForm(value, types, node, fact, level, walk)) return;
  const type = typeAmong(types, value);
  if (types.length > 0 && type === undefined) {
    tellFault({ kind: 'type', expected: types, found: value }, fact, level, walk);
    return;
  }
  const shape = mindsKind ? node.values.get(shapeOf(value)) : undefined;
  if (shape) tellValue(shape, describeShape(value), level, walk);
  if (isTable(value)) tableContent(value, node, level, walk);
  else if (isArray(value)) arrayContent(value, node, fact, level, walk);
  else plainContent(value, type, node, fact, level, walk);
}

/** Whether a value is another form of what the place takes: a table for a name, a list for a table, or a date. */
function otherForm<Level>(
  value: Data,
  types: readonly string[],
  node: ContractNode,
  fact: Fact,
  level: Level,
  walk: Walk<Level>,
): boolean {
  if (isTable(value)) {
    const name = types.includes('enum') ? namedByTable(value, node) : undefined;
    if (name === undefined) return false;
    content(name, node, level, walk);
    return true;
  }
  if (isArray(value)) {
    const forms = listForms(value, node);
    if (forms.length === 0) return false;
    const reason: Reason = { kind: 'type', expected: types, found: value };
    walk.tell(level, { reason, fact, effectOn: refusedBeyond(forms) }, walk.path);
    for (const form of forms) listedMembers(value, node, form, level, heardBy(form, walk));
    return true;
  }
  if (types.some(isTextType)) {
    tellDate(value, types, level, walk);
    return true;
  }
  const date = node.values.get('<date>');
  if (date) tellValue(date, 'a date', level, walk);
  return date !== undefined;
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
  { fields }: ListForm,
  level: Level,
  walk: Walk<Level>,
): void {
  for (const [index, item] of value.entries()) {
    walk.path.push(index);
    const field = fields[index];
    const member = node.members.get(field ?? '');
    if (member) content(item, member, told(member, level, walk), walk);
    if (field === undefined) tellSpare(node, level, walk);
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
  const known = node.values.size > 0 ? node.values.get(String(value)) : undefined;
  if (known) {
    if (!isDropped(walk)) tellValue(known, String(value), level, walk);
  } else if (type === 'enum')
    tellFault({ kind: 'unknown-value', value: String(value), values: node.values }, fact, level, walk);
  else if (typeof value === 'bigint' && outside(value, fact))
    tellFault({ kind: 'number', minimum: fact.minimum, maximum: fact.maximum }, fact, level, walk);
}

/** Whether the walk stands at a field of a handler that the event drops: its value then means nothing. */
function isDropped<Level>({ contract, path: [root, event, , , , field] }: Walk<Level>): boolean {
  return root === 'hooks' && contract.events.get(String(event))?.drops?.includes(String(field)) === true;
}
