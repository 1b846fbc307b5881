import { CliError } from '../cli-error.ts';
import { type Code, catalog } from '../diagnostics/catalog.ts';
import { exampleFindings } from '../diagnostics/example-findings.gen.ts';
import { examples } from '../diagnostics/examples.ts';
import { nearest } from '../source/suggest.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';
import { textOption } from './style.ts';

/** `codex-mdm codes`: the list of codes, or what one of them means, with an example. */
export async function codes(args: Arguments, io: Io): Promise<ExitCode> {
  const [code] = args.positionals;
  const all = Object.keys(catalog).sort() as Code[];
  const isJson = textOption(args, 'format') === 'json';
  if (code === undefined) {
    io.stdout(isJson ? jsonText(all.map(explanation)) : listText(all));
    return 0;
  }
  const known = all.find((name) => name === code);
  if (known === undefined) {
    const close = nearest(code, all);
    throw new CliError(
      `there is no code ${code}${close ? `; nearest is ${close}` : '; run `codex-mdm codes` for the list'}`,
    );
  }
  io.stdout(isJson ? jsonText([explanation(known)]) : explanationText(known));
  return 0;
}

function listText(all: readonly Code[]): string {
  const width = Math.max(...all.map((code) => code.length));
  return all
    .map((code) => `${code.padEnd(width)}  ${catalog[code].severity.padEnd(7)}  ${catalog[code].why}\n`)
    .join('');
}

function explanationText(code: Code): string {
  const { severity, why } = catalog[code];
  const { file, options = [], bad, fixed, shown } = examples[code];
  const found = exampleFindings[code];
  const command = ['codex-mdm validate', file, ...options].join(' ');
  const finding = found ? [`${file}:${found.line}:${found.column}: ${severity}: ${found.message}`] : [];
  const help = found?.help ? [`  help: ${found.help}`] : [];
  const texts =
    shown === undefined
      ? { bad: indented(String(bad)), fixed: ['Corrected:', '', indented(String(fixed))] }
      : { bad: `  ${shown}`, fixed: [] };
  const parts = [
    `${code} (${severity})`,
    '',
    why,
    '',
    `For example \`${command}\`, where the file is:`,
    '',
    texts.bad,
    '',
    ...finding,
    ...help,
    '',
    ...texts.fixed,
    ...(found?.isFixable ? ['', '`codex-mdm validate --fix` corrects it.'] : []),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function indented(text: string): string {
  return text.trimEnd().replaceAll(/^(?=.)/gm, '    ');
}

/** One code as data; texts of an example only where they can be shown. */
function explanation(code: Code): object {
  const { severity, why } = catalog[code];
  const { file, options = [], bad, fixed, shown } = examples[code];
  const { isFixable = false, ...finding } = exampleFindings[code] ?? {};
  const texts = shown === undefined ? { bad: String(bad), fixed: String(fixed) } : { description: shown };
  return { code, severity, why, fixable: isFixable, example: { file, options, ...texts, finding } };
}

function jsonText(explained: readonly object[]): string {
  return `${JSON.stringify({ schemaVersion: 1, codes: explained }, null, 2)}\n`;
}
