import type { Data, KeyPath } from '../source/document.ts';
import type { Effect, Fact } from './contract.ts';
import type { EffectOn } from './effects-of.ts';

/** Why a statement has its effect. */
export type Reason =
  | { readonly kind: 'key' | 'event' | 'flag' }
  | { readonly kind: 'unknown'; readonly candidates: readonly string[]; readonly isTable: boolean }
  | { readonly kind: 'type'; readonly expected: readonly string[]; readonly found: Data }
  | { readonly kind: 'number'; readonly minimum: number | undefined; readonly maximum: number | undefined }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'unknown-value'; readonly value: string; readonly values: ReadonlyMap<string, Fact> }
  | { readonly kind: 'missing'; readonly key: string; readonly parent: string }
  | { readonly kind: 'must-contain'; readonly value: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'channel'; readonly platforms: readonly string[] }
  | { readonly kind: 'dropped' };

/** What is said at a place: why, and what each release does with it. */
export interface Said {
  readonly reason: Reason;
  /** The fact that decides; of a fault that every release with the key refuses, the key's. */
  readonly fact: Fact;
  readonly effectOn: EffectOn;
}

/** One thing that a document says. */
export interface Statement extends Said {
  readonly path: KeyPath;
  /** What it says below; not said on a release that does not take the statement itself. */
  readonly inner: readonly Statement[];
}

export interface Verdict {
  readonly statement: Statement;
  readonly effect: Effect;
}
