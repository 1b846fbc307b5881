// Compares the contract with the real Codex: npm run contract:probe -- --codex 0.169.0[,0.141.0|all] [--out FOLDER]
// Exit code 1: a difference, which is printed with a proposed change. 2: it cannot run here.
import { prober, schemas } from './prober.mjs';

const { contractProbe } = await prober('contract-probe');
process.exitCode = await contractProbe(process.argv.slice(2), schemas);
