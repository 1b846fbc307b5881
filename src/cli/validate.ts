import { dirname, resolve } from 'node:path';
import { CliError, isCliError } from '../cli-error.ts';
import type { Contract } from '../contract/contract.ts';
import { selectReleases } from '../contract/select.ts';
import type { CodexVersion } from '../contract/version.ts';
import { catalog } from '../diagnostics/catalog.ts';
import { type Diagnostic, type Severity, sorted } from '../diagnostics/diagnostic.ts';
import { loadContract, loadPackageData, packageVersion } from '../package-data.ts';
import { formatters, isFormat } from '../report/index.ts';
import { decode } from '../source/decode.ts';
import type { SourceFile } from '../source/source-file.ts';
import { rangeLine, validate } from '../validate.ts';
import { displayName, kindOf, readInput, readSources } from './files.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';
import { listOption, styleOf, textOption } from './style.ts';

/** `codex-mdm validate`: judges files without writing any. */
export async function validateFiles(args: Arguments, io: Io): Promise<ExitCode> {
  const contract = loadContract();
  const severities = readSeverities(listOption(args, 'severity'));
  const versions = releasesFor(listOption(args, 'codex'), contract);
  const sources = new Map<string, SourceFile>();
  const diagnostics: Diagnostic[] = [];
  const notes: string[] = [];
  let unreadable = 0;
  for (const name of args.positionals) {
    try {
      const checked = await checkFile(name, args, io, contract, versions);
      if (checked.source) sources.set(checked.source.name, checked.source);
      diagnostics.push(...checked.diagnostics);
      if (checked.note)
        notes.push(args.positionals.length > 1 ? `${displayName(name)}: ${checked.note}` : checked.note);
    } catch (error) {
      if (!isCliError(error)) throw error;
      io.stderr(`codex-mdm: ${error.message}\n`);
      unreadable++;
    }
  }

  const adjusted = sorted(diagnostics.flatMap((found) => adjust(found, severities)));
  const count = (severity: Severity): number => adjusted.filter((found) => found.severity === severity).length;
  const quiet = args.options['quiet'] === true;
  const format = textOption(args, 'format') ?? 'text';
  if (!isFormat(format)) throw new CliError(`there is no format ${format}`);
  const checkedFiles = args.positionals.length - unreadable;
  const shown = quiet ? adjusted.filter(({ severity }) => severity === 'error') : adjusted;
  const summary = `${amount(checkedFiles, 'file')} checked for Codex ${versionsText(versions)}: ${amount(count('error'), 'error')}, ${amount(count('warning'), 'warning')}`;
  const text = formatters[format](
    {
      tool: { name: 'codex-mdm', version: packageVersion() },
      diagnostics: shown,
      sources,
      notes: quiet ? [] : notes,
      summary,
      checkedFiles,
    },
    styleOf(args, io),
  );
  if (!(quiet && format === 'text' && shown.length === 0)) io.stdout(text);
  const maxWarnings = args.options['max-warnings'];
  const tooMany = typeof maxWarnings === 'number' && count('warning') > maxWarnings;
  if (tooMany) io.stderr(`codex-mdm: more than ${maxWarnings} warnings\n`);
  return unreadable > 0 ? 2 : count('error') > 0 || tooMany ? 1 : 0;
}

interface Checked {
  readonly source: SourceFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The line that says on which releases the file holds. */
  readonly note?: string;
}

async function checkFile(
  name: string,
  args: Arguments,
  io: Io,
  contract: Contract,
  versions: readonly CodexVersion[],
): Promise<Checked> {
  const { value: source, diagnostics } = decode(displayName(name), await readInput(name, io));
  if (!source) return { source, diagnostics };
  if ((textOption(args, 'as') ?? kindOf(name)) === 'policy') {
    // The compiler, YAML and all: loaded for policies only.
    const { compile, sourcesOf } = await import('../compile.ts');
    const data = loadPackageData();
    const home = name === '-' ? io.cwd : dirname(resolve(io.cwd, name));
    const result = await compile(source, await readSources(home, sourcesOf(source, data)), data);
    return { source, diagnostics: result.diagnostics };
  }
  const validation = validate(source, versions, contract);
  const line = validation.ranges.length > 0 ? rangeLine(validation.ranges, contract) : undefined;
  return { source, diagnostics: validation.diagnostics, ...(line === undefined ? {} : { note: line }) };
}

function releasesFor(texts: readonly string[], contract: Contract): readonly CodexVersion[] {
  const selected = selectReleases(texts.length === 0 ? ['latest'] : texts, contract);
  if ('unknown' in selected)
    throw new CliError(`--codex ${selected.unknown} names no known release; \`codex-mdm versions\` lists them`);
  return selected.releases;
}

function versionsText(versions: readonly CodexVersion[]): string {
  return versions.length <= 3
    ? versions.join(', ')
    : `${versions[0]} to ${versions.at(-1)} (${versions.length} releases)`;
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

type Level = Severity | 'off';

function readSeverities(texts: readonly string[]): ReadonlyMap<string, Level> {
  return new Map(
    texts.map((text) => {
      const [code = '', level = ''] = text.split('=');
      const entry = Object.hasOwn(catalog, code) ? catalog[code as keyof typeof catalog] : undefined;
      if (!entry) throw new CliError(`--severity names the unknown code ${code}; \`codex-mdm codes\` lists them`);
      if (level !== 'error' && level !== 'warning' && level !== 'note' && level !== 'off')
        throw new CliError(`--severity takes CODE=error, warning, note or off, not ${text}`);
      if (entry.severity === 'error') throw new CliError(`--severity cannot change ${code}: errors stay errors`);
      return [code, level];
    }),
  );
}

function adjust(found: Diagnostic, severities: ReadonlyMap<string, Level>): Diagnostic[] {
  const level = severities.get(found.code);
  if (level === undefined || found.severity === 'error') return [found];
  return level === 'off' ? [] : [{ ...found, severity: level }];
}
