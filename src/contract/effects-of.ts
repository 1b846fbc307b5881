import { type Effect, effectOn, type Fact, type Range } from './contract.ts';
import type { CodexVersion } from './version.ts';

/** What each release does with a statement. */
export type EffectOn = (version: CodexVersion) => Effect;

/** The answers that are the same for every release. */
export const always = {
  enforced: (): Effect => 'enforced',
  ignored: (): Effect => 'ignored',
  refused: (): Effect => 'file-rejected',
} satisfies Record<string, EffectOn>;

const byFact = new WeakMap<Fact, EffectOn>();
const factOf = new WeakMap<EffectOn, Fact>();

/** What each release does with the subject of a fact: one function for each fact. */
export function effectsOf(fact: Fact): EffectOn {
  let known = byFact.get(fact);
  if (!known) {
    const answers = new Map<CodexVersion, Effect>();
    known = (version) => {
      const answer = answers.get(version) ?? effectOn(fact, version);
      answers.set(version, answer);
      return answer;
    };
    byFact.set(fact, known);
    factOf.set(known, fact);
  }
  return known;
}

/** The ranges behind such a function; undefined of one that was made otherwise. */
export function rangesBehind(ask: EffectOn): readonly Range[] | undefined {
  return factOf.get(ask)?.ranges;
}
