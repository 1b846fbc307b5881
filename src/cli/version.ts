import { packageVersion } from '../package-data.ts';
import type { ExitCode, Io } from './io.ts';

/** Prints the version of codex-mdm, as yargs would, which takes longer to load than all the rest. */
export function printVersion(io: Io): ExitCode {
  io.stdout(`${packageVersion()}\n`);
  return 0;
}
