import type { DataTable, KeyPath } from '../../source/document.ts';
import { type Contract, type ContractNode, effectOn, type Fact, isRead } from '../contract.ts';
import { always, type EffectOn, effectsOf } from '../effects-of.ts';
import { profileMembers } from '../profiles.ts';
import type { Rule, RuleFamily } from './family.ts';
import { familiesFor } from './usual.ts';

/** A place that breaks a rule, and what each release does about it. */
export interface BrokenRule {
  readonly path: KeyPath;
  readonly fact: Fact;
  readonly effectOn: EffectOn;
}

/** The places of a document that break a rule over more than one key or over the form of a text. */
export function brokenRules(table: DataTable, contract: Contract): BrokenRule[] {
  const found: BrokenRule[] = [];
  for (const family of familiesFor(table)) {
    if (!family.concerns(table)) continue;
    for (const { fact, rule } of rulesOf(family, contract))
      for (const path of rule(table, contract)) found.push({ path, fact, effectOn: brokenAt(path, fact, contract) });
  }
  return found;
}

const answers = new WeakMap<Contract, Map<string, EffectOn>>();

/**
 * What each release does about a rule that is broken at a place: nothing, where it passes over what stands there. Places
 * below the same facts, such as the elements of a list, share one answer, by which `history` knows it again.
 */
function brokenAt(path: KeyPath, fact: Fact, contract: Contract): EffectOn {
  const above = factsAt(path, contract);
  if (!above) return always.enforced;
  const made = answers.get(contract) ?? new Map<string, EffectOn>();
  answers.set(contract, made);
  const key = [fact, ...above].map(({ subject }) => subject).join(' ');
  const broken = effectsOf(fact);
  const answer: EffectOn =
    made.get(key) ??
    ((version) => (above.every((one) => isRead(effectOn(one, version))) ? broken(version) : 'enforced'));
  made.set(key, answer);
  return answer;
}

/** A rule that has found its fact. */
interface KnownRule {
  readonly fact: Fact;
  readonly rule: Rule;
}

const known = new WeakMap<Contract, Map<RuleFamily, readonly KnownRule[]>>();

function rulesOf(family: RuleFamily, contract: Contract): readonly KnownRule[] {
  const families = known.get(contract) ?? new Map<RuleFamily, readonly KnownRule[]>();
  known.set(contract, families);
  let rules = families.get(family);
  if (!rules) {
    rules = contract.rules.flatMap((fact) => {
      const rule = family.rules[fact.subject];
      return rule ? [{ fact, rule }] : [];
    });
    families.set(family, rules);
  }
  return rules;
}

/** The facts about a place and all that it stands in; undefined where no release reads it. */
function factsAt(path: KeyPath, contract: Contract): readonly Fact[] | undefined {
  const [table, name, member] = path;
  // What is said of the whole, or of a member of profiles, is said of a profile of this name.
  if (table === 'permissions' && name === 'network' && (member === undefined || profileMembers.has(String(member))))
    return factsAt([table, '', ...path.slice(2)], contract);
  const facts: Fact[] = [];
  let node = contract.root;
  for (const key of path) {
    const next: ContractNode | undefined =
      typeof key === 'number'
        ? // A list may stand for a table; its newest form tells which member it has there.
          (node.element ?? node.members.get(node.fact?.lists?.at(-1)?.fields[key] ?? ''))
        : (node.members.get(key) ?? node.wildcard);
    // What stands in a handler depends on its type, and is read wherever that is.
    if (!next) return node.variants.size > 0 || node.members.size === 0 ? facts : undefined;
    if (next.fact) facts.push(next.fact);
    node = next;
  }
  return facts;
}
