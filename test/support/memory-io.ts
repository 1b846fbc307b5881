import type { ExitCode } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

/** What one run of the program printed and how it ended. */
export interface Ran {
  readonly exit: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process. */
export async function runCli(
  args: readonly string[],
  {
    cwd = process.cwd(),
    stdin = '',
    env = {},
    isTerminal = false,
  }: { cwd?: string; stdin?: string | Uint8Array; env?: Record<string, string>; isTerminal?: boolean } = {},
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await run({
    args,
    cwd,
    env,
    stdin: async () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    isTerminal,
    width: 100,
  });
  return { exit, stdout: out.join(''), stderr: err.join('') };
}
