import type { Contract, ContractNode } from '../contract/contract.ts';
import { isUsualValue, sampleName } from './samples.ts';

/** One step from a table or list to what lies in it. */
export interface Step {
  readonly via: 'member' | 'name' | 'element' | 'variant';
  /** The key; of an element nothing, of a variant its `type`. */
  readonly name: string;
  readonly node: ContractNode;
}

/** A node of the contract and the way to it from the root. */
export interface Place {
  readonly node: ContractNode;
  readonly steps: readonly Step[];
}

/** Every node of the contract once, parents first, without feature flags. Events share their members: PreToolUse is the way. */
export function placesOf(contract: Contract): readonly Place[] {
  const found: Place[] = [];
  const seen = new Set<ContractNode>();
  const visit = (node: ContractNode, steps: readonly Step[]): void => {
    if (seen.has(node) || node.fact?.kind === 'flag') return;
    seen.add(node);
    if (steps.length > 0) found.push({ node, steps });
    for (const step of stepsFrom(node)) visit(step.node, [...steps, step]);
  };
  visit(contract.root, []);
  return found;
}

function stepsFrom(node: ContractNode): Step[] {
  const members = [...node.members].map(([name, member]): Step => ({ via: 'member', name, node: member }));
  // What is shared is met first below its plainest name: the oldest event, the key and not its alias.
  const first = (step: Step): number => (isUsualValue(step.node.subject) ? 0 : step.node.fact?.aliasOf ? 2 : 1);
  return [
    ...members.sort((a, b) => first(a) - first(b)),
    ...(node.wildcard ? [{ via: 'name', name: sampleName(node.wildcard.subject), node: node.wildcard } as const] : []),
    ...(node.element ? [{ via: 'element', name: '', node: node.element } as const] : []),
    ...[...node.variants].map(([name, variant]): Step => ({ via: 'variant', name, node: variant })),
  ];
}
