// Proves contract:update: takes the newest release (or --codex VERSION) out of a copy of the data and lets it come back.
// Exit code 1: something came back otherwise and without a word. 2: it cannot run here.
import { prober, schemas } from './prober.mjs';

const { contractAcceptance } = await prober('contract-acceptance');
process.exitCode = await contractAcceptance(process.argv.slice(2), schemas);
