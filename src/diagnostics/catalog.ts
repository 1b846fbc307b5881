import { adviceCodes } from './advice-codes.ts';
import { configCodes } from './config-codes.ts';
import { contractCodes } from './contract-codes.ts';
import type { Entry } from './entry.ts';
import { hookAdviceCodes } from './hook-advice-codes.ts';
import { policyCodes } from './policy-codes.ts';
import { profileCodes } from './profile-codes.ts';
import { sourceCodes } from './source-codes.ts';
import { targetCodes } from './target-codes.ts';

/** Every code that codex-mdm can report. Codes are public: never renamed, never reused. */
export const catalog = {
  ...adviceCodes,
  ...configCodes,
  ...contractCodes,
  ...hookAdviceCodes,
  ...policyCodes,
  ...profileCodes,
  ...targetCodes,
  ...sourceCodes,
};

export type Code = keyof typeof catalog;
export type ArgsOf<C extends Code> = (typeof catalog)[C] extends Entry<infer Args> ? Args : never;
