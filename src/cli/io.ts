import { Buffer } from 'node:buffer';
import { fstatSync, writeSync } from 'node:fs';

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
  return {
    args: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    stdin: async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
    stdout: (text) => write(1, text),
    stderr: (text) => write(2, text),
    get isTerminal() {
      return isCharacterDevice(1) && process.stdout.isTTY === true;
    },
    get width() {
      return this.isTerminal ? process.stdout.columns : 100;
    },
  };
}

/** Writes the whole text. `process.stdout` would do, but making its stream takes longer than judging a file. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A reader that closes the pipe early, such as `head`, is no failure of ours.
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      // The pipe is full and does not block: its reader needs a moment.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/** A terminal is one; a file or a pipe is not, and then no stream need be made to ask. */
function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}
