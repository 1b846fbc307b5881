import { type Effect, isRead, isWorse } from './contract.ts';
import type { Statement, Verdict } from './statement.ts';
import type { CodexVersion } from './version.ts';

/** One verdict for each statement that a release takes notice of; what is not taken silences what stands below it. */
export function judge(statements: readonly Statement[], version: CodexVersion): Verdict[] {
  const verdicts: Verdict[] = [];
  const ask = (statement: Statement): void => {
    const effect = statement.effectOn(version);
    verdicts.push({ statement, effect });
    if (isRead(effect)) for (const inner of statement.inner) ask(inner);
  };
  for (const statement of statements) ask(statement);
  return verdicts;
}

/** The worst that a release does with any of these statements. */
export function worstOn(statements: readonly Statement[], version: CodexVersion): Effect {
  let worst: Effect = 'enforced';
  for (const { effect } of judge(statements, version)) if (isWorse(effect, worst)) worst = effect;
  return worst;
}
