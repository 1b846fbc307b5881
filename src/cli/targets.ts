import { targets } from '../targets/index.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';

/** `codex-mdm targets`: the products by the names that policies use. */
export async function listTargets(_args: Arguments, io: Io): Promise<ExitCode> {
  io.stdout(
    targets.map(({ name, title, platforms }) => `${name.padEnd(8)} ${title} (${platforms.join(', ')})\n`).join(''),
  );
  return 0;
}
