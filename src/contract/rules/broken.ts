import type { DataTable, KeyPath } from '../../source/document.ts';
import { type Contract, type ContractNode, effectOn, type Fact, isRead } from '../contract.ts';
import { type EffectOn, effectsOf } from '../effects-of.ts';
import { profileMembers } from '../profiles.ts';
import type { CodexVersion } from '../version.ts';
import type { Rule, RuleFamily } from './family.ts';
import { familiesFor } from './usual.ts';

/** A place that breaks a rule, and what each release does about it. */
interface BrokenRule {
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

/** So many rules at so many places are remembered; a document may break more. */
const maxAnswers = 10_000;

/** What each release does about a rule that is broken at a place; the same for all elements of a list. */
function brokenAt(path: KeyPath, fact: Fact, contract: Contract): EffectOn {
  const broken = effectsOf(fact);
  const made = answers.get(contract) ?? new Map<string, EffectOn>();
  answers.set(contract, made);
  const place = JSON.stringify([fact.subject, ...path.map((step) => (typeof step === 'number' ? 0 : step))]);
  const known = made.get(place);
  if (known) return known;
  const answer: EffectOn = (version) => (isReadAt(path, version, contract) ? broken(version) : 'enforced');
  if (made.size < maxAnswers) made.set(place, answer);
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

/** Whether a release reads what stands at a path: of what it passes over, no rule asks. */
function isReadAt(path: KeyPath, version: CodexVersion, { root }: Pick<Contract, 'root'>): boolean {
  const [table, name, member] = path;
  // What is said of the whole, or of a member of profiles, is said of a profile of this name.
  if (table === 'permissions' && name === 'network' && (member === undefined || profileMembers.has(String(member))))
    return isReadAt([table, '', ...path.slice(2)], version, { root });
  let node = root;
  for (const key of path) {
    const next: ContractNode | undefined =
      typeof key === 'number'
        ? // A list may stand for a table.
          (node.element ?? node.members.get(node.fact?.fields?.[key] ?? ''))
        : (node.members.get(key) ?? node.wildcard);
    // What stands in a handler depends on its type, and is read wherever that is.
    if (!next) return node.variants.size > 0 || node.members.size === 0;
    if (next.fact && !isRead(effectOn(next.fact, version))) return false;
    node = next;
  }
  return true;
}
