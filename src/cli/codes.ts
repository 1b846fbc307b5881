import { CliError } from '../cli-error.ts';
import { catalog } from '../diagnostics/catalog.ts';
import { nearest } from '../source/suggest.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';

/** `codex-mdm codes`: the list of codes, or what one of them means. */
export async function codes(args: Arguments, io: Io): Promise<ExitCode> {
  const [code] = args.positionals;
  const all = Object.entries(catalog).sort(([a], [b]) => (a < b ? -1 : 1));
  if (code === undefined) {
    const width = Math.max(...all.map(([name]) => name.length));
    io.stdout(
      all.map(([name, { severity, why }]) => `${name.padEnd(width)}  ${severity.padEnd(7)}  ${why}\n`).join(''),
    );
    return 0;
  }
  const found = all.find(([name]) => name === code)?.[1];
  if (!found) {
    const close = nearest(
      code,
      all.map(([name]) => name),
    );
    throw new CliError(
      `there is no code ${code}${close ? `; nearest is ${close}` : '; run `codex-mdm codes` for the list'}`,
    );
  }
  io.stdout(`${code} (${found.severity})\n\n${found.why}\n`);
  return 0;
}
