import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { describe, shorten } from '../source/describe.ts';
import { formatPath, type KeyPath } from '../source/document.ts';
import type { SourceLocation } from '../source/source-file.ts';
import { nearest } from '../source/suggest.ts';
import { type Contract, type Effect, type Fact, isGap, isWorse } from './contract.ts';
import { judge, type Statement } from './judge.ts';
import { type CodexVersion, compareVersions, formatReleases } from './version.ts';

/** A diagnostic with what the judge knows beside it. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  /** The releases that it is about, oldest first. */
  readonly versions: readonly CodexVersion[];
  /** The clients go on and do less: a policy may accept it. */
  readonly isGap: boolean;
}

/** Where to put the finding about a path of the document: its place, and its path as the user knows it. */
export type Placing = (
  path: KeyPath,
  part: 'key' | 'value',
) => { readonly location: SourceLocation; readonly path: KeyPath };

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
  return [...failing].flatMap(([statement, failures]) => {
    const groups = new Map<string, typeof failures>();
    for (const failure of failures) {
      const key = `${age(statement.fact, failure.version)} ${isGap(failure.effect)}`;
      groups.set(key, [...(groups.get(key) ?? []), failure]);
    }
    return [...groups.values()].map((group) => finding(statement, group, contract, place));
  });
}

/** Whether a release is older or newer than all that enforce the subject, or neither. */
function age(fact: Fact, version: CodexVersion): 'older' | 'newer' | 'never' {
  const { since, last } = lifetime(fact);
  if (!since) return 'never';
  if (compareVersions(version, since) < 0) return 'older';
  return last && compareVersions(version, last) > 0 ? 'newer' : 'never';
}

function lifetime(fact: Fact): { since: CodexVersion | undefined; last: CodexVersion | undefined } {
  const held = fact.ranges.filter(({ effect }) => effect === 'enforced' || effect === 'weakened');
  return { since: held[0]?.from, last: held.at(-1)?.to };
}

function finding(
  statement: Statement,
  failures: readonly { version: CodexVersion; effect: Effect }[],
  contract: Contract,
  place: Placing,
): Finding {
  const versions = failures.map(({ version }) => version);
  const effect = failures.map((failure) => failure.effect).reduce((a, b) => (isWorse(b, a) ? b : a));
  const registry = contract.releases.map(({ version }) => version);
  const releases = formatReleases(versions, registry);
  return { diagnostic: phrase(statement, versions[0], effect, releases, place), versions, isGap: isGap(effect) };
}

/** Chooses the code and hands it the facts. */
function phrase(
  { path, reason, fact }: Statement,
  version: CodexVersion | undefined,
  effect: Effect,
  releases: string,
  place: Placing,
): Diagnostic {
  const atKey = place(path, 'key');
  const atValue = place(path, 'value');
  const key = shorten(formatPath(path));
  const { since = '', last = '' } = lifetime(fact);
  const when = version ? age(fact, version) : 'never';
  const note = fact.note;
  switch (reason.kind) {
    case 'flag': {
      const flag = String(path.at(-1));
      if (when === 'older') return diagnostic('contract/flag-too-new', atKey, { releases, flag, since, effect });
      if (when === 'newer') return diagnostic('contract/flag-removed', atKey, { releases, flag, last, effect });
      return general(atKey, effect, releases, `\`${key}\``, note);
    }
    case 'key':
    case 'event':
      if (when === 'older') return diagnostic('contract/key-too-new', atKey, { releases, key, since, effect });
      if (when === 'newer') return diagnostic('contract/key-removed', atKey, { releases, key, last, effect });
      return general(atKey, effect, releases, `\`${key}\``, note);
    case 'unknown': {
      const name = String(path.at(-1));
      const args = { releases, nearest: nearest(name, reason.candidates) };
      if (fact.subject.startsWith('features.'))
        return diagnostic('contract/unknown-flag', atKey, { ...args, flag: shorten(name) });
      if (path.length === 2 && path[0] === 'hooks')
        return diagnostic('contract/unknown-event', atKey, { ...args, event: shorten(name) });
      return diagnostic('contract/unknown-key', atKey, {
        ...args,
        key: shorten(name),
        parent: shorten(formatPath(path.slice(0, -1))),
        effect,
      });
    }
    case 'type':
      return diagnostic('contract/wrong-type', atValue, {
        releases,
        key,
        expected: kinds(reason.expected),
        found: describe(reason.found),
      });
    case 'number':
      return diagnostic('contract/number-out-of-range', atValue, {
        releases,
        key,
        range: numbers(reason.minimum, reason.maximum),
      });
    case 'missing':
      return diagnostic('contract/missing-key', atKey, {
        releases,
        key: reason.key,
        parent: key === '' ? 'requirements.toml' : key,
      });
    case 'must-contain':
      return diagnostic('contract/must-contain', atValue, { releases, key, value: reason.value });
    case 'unknown-value': {
      const accepted = [...reason.values]
        .filter(([, { ranges }]) => ranges.some((range) => range.effect === 'enforced'))
        .map(([value]) => value);
      const args = {
        releases,
        value: shorten(reason.value),
        key,
        accepted: accepted.toSorted(),
        nearest: nearest(reason.value, accepted),
      };
      return diagnostic('contract/unknown-value', atValue, args);
    }
    case 'rule':
      return general(atKey, effect, releases, fact.title ?? fact.subject, note);
    case 'value': {
      const value = shorten(reason.value);
      if (when === 'older' && effect === 'file-rejected')
        return diagnostic('contract/value-too-new', atValue, { releases, value, key, since, effect });
      if (when === 'newer' && effect === 'file-rejected')
        return diagnostic('contract/value-removed', atValue, { releases, value, key, last, effect });
      const what = fact.subject.endsWith('=<absent>') ? value : `\`${key} = ${value === '' ? '""' : value}\``;
      return general(atValue, effect, releases, what, note);
    }
    default:
      return reason satisfies never;
  }
}

function general(
  at: Parameters<typeof diagnostic>[1],
  effect: Effect,
  releases: string,
  what: string,
  note: string | undefined,
): Diagnostic {
  const args = { releases, what, note };
  switch (effect) {
    case 'hook-skipped':
      return diagnostic('contract/hook-skipped', at, args);
    case 'session-fails':
      return diagnostic('contract/session-fails', at, args);
    case 'start-refused':
      return diagnostic('contract/start-refused', at, args);
    case 'file-rejected':
      return diagnostic('contract/file-refused', at, args);
    case 'weakened':
    case 'ignored':
    case 'ignored-with-warning':
    case 'enforced':
      return diagnostic('contract/weakened', at, args);
    default:
      return effect satisfies never;
  }
}

function kinds(types: readonly string[]): string {
  const names: Readonly<Record<string, string>> = {
    boolean: 'true or false',
    string: 'text',
    path: 'text',
    enum: 'text',
    integer: 'a whole number',
    number: 'a number',
    array: 'a list',
    table: 'a table',
    map: 'a table',
  };
  return [...new Set(types.map((type) => names[type] ?? type))].join(' or ');
}

function numbers(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum !== undefined && maximum !== undefined) return `a whole number from ${minimum} to ${maximum}`;
  return minimum !== undefined ? `a whole number of at least ${minimum}` : `a whole number of at most ${maximum}`;
}
