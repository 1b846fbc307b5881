import type { Contract } from '../contract/contract.ts';
import { judge } from '../contract/judge.ts';
import type { Statement } from '../contract/statement.ts';
import { statementsOf } from '../contract/statements.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath, type ParsedDocument } from '../source/document.ts';
import type { SourceFile } from '../source/source-file.ts';
import { parseToml } from '../source/toml.ts';
import { layoutOf } from '../source/toml-layout.ts';
import { changed, isSame } from './change.ts';
import { applyEdits, type Edit, overlaps } from './edit.ts';
import { misplaced } from './misplaced.ts';
import { misspeltKeys, misspeltValues } from './names.ts';
import type { Repair } from './repair.ts';
import { twins } from './twins.ts';

/** The judge whose errors a repair must make fewer: `validate` with all that the user asked for. */
export type Judge = (source: SourceFile) => readonly Diagnostic[];

export interface Fixing {
  readonly contract: Contract;
  /** The releases that were asked for. */
  readonly versions: readonly CodexVersion[];
  readonly judge: Judge;
}

/** A corrected text, and what was corrected in it, one sentence each. */
export interface Fixed {
  readonly text: string;
  readonly done: readonly string[];
}

/** One mistake can hide another, as a misspelt event hides all below it. */
const maxRounds = 10;
/** Of a file that is wrong throughout, the rest is for people. */
const maxRepairs = 200;

/**
 * Corrects what has exactly one right answer. A correction counts only when the text still parses, holds the data that
 * the correction means, and has fewer errors and no new one; else the text stays as it was.
 */
export function fix(source: SourceFile, fixing: Fixing): Fixed {
  return allAtOnce(source, fixing) ?? oneByOne(source, fixing);
}

function allAtOnce(source: SourceFile, fixing: Fixing): Fixed | undefined {
  let current = source;
  const done: string[] = [];
  for (let round = 0; round < maxRounds; round++) {
    const document = parseToml(current).value;
    if (!document) return undefined;
    const repairs = compatible(repairsOf(document, fixing, true));
    if (repairs.length === 0) break;
    const next = applied(document, repairs);
    if (!next) return undefined;
    done.push(...repairs.map(({ what }) => what));
    current = next;
  }
  if (done.length === 0) return { text: source.text, done };
  return isBetter(fixing.judge(source), fixing.judge(current)) ? { text: current.text, done } : undefined;
}

function oneByOne(source: SourceFile, fixing: Fixing): Fixed {
  let current = source;
  let errors = fixing.judge(source);
  const done: string[] = [];
  const refused = new Set<string>();
  for (let attempt = 0; attempt < maxRepairs; attempt++) {
    const document = parseToml(current).value;
    const repair = document && repairsOf(document, fixing, false).find(({ what }) => !refused.has(what));
    if (!document || !repair) break;
    const next = applied(document, [repair]);
    const fresh = next && fixing.judge(next);
    if (next && fresh && isBetter(errors, fresh)) {
      done.push(repair.what);
      current = next;
      errors = fresh;
    } else refused.add(repair.what);
  }
  return { text: current.text, done };
}

/** Every repair that the text offers, each alone right. */
function repairsOf(
  document: ParsedDocument,
  { contract, versions }: Omit<Fixing, 'judge'>,
  together: boolean,
): Repair[] {
  const statements = statementsOf(document.value, contract);
  const failing = failingOn(statements, versions);
  const layout = layoutOf(document.source.text);
  const moves = misplaced(document, layout, failing, contract, together);
  const moved = moves.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind === 'move' ? [[...change.table, ...change.names.slice(0, 1)]] : [])),
  );
  const isMoved = new Set(moved.map(formatPath));
  const keys = misspeltKeys(document, layout, failing).filter(({ path }) => !isMoved.has(formatPath(path)));
  const others = [...misspeltValues(document, failing), ...twins(document, layout, everyone(statements))];
  return [...moves, ...keys, ...others].slice(0, maxRepairs);
}

/** The statements that some of the releases do not enforce as written, each once. */
function failingOn(statements: readonly Statement[], versions: readonly CodexVersion[]): readonly Statement[] {
  const failing = new Set<Statement>();
  for (const version of versions)
    for (const { statement, effect } of judge(statements, version)) if (effect !== 'enforced') failing.add(statement);
  return [...failing];
}

function everyone(statements: readonly Statement[]): readonly Statement[] {
  return statements.flatMap((statement) => [statement, ...everyone(statement.inner)]);
}

/** As many as can be made in one go. */
function compatible(repairs: readonly Repair[]): readonly Repair[] {
  const edits: Edit[] = [];
  return repairs.filter((repair) => {
    if (repair.edits.some((edit) => overlaps(edit, edits))) return false;
    edits.push(...repair.edits);
    return true;
  });
}

/** The text with these repairs; undefined where it would not parse, or would say something else. */
function applied(document: ParsedDocument, repairs: readonly Repair[]): SourceFile | undefined {
  const gaps = new Map(repairs.flatMap(({ gap }) => (gap ? [[gap.span.start, gap]] : [])));
  const edits = [...repairs.flatMap((repair) => repair.edits), ...gaps.values()];
  const source = { name: document.source.name, text: applyEdits(document.source.text, edits) };
  const result = parseToml(source).value;
  const intended = changed(
    document.value,
    repairs.flatMap(({ changes }) => changes),
  );
  return result && isSame(result.value, intended) ? source : undefined;
}

function isBetter(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  const errors = (found: readonly Diagnostic[]): readonly string[] =>
    found
      .filter(({ severity }) => severity === 'error')
      .map(({ code, path, message }) => JSON.stringify([code, formatPath(path), message]));
  const known = errors(before);
  const left = errors(after);
  return left.length < known.length && left.every((error) => known.includes(error));
}
