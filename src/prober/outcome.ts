import type { Effect } from '../contract/contract.ts';

/** What a release did with one file, from the outside. */
export interface Outcome {
  /** `no-start`: the command line takes the file, app-server clients do not start. `skipped`: the hook is not listed. */
  readonly what: 'taken' | 'warned' | 'skipped' | 'no-session' | 'no-start' | 'refused';
  /** Codex's own words, cleaned; absent where it says nothing. */
  readonly message?: string;
  /** The release lists no hooks: a skipped one would be taken for taken. */
  readonly isBlind?: true;
}

/** Effects that a probe can tell apart: whether an accepted key is read or ignored shows in a second file only. */
export type Observed = 'taken' | 'silent' | 'warned' | 'skipped' | 'no-session' | 'refused';

const observedOf: Readonly<Record<Effect, Observed>> = {
  enforced: 'taken',
  weakened: 'taken',
  ignored: 'silent',
  'ignored-with-warning': 'warned',
  'hook-skipped': 'skipped',
  'session-fails': 'no-session',
  'file-rejected': 'refused',
  'start-refused': 'refused',
};

/** How an effect of the contract looks to a probe. */
export function observedAs(effect: Effect): Observed {
  return observedOf[effect];
}

/** The effect to write down for what was seen, where the contract has none that looks the same. */
export const effectOfObserved: Readonly<Record<Observed, Effect>> = {
  taken: 'enforced',
  silent: 'ignored',
  warned: 'ignored-with-warning',
  skipped: 'hook-skipped',
  'no-session': 'session-fails',
  refused: 'file-rejected',
};

/** Whether the file was refused, by the command line or by app-server clients. */
export function isRefused({ what }: Outcome): boolean {
  return what === 'refused' || what === 'no-start';
}
