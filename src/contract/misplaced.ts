import { formatPath, isTable, type KeyPath } from '../source/document.ts';
import type { Contract, ContractNode } from './contract.ts';
import { otherHandlerField } from './other-names.ts';
import type { Statement } from './statement.ts';

/** The root keys that stand alone: a list or a value. Those that are tables have headers of their own. */
export function isPlainRootKey(name: string, contract: Contract): boolean {
  const type = contract.root.members.get(name)?.fact?.type;
  return type !== undefined && !isTableType(type);
}

function isTableType(type: string | readonly string[]): boolean {
  return (typeof type === 'string' ? [type] : type).some((one) => one === 'table' || one === 'map' || one === 'any');
}

/** Whether a root key stands in a table that has no such member: it was written below that table's header. */
function isSwallowed(path: KeyPath, contract: Contract): boolean {
  const name = path.at(-1);
  if (path.length < 2 || typeof name !== 'string' || !isPlainRootKey(name, contract)) return false;
  return !nodeAt(path.slice(0, -1), contract)?.members.has(name);
}

/** Whether a statement that fails is a root key which some table took in. */
export function isMisplaced({ path, reason }: Statement, contract: Contract): boolean {
  switch (reason.kind) {
    case 'unknown':
      return !reason.isTable && isSwallowed(path, contract);
    case 'type':
      return !isTable(reason.found) && isSwallowed(path, contract);
    case 'unknown-value':
    case 'rule':
      return isSwallowed(path, contract);
    default:
      return false;
  }
}

/** The group, as text, in which a field stands that belongs to a handler; undefined of anything else. */
export function flattenedGroup({ path, reason }: Statement, contract: Contract): string | undefined {
  const name = path[3];
  const isInGroup = reason.kind === 'unknown' && path.length === 4 && path[0] === 'hooks' && typeof name === 'string';
  if (!isInGroup) return undefined;
  const handler = contract.root.members
    .get('hooks')
    ?.members.get(String(path[1]))
    ?.element?.members.get('hooks')?.element;
  const isField =
    handler?.members.has(name) || [...(handler?.variants.values() ?? [])].some(({ members }) => members.has(name));
  return isField || otherHandlerField(name) !== undefined ? formatPath(path.slice(0, -1)) : undefined;
}

/** The place of the contract where a path of a document leads; undefined where nothing is known of it. */
export function nodeAt(path: KeyPath, contract: Contract): ContractNode | undefined {
  let node: ContractNode | undefined = contract.root;
  for (const step of path) {
    if (typeof step === 'number') node = node?.element;
    else node = node?.members.get(step) ?? node?.wildcard;
  }
  return node;
}

/** The tables and lists of tables at the root, which have headers as a rule. */
export function rootTables(statements: readonly Statement[]): KeyPath[] {
  return statements.flatMap(({ path, fact, reason }) => {
    const isTable =
      reason.kind === 'unknown'
        ? reason.isTable
        : reason.kind === 'key' && (isTableType(fact.type ?? []) || path[0] === 'remote_sandbox_config');
    return path.length === 1 && isTable ? [path] : [];
  });
}

const places = new WeakMap<Contract, ReadonlyMap<string, readonly string[]>>();

/** The tables that have a member of this name, at most two; none where it would be anybody's guess. */
export function tablesWith(name: string, contract: Contract): readonly string[] {
  let known = places.get(contract);
  if (!known) {
    known = memberTables(contract);
    places.set(contract, known);
  }
  const tables = known.get(name) ?? [];
  return tables.length <= 2 ? tables : [];
}

/** Tables with a header that one can write down: no free names on the way, no second spelling of another table. */
function memberTables(contract: Contract): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const walk = (node: ContractNode, path: string): void => {
    for (const [name, member] of node.members) {
      if (member.fact?.aliasOf !== undefined || name === 'feature_requirements') continue;
      if (path !== '' && member.fact) {
        const tables = found.get(name);
        if (tables) tables.push(path);
        else found.set(name, [path]);
      }
      walk(member, path === '' ? name : `${path}.${name}`);
    }
  };
  walk(contract.root, '');
  return found;
}
