import { type Data, type DataTable, isArray, isTable, type KeyPath, tablesIn } from '../source/document.ts';
import { once } from './once.ts';

/** A rule as it is written, with its number. */
interface WrittenRule {
  readonly rule: DataTable;
  readonly index: number;
}

/** A place of a pattern: the table with `token` or `any_of`. Thousands of places are looked at, few are named. */
export interface PatternPlace {
  readonly place: DataTable;
  /** Where in its pattern it stands; 0 is the program. */
  readonly index: number;
  readonly rule: number;
}

/** Where a place stands in the document. */
export function pathOf({ rule, index }: PatternPlace): KeyPath {
  return ['rules', 'prefix_rules', rule, 'pattern', index];
}

/** The rules of a document. */
export const rulesIn = once((table): readonly WrittenRule[] =>
  tablesIn(table['rules'], 'prefix_rules').map(([index, rule]) => ({ rule, index })),
);

/** The places of all patterns. */
export const patternPlacesIn = once((table): readonly PatternPlace[] => {
  const found: PatternPlace[] = [];
  for (const { rule: written, index: rule } of rulesIn(table))
    for (const [index, place] of tablesIn(written, 'pattern')) found.push({ place, index, rule });
  return found;
});

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
function comparable(rules: readonly WrittenRule[]): PrefixRule[] {
  return rules.flatMap(({ rule, index }) => {
    const { pattern, decision } = rule;
    if (!isArray(pattern) || pattern.length === 0 || typeof decision !== 'string' || !strictness.includes(decision))
      return [];
    const words = pattern.map((place) => [...new Set(wordsOf(place))]);
    const isCanonical = rule['canonical_matching'] === true;
    return words.every((place) => place.length > 0) ? [{ index, pattern: words, decision, isCanonical }] : [];
  });
}

function wordsOf(place: Data): readonly string[] {
  if (!isTable(place)) return [];
  const { token, any_of: anyOf } = place;
  if (typeof token === 'string') return [token];
  return isArray(anyOf) ? anyOf.filter((word) => typeof word === 'string') : [];
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
export function shadowedRules(requirements: DataTable): Shadow[] {
  const root: Branch = { next: new Map(), rules: [] };
  const rules = comparable(sharingPrograms(rulesIn(requirements)));
  for (const rule of rules) plant(root, rule);
  return rules.flatMap((rule) => {
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
function sharingPrograms(rules: readonly WrittenRule[]): readonly WrittenRule[] {
  const programsOf = ({ rule: { pattern } }: WrittenRule): readonly string[] =>
    isArray(pattern) && pattern[0] !== undefined ? wordsOf(pattern[0]) : [];
  const owner = new Map<string, WrittenRule>();
  const shared = new Set<string>();
  for (const rule of rules)
    for (const word of programsOf(rule)) {
      const first = owner.get(word);
      if (!first) owner.set(word, rule);
      else if (first !== rule) shared.add(word);
    }
  return shared.size === 0 ? [] : rules.filter((rule) => programsOf(rule).some((word) => shared.has(word)));
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
