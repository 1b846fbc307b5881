import { type DataTable, isArray, type KeyPath } from '../source/document.ts';
import { isBlank } from './blank.ts';
import { patternPlacesIn, rulesIn } from './prefix-rules.ts';
import { hasRoot, type RuleFamily } from './rule-family.ts';

// What a rule of `rules.prefix_rules` may hold: one word, or several to choose from, at each place of its pattern.

/** Places without a word. An empty table has a fact of its own. */
function missingTokens(table: DataTable): KeyPath[] {
  return patternPlacesIn(table).flatMap(({ place, path }) =>
    Object.keys(place).length > 0 && !('token' in place || 'any_of' in place) ? [path()] : [],
  );
}

/** Words of white space. */
function blankTokens(table: DataTable): KeyPath[] {
  return patternPlacesIn(table).flatMap(({ place, path }) => {
    const { token, any_of: anyOf } = place;
    const blank: KeyPath[] = isBlank(token) ? [[...path(), 'token']] : [];
    if (isArray(anyOf) && anyOf.some(isBlank))
      for (const [at, word] of anyOf.entries()) if (isBlank(word)) blank.push([...path(), 'any_of', at]);
    return blank;
  });
}

/** Places with both. */
function crowdedPlaces(table: DataTable): KeyPath[] {
  return patternPlacesIn(table).flatMap(({ place, path }) =>
    'token' in place && 'any_of' in place ? [[...path(), 'any_of']] : [],
  );
}

/** Justifications of white space. The empty text has a fact of its own. */
function blankJustifications(table: DataTable): KeyPath[] {
  return rulesIn(table).flatMap(({ rule: { justification: text }, index }) =>
    typeof text === 'string' && text !== '' && text.trim() === ''
      ? [['rules', 'prefix_rules', index, 'justification']]
      : [],
  );
}

/** Rules over prefix rules. */
export const patternRules: RuleFamily = {
  concerns: hasRoot('rules'),
  rules: {
    'rule:token-missing': missingTokens,
    'rule:token-blank': blankTokens,
    'rule:token-and-any-of': crowdedPlaces,
    'rule:justification-blank': blankJustifications,
  },
};
