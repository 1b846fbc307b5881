// Takes the newest Codex release into the contract: npm run contract:update [-- --codex 0.170.0] [--out FOLDER]
// Exit code 1: the release does something that the facts cannot say, which is listed. 2: it cannot run here.
import { prober, schemas } from './prober.mjs';

const { contractUpdate } = await prober('contract-update');
process.exitCode = await contractUpdate(process.argv.slice(2), schemas);
