import type { Severity } from './diagnostic.ts';

interface Entry<Args> {
  readonly severity: Severity;
  readonly message: (args: Args) => string;
  readonly help?: (args: Args) => string | undefined;
  /** Why it matters, one or two sentences for docs/diagnostics.md and `codes CODE`. */
  readonly why: string;
}

function entry<Args>(value: Entry<Args>): Entry<Args> {
  return value;
}

/** Every code that codex-mdm can report. Codes are public: never renamed, never reused. */
export const catalog = {
  'input/empty': entry<Record<never, never>>({
    severity: 'error',
    message: () => 'the file is empty',
    why: 'An empty file holds no policy.',
  }),
};

export type Code = keyof typeof catalog;
export type ArgsOf<C extends Code> = (typeof catalog)[C] extends Entry<infer Args> ? Args : never;
