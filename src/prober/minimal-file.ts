import type { ContractNode } from '../contract/contract.ts';
import { type Data, type DataTable, emptyTable, isTable } from '../source/document.ts';
import type { Place, Step } from './places.ts';
import { companionOf, sampleName, tableFor } from './samples.ts';

/**
 * The smallest file in which a place holds a value (undefined: in which it is left out) and everything around it is
 * good: the members that must stand beside it, at each level, and its companions elsewhere.
 */
export function fileWith(place: Place, root: ContractNode, value: Data | undefined): DataTable {
  const { subject } = place.node;
  const steps = place.steps.map((step) =>
    step.via === 'name' ? { ...step, name: sampleName(step.node.subject, subject) } : step,
  );
  const file = holding(root, steps, value);
  const whole = merged(companionOf(subject), isTable(file) ? file : emptyTable());
  return value === undefined ? without(whole, steps) : whole;
}

/** A companion may have brought back what shall be left out. */
function without(table: DataTable, [step, ...rest]: readonly Step[]): DataTable {
  if (!step || step.via === 'element' || step.via === 'variant') return table;
  const inner = table[step.name];
  if (rest.length === 0) return withMember(table, step.name, undefined);
  return isTable(inner) ? withMember(table, step.name, without(inner, rest)) : table;
}

function holding(node: ContractNode, steps: readonly Step[], value: Data | undefined): Data | undefined {
  const [step, ...rest] = steps;
  if (!step) return value;
  if (step.via === 'variant') {
    const [member, ...below] = rest;
    const table = tableFor(node, `(${step.name})`);
    if (!member) return isTable(value) ? merged(table, value) : value;
    return withMember(table, member.name, holding(member.node, below, value));
  }
  const inner = holding(step.node, rest, value);
  if (step.via === 'element') return elements(node, inner);
  return withMember(tableFor(node, step.name, inner), step.name, inner);
}

function withMember(table: DataTable, name: string, value: Data | undefined): DataTable {
  const changed = Object.assign(emptyTable(), table);
  if (value === undefined) delete changed[name];
  else changed[name] = value;
  return changed;
}

/** A list of this one item, and of those without which Codex refuses every list of this key. */
function elements(list: ContractNode, item: Data | undefined): readonly Data[] {
  // Up to 0.94.0 Codex does not start when its own default policy is not in the list.
  const always =
    list.subject === 'allowed_approval_policies'
      ? ['on-request', 'untrusted']
      : list.fact?.mustContain === undefined
        ? []
        : [list.fact.mustContain];
  return [...(item === undefined ? [] : [item]), ...always.filter((text) => text !== item)];
}

/** Two files as one; where both speak, the second one does. */
export function merged(under: DataTable, over: DataTable): DataTable {
  const result = Object.assign(emptyTable(), under);
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isTable(value) && isTable(below) ? merged(below, value) : value;
  }
  return result;
}
