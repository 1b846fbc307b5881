import { advise } from './contract/advice.ts';
import { type Channel, holdsOn, type Platform, throughWays, waysOf } from './contract/channels.ts';
import { type Contract, type Effect, effects } from './contract/contract.ts';
import { findings, type Placing } from './contract/findings.ts';
import { history, historyOf } from './contract/history.ts';
import type { Statement } from './contract/statement.ts';
import { statementsOf } from './contract/statements.ts';
import type { CodexVersion } from './contract/version.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import type { DataTable } from './source/document.ts';
import type { SourceFile, SourceLocation } from './source/source-file.ts';
import { plainToml } from './source/toml-plain.ts';

export interface Validation {
  readonly diagnostics: readonly Diagnostic[];
  /** For every known release that reads requirements.toml, oldest first: the worst that it does with the file. */
  readonly ranges: readonly { readonly from: CodexVersion; readonly to: CodexVersion; readonly effect: Effect }[];
}

export interface ValidateOptions {
  /** How the text reaches Codex; a file in its system folder unless told otherwise. */
  readonly channel?: Channel;
  /** Where it is read; without any, what holds on one platform only is not said. */
  readonly platforms?: readonly Platform[];
}

/** What a document says beside its data: its text, what it says by its syntax, and where. */
export interface Written {
  readonly text: string;
  readonly dialect: readonly Statement[];
  readonly place: Placing;
}

/** Judges requirements for some releases (oldest first); the diagnostics are in no order yet. */
export function validateDocument(
  table: DataTable,
  { text, dialect, place }: Written,
  versions: readonly CodexVersion[],
  contract: Contract,
  { channel = 'system', platforms = [] }: ValidateOptions = {},
): Validation {
  const ways = waysOf(channel, platforms, contract);
  const statements = (): readonly Statement[] =>
    throughWays([...dialect, ...statementsOf(table, contract).filter(holdsOn(platforms))], table, ways);
  const isPlain = dialect.length === 0 && ways.length === 0;
  const told = isPlain ? historyOf(table, contract) : history(statements(), contract);
  const isWhole = versions.every((version) => told[contract.positions.get(version) ?? -1] === 'enforced');
  const found = isWhole ? [] : findings(statements(), versions, contract, place);
  const advice = advise(table, contract, { versions, platforms, channel, text, found }, place);
  return {
    diagnostics: [...found.map((finding) => finding.diagnostic), ...advice],
    ranges: rangesOf(told, contract),
  };
}

/**
 * The validation of a file of which nothing at all is to be said, as most are; undefined of any other, which takes
 * `validate`. It needs no places, and so no parser that knows them: loading that one takes longer than all the rest.
 */
export function validateClean(
  file: SourceFile,
  versions: readonly CodexVersion[],
  contract: Contract,
  options: ValidateOptions,
): Validation | undefined {
  const table = plainToml(file.text);
  if (!table) return undefined;
  const nowhere: SourceLocation = { file: file.name, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const written: Written = { text: file.text, dialect: [], place: (path) => ({ location: nowhere, path }) };
  const validation = validateDocument(table, written, versions, contract, options);
  return validation.diagnostics.length === 0 ? validation : undefined;
}

const knownRanges = new WeakMap<readonly Effect[], Validation['ranges']>();

/** Files of one house have one history: its ranges are made once. */
function rangesOf(told: readonly Effect[], contract: Contract): Validation['ranges'] {
  const known = knownRanges.get(told) ?? joined(told, contract);
  knownRanges.set(told, known);
  return known;
}

function joined(told: readonly Effect[], contract: Contract): Validation['ranges'] {
  const ranges: { from: CodexVersion; to: CodexVersion; effect: Effect }[] = [];
  for (const [at, effect] of told.entries()) {
    const version = contract.releases[at]?.version;
    const last = ranges.at(-1);
    if (version === undefined) continue;
    if (last?.effect === effect) last.to = version;
    else ranges.push({ from: version, to: version, effect });
  }
  return ranges;
}

/** The ranges in one line, best first: "enforced as written on 0.131.0–0.169.0; ignored in part on …". */
export function rangeLine(ranges: Validation['ranges']): string {
  const phrases: Readonly<Record<Effect, string>> = {
    enforced: 'enforced as written',
    weakened: 'weakened in part',
    'ignored-with-warning': 'ignored in part, with a warning,',
    ignored: 'ignored in part',
    'hook-skipped': 'hooks skipped',
    'session-fails': 'sessions fail',
    'file-rejected': 'file refused',
    'start-refused': 'start refused',
  };
  const named = ({ from, to }: Validation['ranges'][number]): string => (from === to ? from : `${from}–${to}`);
  return effects
    .flatMap((effect) => {
      const mine = ranges.filter((range) => range.effect === effect);
      return mine.length === 0 ? [] : [`${phrases[effect]} on ${mine.map(named).join(', ')}`];
    })
    .join('; ');
}
