import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../source/document.ts';
import { type Contract, type Effect, isGap, isWorse } from './contract.ts';
import { judge } from './judge.ts';
import { flattenedGroup, isMisplaced, rootTables } from './misplaced.ts';
import { age, type Placing, phrase, type Scene } from './phrases.ts';
import type { Statement } from './statement.ts';
import { type CodexVersion, formatReleases } from './version.ts';

export type { Placing };

/** A diagnostic with what the judge knows beside it. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  /** The releases that it is about, oldest first. */
  readonly versions: readonly CodexVersion[];
  /** The clients go on and do less: a policy may accept it. */
  readonly isGap: boolean;
}

/** Every statement that some of these releases do not enforce as written, once for each kind of failure. */
export function findings(
  statements: readonly Statement[],
  versions: readonly CodexVersion[],
  contract: Contract,
  place: Placing,
): Finding[] {
  const failing = new Map<Statement, { version: CodexVersion; effect: Effect }[]>();
  for (const version of versions)
    for (const { statement, effect } of judge(statements, version)) {
      if (effect === 'enforced') continue;
      const list = failing.get(statement);
      if (list) list.push({ version, effect });
      else failing.set(statement, [{ version, effect }]);
    }
  if (failing.size === 0) return [];
  const scene = sceneOf(statements, [...failing.keys()], contract, place);
  const told = new Set<string>();
  return [...failing].flatMap(([statement, failures]) => {
    // The fields of one handler that lies flat in its group are one mistake.
    const flat = flattenedGroup(statement, contract);
    if (flat !== undefined && told.has(flat)) return [];
    if (flat !== undefined) told.add(flat);
    const groups = new Map<string, typeof failures>();
    for (const failure of failures) {
      const key = `${age(statement.fact, failure.version)} ${isGap(failure.effect)}`;
      groups.set(key, [...(groups.get(key) ?? []), failure]);
    }
    return [...groups.values()].map((group) => finding(statement, group, scene));
  });
}

function sceneOf(
  statements: readonly Statement[],
  failing: readonly Statement[],
  contract: Contract,
  place: Placing,
): Scene {
  const swallowed = new Map<string, Statement[]>();
  for (const statement of failing) {
    if (!isMisplaced(statement, contract)) continue;
    const table = formatPath(statement.path.slice(0, -1));
    const mates = swallowed.get(table);
    if (mates) mates.push(statement);
    else swallowed.set(table, [statement]);
  }
  let first: { name: string; line: number } | undefined;
  const firstTable = (): typeof first => {
    for (const path of first ? [] : rootTables(statements)) {
      const { line } = place(path, 'key').location;
      if (!first || line < first.line) first = { name: formatPath(path), line };
    }
    return first;
  };
  return { contract, place, swallowed, firstTable };
}

function finding(
  statement: Statement,
  failures: readonly { version: CodexVersion; effect: Effect }[],
  scene: Scene,
): Finding {
  const versions = failures.map(({ version }) => version);
  const effect = failures.map((failure) => failure.effect).reduce((a, b) => (isWorse(b, a) ? b : a));
  const registry = scene.contract.releases.map(({ version }) => version);
  const releases = formatReleases(versions, registry);
  return { diagnostic: phrase(statement, versions[0], effect, releases, scene), versions, isGap: isGap(effect) };
}
