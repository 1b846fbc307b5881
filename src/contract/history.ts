import type { DataTable } from '../source/document.ts';
import { type Contract, type Effect, effects, isRead, type Range } from './contract.ts';
import { type EffectOn, rangesBehind } from './effects-of.ts';
import type { Statement } from './statement.ts';
import { tellAll } from './walk.ts';

/** Releases as a set: bit N is the release at place N, oldest first. */
type Releases = bigint;

/** Which releases have which effect, by its place among `effects`: only those that some release has. */
type Row = readonly (readonly [place: number, set: Releases])[];

const read: ReadonlySet<number> = new Set(effects.flatMap((effect, place) => (isRead(effect) ? [place] : [])));
const ignored = effects.indexOf('ignored');

/** The releases that mind a statement, and what each statement that they have met makes of them. */
interface Audience {
  readonly releases: Releases;
  readonly steps: WeakMap<EffectOn, Step>;
}

/** What an audience makes of a statement: the effects that it has, and who is left for what stands below it. */
interface Step {
  readonly row: Row;
  readonly left: Audience;
  /** Where it was met last without showing anything new: most statements of a document say what others have said. */
  idleAt: Found | undefined;
}

/** What a part of a document has shown: the releases that have each effect, by its place among `effects`. */
interface Found {
  readonly sets: readonly Releases[];
  readonly after: WeakMap<Step, Found>;
  /** The worst for each release, once somebody has asked. */
  worst: readonly Effect[] | undefined;
}

/** What is remembered of a contract: thousands of statements take a few dozen steps, and find what others have found. */
interface Memory {
  readonly everybody: Audience;
  readonly nothing: Found;
  readonly audiences: Map<Releases, Audience>;
  readonly found: Map<string, Found>;
  readonly rows: WeakMap<object, Row>;
}

const memories = new WeakMap<Contract, Memory>();

function memoryOf(contract: Contract): Memory {
  let known = memories.get(contract);
  if (!known) {
    const releases = (1n << BigInt(contract.releases.length)) - 1n;
    const everybody: Audience = { releases, steps: new WeakMap() };
    const nothing: Found = { sets: effects.map(() => 0n), after: new WeakMap(), worst: undefined };
    const audiences = new Map([[releases, everybody]]);
    known = { everybody, nothing, audiences, found: new Map(), rows: new WeakMap() };
    memories.set(contract, known);
  }
  return known;
}

/** The worst that each release does with a document, oldest first: `worstOn` for all of them at once. */
export function historyOf(table: DataTable, contract: Contract): readonly Effect[] {
  const { everybody, nothing } = memoryOf(contract);
  let found = nothing;
  tellAll(table, contract, everybody, (audience, { effectOn }) => {
    const step = stepOf(effectOn, audience, contract);
    found = foundAfter(step, found, contract);
    return step.left;
  });
  return worstOf(found, contract);
}

/** The same of statements that are at hand. */
export function history(statements: readonly Statement[], contract: Contract): readonly Effect[] {
  const { everybody, nothing } = memoryOf(contract);
  let found = nothing;
  const walk = (inner: readonly Statement[], audience: Audience): void => {
    for (const statement of inner) {
      const step = stepOf(statement.effectOn, audience, contract);
      found = foundAfter(step, found, contract);
      walk(statement.inner, step.left);
    }
  };
  walk(statements, everybody);
  return worstOf(found, contract);
}

function foundAfter(step: Step, found: Found, contract: Contract): Found {
  if (step.idleAt === found) return found;
  let next = found.after.get(step);
  if (!next) {
    const sets = [...found.sets];
    for (const [place, set] of step.row) sets[place] = (sets[place] ?? 0n) | set;
    const memory = memoryOf(contract);
    const key = sets.join();
    next = memory.found.get(key) ?? { sets, after: new WeakMap(), worst: undefined };
    memory.found.set(key, next);
    found.after.set(step, next);
  }
  if (next === found) step.idleAt = found;
  return next;
}

function worstOf(found: Found, contract: Contract): readonly Effect[] {
  if (!found.worst) {
    // As digits, newest first: of so many releases reading them is quicker than shifting sets.
    const digits = found.sets.map((set) => set.toString(2));
    found.worst = contract.releases.map(
      (_, at) => effects.findLast((_effect, place) => digits[place]?.at(-1 - at) === '1') ?? 'enforced',
    );
  }
  return found.worst;
}

function stepOf(ask: EffectOn, audience: Audience, contract: Contract): Step {
  let step = audience.steps.get(ask);
  if (!step) {
    const row = rowOf(ask, contract).map(([place, set]) => [place, set & audience.releases] as const);
    const left = row.reduce((taken, [place, set]) => (read.has(place) ? taken | set : taken), 0n);
    // What a release does not take silences what stands below it.
    step = { row, left: audienceOf(left, memoryOf(contract)), idleAt: undefined };
    audience.steps.set(ask, step);
  }
  return step;
}

function audienceOf(releases: Releases, { audiences }: Memory): Audience {
  let known = audiences.get(releases);
  if (!known) {
    known = { releases, steps: new WeakMap() };
    audiences.set(releases, known);
  }
  return known;
}

/** Facts with the same ranges share their row. */
function rowOf(ask: EffectOn, contract: Contract): Row {
  const { rows } = memoryOf(contract);
  const ranges = rangesBehind(ask);
  const key = ranges ?? ask;
  const row = rows.get(key) ?? (ranges ? rowOfRanges(ranges, contract) : rowByAsking(ask, contract));
  rows.set(key, row);
  return row;
}

function rowByAsking(ask: EffectOn, { releases }: Contract): Row {
  const told = releases.map(({ version }) => ask(version));
  return sparse(
    effects.map((effect) => told.reduce((set, one, at) => (one === effect ? set | (1n << BigInt(at)) : set), 0n)),
  );
}

/** From the ranges themselves, which takes a hundredth of asking for one release after the other. */
function rowOfRanges(ranges: readonly Range[], contract: Contract): Row {
  const { releases, positions } = contract;
  const row: Releases[] = effects.map(() => 0n);
  for (const { from, to, effect } of ranges) {
    const first = positions.get(from) ?? releases.length;
    const end = to === undefined ? releases.length : (positions.get(to) ?? -1) + 1;
    const place = effects.indexOf(effect);
    row[place] = (row[place] ?? 0n) | ((1n << BigInt(end)) - (1n << BigInt(first)));
  }
  // Where ranges overlap the worst counts; where there is none, the release ignores the subject.
  let left = memoryOf(contract).everybody.releases;
  for (let place = row.length - 1; place >= 0; place--) {
    row[place] = (row[place] ?? 0n) & left;
    left &= ~(row[place] ?? 0n);
  }
  row[ignored] = (row[ignored] ?? 0n) | left;
  return sparse(row);
}

function sparse(row: readonly Releases[]): Row {
  return [...row.entries()].filter(([, set]) => set !== 0n);
}
