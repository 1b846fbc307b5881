import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { describe, shorten } from '../source/describe.ts';
import { formatPath, type KeyPath } from '../source/document.ts';
import type { SourceLocation } from '../source/source-file.ts';
import { nearest } from '../source/suggest.ts';
import type { Contract, Effect, Fact } from './contract.ts';
import { flattenedGroup, tablesWith } from './misplaced.ts';
import { configKey, otherEvent, otherHandlerField } from './other-names.ts';
import { repairOf } from './repairs.ts';
import type { Reason, Statement } from './statement.ts';
import { type CodexVersion, compareVersions } from './version.ts';

/** Where to put the finding about a path of the document: its place, and its path as the user knows it. */
export type Placing = (
  path: KeyPath,
  part: 'key' | 'value',
) => { readonly location: SourceLocation; readonly path: KeyPath };

/** What the wording of one finding needs to know of the others. */
export interface Scene {
  readonly contract: Contract;
  readonly place: Placing;
  /** The root keys that each table took in, by the table's path as text. */
  readonly swallowed: ReadonlyMap<string, readonly Statement[]>;
  /** The first table at the root, which all root keys stand above. */
  readonly firstTable: () => { readonly name: string; readonly line: number } | undefined;
}

/** Whether a release is older or newer than all that enforce the subject, or neither. */
export function age(fact: Fact, version: CodexVersion): 'older' | 'newer' | 'never' {
  const { since, last } = lifetime(fact);
  if (!since) return 'never';
  if (compareVersions(version, since) < 0) return 'older';
  return last && compareVersions(version, last) > 0 ? 'newer' : 'never';
}

function lifetime(fact: Fact): { since: CodexVersion | undefined; last: CodexVersion | undefined } {
  const held = fact.ranges.filter(({ effect }) => effect === 'enforced' || effect === 'weakened');
  return { since: held[0]?.from, last: held.at(-1)?.to };
}

/** Chooses the code for a statement that some releases do not enforce, and hands it the facts. */
export function phrase(
  statement: Statement,
  version: CodexVersion | undefined,
  effect: Effect,
  releases: string,
  scene: Scene,
): Diagnostic {
  const { path, reason, fact } = statement;
  const mates = scene.swallowed.get(formatPath(path.slice(0, -1)));
  if (mates?.includes(statement)) return swallowedKey(path, mates, effect, releases, scene);
  const { place } = scene;
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
    case 'unknown':
      return unknownName(statement, reason, effect, releases, scene);
    case 'type':
      return diagnostic('contract/wrong-type', atValue, {
        releases,
        key,
        expected: kinds(reason.expected),
        found: describe(reason.found),
        fix: repairOf(reason.expected, reason.found, path, fact, scene.contract),
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
    case 'channel': {
      const where = { platform: reason.platforms.join(', '), channel: fact.title ?? fact.subject };
      return diagnostic('contract/channel-too-new', atKey, { releases, since, ...where });
    }
    case 'dropped':
      return diagnostic('contract/not-by-channel', atKey, { releases, key, channel: fact.title ?? fact.subject });
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

/** A root key that a table took in: with the header that did, and with where the keys belong. */
function swallowedKey(
  path: KeyPath,
  mates: readonly Statement[],
  effect: Effect,
  releases: string,
  scene: Scene,
): Diagnostic {
  const parent = path.slice(0, -1);
  const at = scene.place(path, 'key');
  const header = scene.place(parent, 'key').location;
  // A policy has no headers; its paths are longer, because they begin with `requirements`.
  const isToml = at.path.length === path.length;
  return diagnostic(
    'contract/root-key-after-table',
    { ...at, related: [{ message: 'this table begins here', location: header }] },
    {
      releases,
      key: String(path.at(-1)),
      table: shorten(formatPath(parent)),
      line: header.line,
      keys: mates.map((mate) => String(mate.path.at(-1))),
      before: isToml ? scene.firstTable() : undefined,
      effect,
    },
  );
}

/** A name that no release knows: of another file, of another place, of another agent, or misspelt. */
function unknownName(
  statement: Statement,
  reason: Extract<Reason, { kind: 'unknown' }>,
  effect: Effect,
  releases: string,
  scene: Scene,
): Diagnostic {
  const { path, fact } = statement;
  const at = scene.place(path, 'key');
  const name = String(path.at(-1));
  const key = shorten(name);
  const parent = shorten(formatPath(path.slice(0, -1)));
  const near = nearest(name, reason.candidates);
  if (fact.subject.startsWith('features.'))
    return diagnostic('contract/unknown-flag', at, { releases, flag: key, nearest: near });
  if (path.length === 1) {
    const config = configKey(name);
    if (config) return diagnostic('contract/config-key', at, { releases, key, meant: config.meant, effect });
    const tables = near === undefined ? placesOf(name, scene.contract) : [];
    if (tables.length > 0) return diagnostic('contract/table-key-at-root', at, { releases, key, tables, effect });
  }
  if (path[0] === 'hooks' && path.length === 2) {
    const other = otherEvent(name);
    return diagnostic('contract/unknown-event', at, {
      releases,
      event: key,
      nearest: other ? other.meant : near,
      isForeign: other !== undefined,
    });
  }
  if (flattenedGroup(statement, scene.contract) !== undefined)
    return diagnostic('contract/handler-in-group', at, { releases, key, group: parent, event: String(path[1]) });
  if (path[0] === 'hooks' && path.length === 6 && path[3] === 'hooks') {
    const other = otherHandlerField(name);
    if (other) return diagnostic('contract/handler-field', at, { releases, key, ...other });
  }
  return diagnostic('contract/unknown-key', at, { releases, nearest: near, key, parent, effect });
}

/** The tables where a key of the root belongs; an event's is `hooks`, a flag's `features`. */
function placesOf(name: string, contract: Contract): readonly string[] {
  const tables = tablesWith(name, contract);
  return tables.length > 0 || !contract.events.has(name) ? tables : ['hooks'];
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
