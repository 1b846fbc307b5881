import { type Data, type DataTable, isArray, isTable, type KeyPath } from '../source/document.ts';
import type { Contract, ContractNode, Fact } from './contract.ts';
import { always, effectsOf } from './effects-of.ts';
import { refusedWhereRead } from './refusals.ts';
import { formOf } from './shape.ts';
import type { Reason, Said } from './statement.ts';

/**
 * Told of each statement of a document, from the outside in. The path is good only until it returns: the walk goes on
 * with the same list. Gives what it wants to be told the statements inside with.
 */
export type Listener<Level> = (level: Level, said: Said, path: KeyPath) => Level;

/** What goes along with a walk. */
export interface Walk<Level> {
  readonly document: DataTable;
  readonly contract: Contract;
  readonly tell: Listener<Level>;
  readonly path: (string | number)[];
}

const saidOfValue = new WeakMap<Fact, Said>();

/** A place that only its members describe, such as the free name of a profile, says nothing of its own. */
export function told<Level>(node: ContractNode, level: Level, { tell, path }: Walk<Level>): Level {
  const { said } = formOf(node);
  return said ? tell(level, said, path) : level;
}

/** A fact about a value stands for one text. */
export function tellValue<Level>(fact: Fact, value: string, level: Level, { tell, path }: Walk<Level>): void {
  let said = saidOfValue.get(fact);
  if (!said) {
    said = { reason: { kind: 'value', value }, fact, effectOn: effectsOf(fact) };
    saidOfValue.set(fact, said);
  }
  tell(level, said, path);
}

/** A fault that every release which knows the key answers by refusing the file. */
export function tellFault<Level>(reason: Reason, fact: Fact, level: Level, { tell, path }: Walk<Level>): void {
  tell(level, { reason, fact, effectOn: always.refused }, path);
}

/** Newer releases read a date without quotes as its text. */
export function tellDate<Level>(
  found: Data,
  expected: readonly string[],
  level: Level,
  { contract, tell, path }: Walk<Level>,
): void {
  const fact = contract.behaviours.get('dates-are-no-text');
  if (!fact) throw new Error('unreachable: the contract says nothing about dates');
  tell(level, { reason: { kind: 'type', expected, found }, fact, effectOn: effectsOf(fact) }, path);
}

/** A member that does not stand there, where that says something. */
export function tellMissing<Level>(
  missed: ContractNode,
  key: string,
  node: ContractNode,
  level: Level,
  walk: Walk<Level>,
): void {
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

/** An item of a list in the place of a table, beyond what it stands for: passed over where the list is read. */
export function tellSpare<Level>(node: ContractNode, level: Level, { tell, path }: Walk<Level>): void {
  const title = 'an item that stands for no member of the table';
  const fact: Fact = { subject: node.subject, kind: 'key', title, note: 'write one table', ranges: [] };
  tell(level, { reason: { kind: 'rule' }, fact, effectOn: always.ignored }, path);
}

/** A key that its table does not know. */
export function tellUnknown<Level>(value: Data, node: ContractNode, level: Level, walk: Walk<Level>): void {
  const fact = unknownFact(node.fact?.aliasOf ?? node.subject, walk.contract);
  // A pin is true or false, that of an unknown flag as well (measured on 0.130.0 and 0.169.0).
  if (node.fact && fact.subject.startsWith('features.') && typeof value !== 'boolean') {
    tellFault({ kind: 'type', expected: ['boolean'], found: value }, node.fact, level, walk);
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
