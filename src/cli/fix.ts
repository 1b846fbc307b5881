import { resolve } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { Contract } from '../contract/contract.ts';
import { unifiedDiff } from '../fix/diff.ts';
import { fix } from '../fix/fix.ts';
import { visible } from '../report/cells.ts';
import { decode } from '../source/decode.ts';
import { withoutSecrets } from '../source/secrets.ts';
import { validate } from '../validate.ts';
import { rewriteFile } from '../write.ts';
import type { Asked, Input } from './check.ts';
import { displayName } from './files.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';
import { textOption } from './style.ts';

/** What `--fix` does in one run of `validate`. */
export interface Fixer {
  /**
   * Corrects a requirements.toml where it lies, or with `--diff` prints the difference; gives the bytes to judge from
   * now on. From standard input the text goes to stdout, corrected or not. Throws CliError for a file not writable.
   */
  readonly correct: (input: Input) => Promise<Uint8Array>;
  /** Where the report goes: stdout, unless a diff or a corrected text is there. */
  readonly print: (text: string) => void;
  /** Whether `--diff` showed something. */
  readonly hasShown: () => boolean;
}

/** Throws CliError where the options contradict each other. */
export function fixer(args: Arguments, asked: Asked, contract: Contract, io: Io): Fixer {
  const isDiff = args.options['diff'] === true;
  if (isDiff && (textOption(args, 'format') ?? 'text') !== 'text')
    throw new CliError('--diff prints a diff, and no report in another format');
  let shown = false;
  const { versions, channel, platforms } = asked;
  const options = { platforms, ...(channel === undefined ? {} : { channel }) };
  return {
    print: isDiff || args.positionals.includes('-') ? io.stderr : io.stdout,
    hasShown: () => shown,
    correct: async ({ name, kind, bytes }) => {
      const file = displayName(name);
      if (kind !== 'requirements') {
        io.stderr(`${file}: not fixed: --fix corrects requirements.toml only\n`);
        return bytes;
      }
      const source = decode(file, bytes).value;
      if (!source) return bytes;
      const { text, done } = fix(source, {
        contract,
        versions,
        judge: (candidate) => validate(candidate, versions, contract, options).diagnostics,
      });
      const isChanged = text !== source.text;
      const whole = `${hasMark(bytes) ? '\uFEFF' : ''}${text}`;
      const fixed = isChanged ? new TextEncoder().encode(whole) : bytes;
      // Diffs end in the logs of CI, as pictures do: a secret in a line is blotted out.
      if (isDiff) io.stdout(withoutSecrets(unifiedDiff(file, source.text, text)));
      else if (name === '-') io.stdout(whole);
      else if (isChanged) await rewriteFile(resolve(io.cwd, name), fixed);
      for (const what of done) io.stderr(`${visible(`${file}: ${isDiff ? 'to fix' : 'fixed'}: ${what}`)}\n`);
      shown ||= isDiff && isChanged;
      return fixed;
    },
  };
}

/** The byte order mark of UTF-8. */
function hasMark([a, b, c]: Uint8Array): boolean {
  return a === 0xef && b === 0xbb && c === 0xbf;
}
