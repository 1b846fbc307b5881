import { CliError } from '../cli-error.ts';
import { channels, platforms } from '../contract/channels.ts';
import type { Contract } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import { catalog } from '../diagnostics/catalog.ts';
import { type Diagnostic, type Severity, sorted } from '../diagnostics/diagnostic.ts';
import { loadContract, packageVersion } from '../package-data.ts';
import type { Formatter } from '../report/report.ts';
import { text } from '../report/text.ts';
import { rangeLine } from '../validate-document.ts';
import { checkBeside, mayStandBeside } from './beside.ts';
import { type Asked, type Checked, checkName } from './check.ts';
import { displayName, expandNames, fileKinds } from './files.ts';
import type { Fixer } from './fix.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';
import { listOption, styleOf, textOption } from './style.ts';

/** `codex-mdm validate`: judges files, and writes none but with `--fix`. */
export async function validateFiles(args: Arguments, io: Io): Promise<ExitCode> {
  const contract = loadContract();
  const severities = readSeverities(listOption(args, 'severity'));
  const versions = await releasesFor(listOption(args, 'codex'), contract);
  const asked = { versions, ...wayOf(args) };
  const as = fileKinds.find((kind) => kind === textOption(args, 'as'));
  const fixer = await fixerOf(args, asked, contract, io);
  const files: (Checked & { readonly name: string })[] = [];
  let unreadable = 0;
  const fail = (message: string): void => {
    io.stderr(`codex-mdm: ${message}\n`);
    unreadable++;
  };
  const names = await expandNames(args.positionals, io.cwd, (name) => fail(`no file matches \`${name}\``));
  const mayHaveBeside = mayStandBeside(names, io.cwd);
  for (const name of names) {
    const outcome = await checkName(name, { as, asked }, contract, io, fixer?.correct);
    if ('failure' in outcome) fail(outcome.failure);
    // The texts of a thousand files are not kept for the few that are shown.
    else if (outcome.diagnostics.length > 0 || mayHaveBeside(name)) files.push(outcome);
    else files.push({ ...outcome, source: undefined });
  }
  const beside = asked.channel === 'profile' ? undefined : await checkBeside(files, versions, contract, io.cwd);
  const read = [...(beside?.sources ?? []), ...files.flatMap(({ source }) => source ?? [])];
  const diagnostics = [...files.flatMap((file) => file.diagnostics), ...(beside?.diagnostics ?? [])];
  const notes = files.flatMap(({ name, ranges }) => {
    if (ranges.length === 0) return [];
    return names.length > 1 ? `${displayName(name)}: ${rangeLine(ranges)}` : rangeLine(ranges);
  });

  const adjusted = sorted(diagnostics.flatMap((found) => adjust(found, severities)));
  const count = (severity: Severity): number => adjusted.filter((found) => found.severity === severity).length;
  const quiet = args.options['quiet'] === true;
  const format = textOption(args, 'format') ?? 'text';
  const formatter = await formatterOf(format);
  const shown = quiet ? adjusted.filter(({ severity }) => severity === 'error') : adjusted;
  const summary = `${amount(files.length, 'file')} checked for Codex ${versionsText(versions)}: ${amount(count('error'), 'error')}, ${amount(count('warning'), 'warning')}`;
  const output = formatter(
    {
      tool: { name: 'codex-mdm', version: packageVersion() },
      diagnostics: shown,
      sources: new Map(read.map((source) => [source.name, source])),
      notes: quiet ? [] : notes,
      summary,
      checkedFiles: files.length,
      files: files.map(({ name, kind, ranges }) => ({ file: displayName(name), kind, ranges })),
    },
    // Without a finding there is nothing to colour, and nobody need ask the terminal.
    shown.length === 0 ? { color: false, width: 100 } : styleOf(args, io),
  );
  if (!(quiet && format === 'text' && shown.length === 0)) (fixer?.print ?? io.stdout)(output);
  const maxWarnings = args.options['max-warnings'];
  const tooMany = typeof maxWarnings === 'number' && count('warning') > maxWarnings;
  if (tooMany) io.stderr(`codex-mdm: more than ${maxWarnings} warnings\n`);
  return unreadable > 0 ? 2 : count('error') > 0 || tooMany || fixer?.hasShown() ? 1 : 0;
}

/** What `--fix` does, loaded for it alone. Throws CliError for a `--diff` without it. */
async function fixerOf(args: Arguments, asked: Asked, contract: Contract, io: Io): Promise<Fixer | undefined> {
  if (args.options['fix'] === true) return (await import('./fix.ts')).fixer(args, asked, contract, io);
  if (args.options['diff'] === true) throw new CliError('--diff shows what --fix would change: give both');
  return undefined;
}

/** How the requirements reach Codex, and where. Throws CliError for a channel that a platform does not have. */
function wayOf(args: Arguments): Pick<Asked, 'channel' | 'platforms'> {
  const channel = channels.find((one) => one === textOption(args, 'channel'));
  const asked = platforms.filter((one) => listOption(args, 'platform').includes(one));
  if (channel === 'profile' && asked.length > 0 && !asked.includes('macos'))
    throw new CliError(`--channel profile is for macos only, not ${asked.join(', ')}`);
  return { channel, platforms: asked };
}

/** The others are loaded for those who ask for them. */
async function formatterOf(name: string): Promise<Formatter> {
  if (name === 'text') return text;
  const { formatters, isFormat } = await import('../report/index.ts');
  if (!isFormat(name)) throw new CliError(`there is no format ${name}`);
  return formatters[name];
}

async function releasesFor(texts: readonly string[], contract: Contract): Promise<readonly CodexVersion[]> {
  if (texts.length === 0) return contract.releases.slice(-1).map(({ version }) => version);
  // Ranges take semver.
  const { selectReleases } = await import('../contract/select.ts');
  const selected = selectReleases(texts, contract);
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
