// One example for each code of the catalogue; tsc fails where one is missing. To add one, write a line
//   'contract/new-code': requirements(bad, fixed),            in contract-examples.ts (a third argument is `--codex`), or
//   'policy/new-code': policy(badBody, fixedBody),            in policy-examples.ts, or
//   'profile/new-code': { file: 'x.mobileconfig', options: ['--channel', 'profile'], bad, fixed },   anywhere.
// test/diagnostics/examples.test.ts runs each: `bad` must get the code, `fixed` must not. Then `npm run gen`.
// Loaded by `codes`, `npm run gen` and tests only, so that `validate` starts without it.
import { adviceExamples, misplacedExamples } from './advice-examples.ts';
import type { Code } from './catalog.ts';
import { configExamples } from './config-examples.ts';
import { contractExamples } from './contract-examples.ts';
import type { Example } from './example.ts';
import { policyExamples } from './policy-examples.ts';
import { profileExamples } from './profile-examples.ts';
import { sourceExamples } from './source-examples.ts';
import { targetExamples } from './target-examples.ts';

/** An example of every code that codex-mdm can report. */
export const examples: Readonly<Record<Code, Example>> = {
  ...adviceExamples,
  ...contractExamples,
  ...misplacedExamples,
  ...policyExamples,
  ...profileExamples,
  ...configExamples,
  ...targetExamples,
  ...sourceExamples,
};
