import { type DataTable, isArray, type KeyPath } from '../../source/document.ts';
import { once } from '../once.ts';
import { type PatternPlace, pathOf, patternPlacesIn, rulesIn } from '../prefix-rules.ts';
import { isBlank } from './blank.ts';
import { hasRoot, type RuleFamily } from './family.ts';

// What a rule of `rules.prefix_rules` may hold: one word, or several to choose from, at each place of its pattern.

/** Most places have one word, or some, and nothing else: of these no rule has anything to say. */
const oddPlaces = once((table): readonly PatternPlace[] =>
  patternPlacesIn(table).filter(({ place }) => !isUsual(place)),
);

function isUsual(place: DataTable): boolean {
  const { token, any_of: anyOf } = place;
  return token === undefined ? isArray(anyOf) && !anyOf.some(isBlank) : anyOf === undefined && !isBlank(token);
}

/** Places without a word. An empty table has a fact of its own. */
function missingTokens(table: DataTable): KeyPath[] {
  return oddPlaces(table)
    .filter(({ place }) => !('token' in place || 'any_of' in place) && Object.keys(place).length > 0)
    .map(pathOf);
}

/** Words of white space. */
function blankTokens(table: DataTable): KeyPath[] {
  const blank: KeyPath[] = [];
  for (const at of oddPlaces(table)) {
    const { token, any_of: anyOf } = at.place;
    if (isBlank(token)) blank.push([...pathOf(at), 'token']);
    if (!isArray(anyOf)) continue;
    for (let index = 0; index < anyOf.length; index++)
      if (isBlank(anyOf[index])) blank.push([...pathOf(at), 'any_of', index]);
  }
  return blank;
}

/** Places with both. */
function crowdedPlaces(table: DataTable): KeyPath[] {
  return oddPlaces(table)
    .filter(({ place }) => 'token' in place && 'any_of' in place)
    .map((at) => [...pathOf(at), 'any_of']);
}

/** Justifications of white space. The empty text has a fact of its own. */
function blankJustifications(table: DataTable): KeyPath[] {
  return rulesIn(table).flatMap(({ rule: { justification: text }, index }) =>
    isBlank(text) ? [['rules', 'prefix_rules', index, 'justification']] : [],
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
