import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { isArray } from '../../source/document.ts';
import { type PatternPlace, pathOf, patternPlacesIn, patternText, shadowedRules } from '../prefix-rules.ts';
import type { Advised, Place } from './advised.ts';

/** Rules that change nothing, and words of a pattern that no command has. */
export function ruleAdvice(advised: Advised): Diagnostic[] {
  const { table, at } = advised;
  const places = patternPlacesIn(table);
  if (places.length === 0) return [];
  const ruleAt = (index: number): Place => at(['rules', 'prefix_rules', index], 'key');
  const shadows = shadowedRules(table).map(({ rule, by }) => {
    const related = [{ message: 'this rule covers it', location: ruleAt(by.index).location }];
    const args = { by: shorten(patternText(by)), decision: by.decision };
    return diagnostic('advice/shadowed-rule', { ...ruleAt(rule.index), related }, args);
  });
  return [...shadows, ...places.flatMap((place) => words(advised, place))];
}

function words({ at }: Advised, place: PatternPlace): Diagnostic[] {
  const { token, any_of: anyOf } = place.place;
  const isToken = typeof token === 'string';
  const texts = isToken ? [token] : isArray(anyOf) ? anyOf : [];
  const found: Diagnostic[] = [];
  for (let number = 0; number < texts.length; number++) {
    const text = texts[number];
    if (typeof text !== 'string') continue;
    const said = place.index === 0 ? aboutProgram(text) : aboutArgument(text);
    if (said === undefined) continue;
    const word = shorten(text);
    const where = at([...pathOf(place), ...(isToken ? ['token'] : ['any_of', number])]);
    found.push(
      said === 'absolute'
        ? diagnostic('advice/rule-absolute-path', where, { word, program: programOf(word) })
        : diagnostic('advice/rule-word', where, { word, why: said }),
    );
  }
  return found;
}

function programOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/**
 * What keeps the first word from being a program's name, or that it is one path of a program: a rule for `git` holds
 * for `/usr/bin/git` as well, a rule for `/usr/bin/git` for that spelling alone (measured on 0.141.0 and 0.169.0).
 */
function aboutProgram(word: string): string | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(word)) return 'an assignment before a command is no word of it';
  const why = aboutArgument(word);
  if (why !== undefined) return why;
  return word.startsWith('/') && programOf(word) !== '' ? 'absolute' : undefined;
}

/** Codex splits a plain command line into words and compares them as text; a line with more than words matches no rule. */
function aboutArgument(word: string): string | undefined {
  if (/^[\w./:=@,+%-]+$/.test(word)) return undefined;
  if (/^\s|\s$/.test(word)) return 'a word has no blank at its ends';
  if (/\s/.test(word)) return 'one word stands in each place; blanks separate words';
  if (/^(?:\|\|?|&&?|;|[0-9]?>{1,2}|<|>&|[()])$/.test(word)) return 'the shell takes it, so it is no word of a command';
  if (/\$[A-Za-z_{(]|`/.test(word)) return 'a line with an expansion matches no rule';
  return /[*?]/.test(word) ? 'a rule has no wildcards' : undefined;
}
