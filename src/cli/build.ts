import { dirname, join, resolve } from 'node:path';
import { byCodeUnit, type FileArtifact } from '../artifacts/artifact.ts';
import { type Compilation, compile, sourcesOf } from '../compile.ts';
import { type Diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.ts';
import { loadPackageData } from '../package-data.ts';
import { formatters } from '../report/index.ts';
import type { Report } from '../report/report.ts';
import { decode } from '../source/decode.ts';
import type { SourceFile } from '../source/source-file.ts';
import { compareBundle, writeBundle, writeWhole } from '../write.ts';
import { displayName, readInput, readSources } from './files.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';
import { styleOf, textOption } from './style.ts';

/** `codex-mdm build`: compiles one policy and puts the bundle in place, or with --check compares. */
export async function build(args: Arguments, io: Io): Promise<ExitCode> {
  const name = args.positionals[0] ?? 'policy.yaml';
  const out = textOption(args, 'out') ?? 'dist-profiles';
  const bytes = await readInput(name, io);
  const data = loadPackageData();
  const { value: source, diagnostics: unreadable } = decode(displayName(name), bytes);
  const target = textOption(args, 'target');
  const home = name === '-' ? io.cwd : dirname(resolve(io.cwd, name));
  const result: Result<Compilation> = source
    ? await compile(
        source,
        await readSources(home, sourcesOf(source, data)),
        data,
        target === undefined ? {} : { target },
      )
    : { value: undefined, diagnostics: unreadable };

  if (!result.value) {
    report(args, io, data.version, source, result.diagnostics);
    return 1;
  }
  const { policy, artifacts } = result.value;
  const folder = join(out, policy.name);
  const archives = args.options['zip'] === true ? await zips(policy.name, artifacts) : [];
  const { lines, exit } =
    args.options['check'] === true
      ? await check(io, out, folder, artifacts, archives)
      : await write(io, out, folder, artifacts, archives);
  report(args, io, data.version, source, result.diagnostics);
  // With JSON on stdout, what --check found differing goes beside it.
  const tell = textOption(args, 'format') !== 'json' ? io.stdout : exit === 0 ? undefined : io.stderr;
  if (args.options['quiet'] !== true) tell?.(`${lines.join('\n')}\n`);
  if (policy.clients.open && args.options['quiet'] !== true)
    io.stderr(`\`clients\` is open: judged up to Codex ${policy.clients.to}, the newest known release\n`);
  return exit;
}

interface Outcome {
  /** What stdout says, the summary last. */
  readonly lines: readonly string[];
  readonly exit: ExitCode;
}

async function write(
  io: Io,
  out: string,
  folder: string,
  artifacts: readonly FileArtifact[],
  archives: readonly Archive[],
): Promise<Outcome> {
  await writeBundle(resolve(io.cwd, folder), artifacts);
  for (const { name, bytes } of archives) await writeWhole(resolve(io.cwd, out, name), bytes);
  const paths = [...artifacts.map(({ path }) => join(folder, path)), ...archives.map(({ name }) => join(out, name))];
  return { lines: [...paths.map(displayName), `${paths.length} files written to ${displayName(folder)}`], exit: 0 };
}

async function check(
  io: Io,
  out: string,
  folder: string,
  artifacts: readonly FileArtifact[],
  archives: readonly Archive[],
): Promise<Outcome> {
  const bundle = await compareBundle(resolve(io.cwd, folder), artifacts);
  const differences = bundle.map(({ path, kind }) => `${kind.padEnd(7)} ${displayName(join(folder, path))}`);
  for (const { name, bytes } of archives) {
    const present = await readInput(join(out, name), io).catch(() => undefined);
    if (!present || Buffer.compare(present, bytes) !== 0)
      differences.push(`${present ? 'changed' : 'missing'} ${displayName(join(out, name))}`);
  }
  return differences.length === 0
    ? { lines: [`${displayName(folder)} is up to date`], exit: 0 }
    : { lines: [...differences, `${displayName(folder)} is stale: run \`codex-mdm build\``], exit: 1 };
}

interface Archive {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One zip for each product folder of the bundle, its paths relative to that folder. */
async function zips(name: string, artifacts: readonly FileArtifact[]): Promise<Archive[]> {
  const products = new Set(
    artifacts
      .map(({ path }) => path.split('/'))
      .flatMap(([first, ...rest]) => (first && rest.length > 0 ? [first] : [])),
  );
  // archiver alone costs as much as the rest of a build.
  const { zip } = await import('../artifacts/zip.ts');
  const found: Archive[] = [];
  for (const product of [...products].filter((one) => one !== 'device').sort(byCodeUnit)) {
    const entries = artifacts
      .filter(({ path }) => path.startsWith(`${product}/`))
      .map((entry) => ({ ...entry, path: entry.path.slice(product.length + 1) }));
    found.push({ name: `${name}-${product}.zip`, bytes: await zip(entries) });
  }
  return found;
}

/** Diagnostics go to stderr in text, and to stdout when a program asked for them. */
function report(
  args: Arguments,
  io: Io,
  version: string,
  source: SourceFile | undefined,
  diagnostics: readonly Diagnostic[],
): void {
  const isJson = textOption(args, 'format') === 'json';
  const shown =
    args.options['quiet'] === true ? diagnostics.filter(({ severity }) => severity === 'error') : diagnostics;
  if (!isJson && shown.length === 0) return;
  const whole: Report = {
    tool: { name: 'codex-mdm', version },
    diagnostics: shown,
    sources: new Map(source ? [[source.name, source]] : []),
    notes: [],
    summary: hasErrors(shown) ? 'nothing was written' : '',
    checkedFiles: 1,
  };
  const text = formatters[isJson ? 'json' : 'text'](whole, styleOf(args, io));
  (isJson ? io.stdout : io.stderr)(text);
}
