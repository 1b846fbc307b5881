import { type Data, type DataTable, isArray, isTable } from '../source/document.ts';

/** A rule of `rules.prefix_rules` that Codex takes. */
export interface PrefixRule {
  readonly index: number;
  /** The words accepted at each place. */
  readonly pattern: readonly (readonly string[])[];
  readonly decision: string;
  /** With `canonical_matching`, which matches other spellings of a command. */
  readonly isCanonical: boolean;
}

/** A rule that changes nothing, and the one that already says as much for all that it matches. */
export interface Shadow {
  readonly rule: PrefixRule;
  readonly by: PrefixRule;
}

/** Decisions from mild to strict: Codex takes the strictest of all rules that match (measured with execpolicy check). */
const strictness = ['prompt-user', 'prompt', 'forbidden'];

/** The rules that can be compared: with a pattern, words at each place, and a known decision. */
export function prefixRules(requirements: DataTable): PrefixRule[] {
  const rules = requirements['rules'];
  const list = isTable(rules) ? rules['prefix_rules'] : undefined;
  return (isArray(list) ? list : []).flatMap((rule, index) => {
    const pattern = isTable(rule) ? rule['pattern'] : undefined;
    const decision = isTable(rule) ? rule['decision'] : undefined;
    if (!isArray(pattern) || pattern.length === 0 || typeof decision !== 'string' || !strictness.includes(decision))
      return [];
    const words = pattern.map(wordsOf);
    const isCanonical = isTable(rule) && rule['canonical_matching'] === true;
    return words.every((place) => place.length > 0) ? [{ index, pattern: words, decision, isCanonical }] : [];
  });
}

function wordsOf(place: Data): readonly string[] {
  if (!isTable(place)) return [];
  const { token, any_of: anyOf } = place;
  if (typeof token === 'string') return [token];
  return isArray(anyOf) ? [...new Set(anyOf.filter((word): word is string => typeof word === 'string'))] : [];
}

/** The rules that end at one place of the tree of words. */
interface Branch {
  readonly next: Map<string, Branch>;
  readonly rules: PrefixRule[];
}

/** A rule with more spellings than this stands for none but itself. */
const maxSpellings = 64;

/** Rules of one spelling that are compared; more of them are duplicates, which the first ones show. */
const maxAlike = 32;

/** The rules that another one makes idle. What covers a rule lies on the way of its first spelling through the tree. */
export function shadowedRules(rules: readonly PrefixRule[]): Shadow[] {
  const root: Branch = { next: new Map(), rules: [] };
  const related = sharingPrograms(rules);
  for (const rule of related) plant(root, rule);
  return related.flatMap((rule) => {
    let branch: Branch | undefined = root;
    for (const [word = ''] of rule.pattern) {
      branch = branch?.next.get(word);
      const by = branch?.rules.find((one) => one !== rule && makesIdle(one, rule));
      if (by) return [{ rule, by }];
    }
    return [];
  });
}

/** The rules about programs that more than one rule names: others have nobody to cover them. */
function sharingPrograms(rules: readonly PrefixRule[]): PrefixRule[] {
  const owner = new Map<string, PrefixRule>();
  const shared = new Set<string>();
  for (const rule of rules)
    for (const word of rule.pattern[0] ?? [])
      if (owner.has(word)) shared.add(word);
      else owner.set(word, rule);
  return shared.size === 0 ? [] : rules.filter(({ pattern: [words] }) => words?.some((word) => shared.has(word)));
}

function plant(root: Branch, rule: PrefixRule): void {
  if (rule.pattern.reduce((product, words) => product * words.length, 1) > maxSpellings) return;
  let branches = [root];
  for (const words of rule.pattern)
    branches = branches.flatMap(({ next }) =>
      words.map((word) => {
        const known = next.get(word) ?? { next: new Map(), rules: [] };
        next.set(word, known);
        return known;
      }),
    );
  for (const { rules } of branches) if (rules.length < maxAlike) rules.push(rule);
}

function makesIdle(other: PrefixRule, rule: PrefixRule): boolean {
  const covers =
    other.isCanonical === rule.isCanonical &&
    other.pattern.length <= rule.pattern.length &&
    other.pattern.every((words, place) => rule.pattern[place]?.every((word) => words.includes(word)));
  if (!covers) return false;
  const difference = strictness.indexOf(other.decision) - strictness.indexOf(rule.decision);
  // Of two rules that say the same of the same, the later one is named.
  const same =
    other.pattern.length === rule.pattern.length &&
    other.pattern.every((words, place) => rule.pattern[place]?.length === words.length);
  return difference > 0 || (difference === 0 && (!same || other.index < rule.index));
}

/** The words of a pattern as one reads them: `git push|commit`. */
export function patternText(rule: PrefixRule): string {
  return rule.pattern.map((words) => words.join('|')).join(' ');
}
