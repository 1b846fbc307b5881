// Mutates valid files and compares what we say of each mutant with what the real Codex does with it:
//   npm run conformance:fuzz [-- --codex 0.169.0,0.141.0] [--count 1000] [--seed 1]
// --count is for each release. The same seed gives the same mutants. Exit code 1: a disagreement. 2: it cannot run here.
import { fromTypeScript, root } from './typescript.mjs';

const { fuzz } = await fromTypeScript('test/conformance/fuzz.ts');
process.exitCode = await fuzz(process.argv.slice(2), root);
