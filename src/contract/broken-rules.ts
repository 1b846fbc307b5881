import type { DataTable, KeyPath } from '../source/document.ts';
import { type Contract, type ContractNode, effectOn, type Fact, isRead } from './contract.ts';
import { type EffectOn, effectsOf } from './effects-of.ts';
import { canBreak } from './rule-places.ts';
import { rules } from './rules.ts';
import type { CodexVersion } from './version.ts';

/** A place that breaks a rule, and what each release does about it. */
interface BrokenRule {
  readonly path: KeyPath;
  readonly fact: Fact;
  readonly effectOn: EffectOn;
}

/** The places of a document that break a rule over more than one key or over the form of a text. */
export function brokenRules(table: DataTable, contract: Contract): BrokenRule[] {
  const found: BrokenRule[] = [];
  for (const fact of contract.rules) {
    if (!canBreak(table, fact.subject)) continue;
    const broken = effectsOf(fact);
    for (const path of rules[fact.subject]?.(table, contract) ?? [])
      found.push({
        path,
        fact,
        effectOn: (version) => (isReadAt(path, version, contract) ? broken(version) : 'enforced'),
      });
  }
  return found;
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
