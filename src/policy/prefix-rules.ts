import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { type Data, type DataTable, isArray, isTable, locate, type ParsedDocument } from '../source/document.ts';

interface PrefixRule {
  readonly index: number;
  /** The words accepted at each place. */
  readonly pattern: readonly (readonly string[])[];
  readonly decision: string;
}

/** Decisions from mild to strict: Codex takes the strictest of all rules that match. */
const strictness = ['prompt-user', 'prompt', 'forbidden'];

/** Warns of rules that change nothing, because another one already says as much for all that they match. */
export function checkPrefixRules(document: ParsedDocument, requirements: DataTable): Diagnostic[] {
  const rules = read(requirements);
  return rules.flatMap((rule) => {
    const other = rules.find((candidate) => candidate !== rule && makesIdle(candidate, rule));
    if (!other) return [];
    const path = ['requirements', 'rules', 'prefix_rules', rule.index];
    const first = ['requirements', 'rules', 'prefix_rules', other.index];
    const related = [{ message: 'this rule covers it', location: locate(document, first, 'value') }];
    const by = other.pattern.map((words) => words.join('|')).join(' ');
    return [
      diagnostic(
        'policy/shadowed-rule',
        { location: locate(document, path, 'value'), path, related },
        { by, decision: other.decision },
      ),
    ];
  });
}

function makesIdle(other: PrefixRule, rule: PrefixRule): boolean {
  const covers =
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

function read(requirements: DataTable): PrefixRule[] {
  const rules = requirements['rules'];
  const list = isTable(rules) ? rules['prefix_rules'] : undefined;
  return (isArray(list) ? list : []).flatMap((rule, index) => {
    const pattern = isTable(rule) ? rule['pattern'] : undefined;
    const decision = isTable(rule) ? rule['decision'] : undefined;
    if (!isArray(pattern) || pattern.length === 0 || typeof decision !== 'string' || !strictness.includes(decision))
      return [];
    const words = pattern.map(wordsOf);
    return words.every((place) => place.length > 0) ? [{ index, pattern: words, decision }] : [];
  });
}

function wordsOf(place: Data): readonly string[] {
  if (!isTable(place)) return [];
  const { token, any_of: anyOf } = place;
  if (typeof token === 'string') return [token];
  return isArray(anyOf) ? anyOf.filter((word): word is string => typeof word === 'string') : [];
}
