import { Buffer } from 'node:buffer';

/** All that a command sees of the process. */
export interface Io {
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: () => Promise<Uint8Array>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stdout is a terminal, and its width in columns. */
  readonly isTerminal: boolean;
  readonly width: number;
}

/** 0 nothing wrong, 1 the input has errors or --check found a difference, 2 the work could not be done. */
export type ExitCode = 0 | 1 | 2;

/** The real process; the only reader of `process` in the command line. */
export function processIo(): Io {
  // A reader that closes the pipe early, such as `head`, is no failure of ours.
  process.stdout.on('error', (error: Error & { code?: string }) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    args: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdin: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stdout.isTTY === true,
    width: process.stdout.columns ?? 100,
  };
}
