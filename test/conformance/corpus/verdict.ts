import { formatted, type Observation } from '../../../src/codex/observe.ts';
import type { PartEffect } from '../../../src/codex/observe-report.ts';
import { type Contract, type Effect, isWorse } from '../../../src/contract/contract.ts';
import { dialectOf } from '../../../src/contract/dialect.ts';
import { judge } from '../../../src/contract/judge.ts';
import { statementsOf } from '../../../src/contract/statements.ts';
import type { CodexVersion } from '../../../src/contract/version.ts';
import { decode } from '../../../src/source/decode.ts';
import { parseToml } from '../../../src/source/toml.ts';
import { validate } from '../../../src/validate.ts';

/** What becomes of a file: as a whole, and where it is accepted, of its parts. */
export interface Outcome {
  readonly whole: 'accepted' | 'refused' | 'session-fails' | 'unreadable';
  /** Parts that are not enforced as written, by path. */
  readonly parts: ReadonlyMap<string, Effect | PartEffect>;
}

/** What we say of a file. */
export interface Ours extends Outcome {
  /** Whether `validate` finds an error for this release. */
  readonly hasError: boolean;
}

/** Judges a file as `codex-mdm validate` does. */
export function ourVerdict(bytes: Uint8Array, version: CodexVersion, contract: Contract): Ours {
  const source = decode('requirements.toml', bytes).value;
  const parsed = source && parseToml(source, { takesUnsigned: true });
  if (!source || !parsed?.value) return { whole: 'unreadable', parts: new Map(), hasError: true };
  const { diagnostics } = validate(source, [version], contract);
  const hasError = diagnostics.some(({ severity }) => severity === 'error');
  const said = [...dialectOf(parsed.value, contract), ...statementsOf(parsed.value.value, contract)];
  const verdicts = judge(said, version);
  const worst = verdicts.reduce<Effect>((a, { effect }) => (isWorse(effect, a) ? effect : a), 'enforced');
  // An error of the syntax that leaves a tree, such as a key that stands twice.
  const brokenSyntax = parsed.diagnostics.some(({ severity }) => severity === 'error');
  if (brokenSyntax) return { whole: 'unreadable', parts: new Map(), hasError };
  if (worst === 'file-rejected' || worst === 'start-refused') return { whole: 'refused', parts: new Map(), hasError };
  if (worst === 'session-fails') return { whole: 'session-fails', parts: new Map(), hasError };
  const parts = new Map<string, Effect>();
  for (const { statement, effect } of verdicts) {
    const path = formatted(statement.path);
    const known = parts.get(path);
    if (effect !== 'enforced' && (known === undefined || isWorse(effect, known))) parts.set(path, effect);
  }
  return { whole: 'accepted', parts, hasError };
}

/** What the binary says, by all its surfaces: the worse one counts. */
export function theirVerdict({ cli, appServer, parts }: Observation): Outcome {
  if (cli === 'refused' || appServer === 'refused' || appServer === 'defaults')
    return { whole: 'refused', parts: new Map() };
  return { whole: appServer, parts };
}

/** Where the two contradict each other, in words; empty when they agree. */
export function contradictions(ours: Ours, theirs: Outcome): string[] {
  const clean = theirs.whole === 'accepted' && theirs.parts.size === 0;
  // What we cannot read has no effect of its own; it must be an error, and nothing that is enforced.
  if (ours.whole === 'unreadable' ? clean : ours.whole !== theirs.whole)
    return [`ours: ${describe(ours)}; theirs: ${describe(theirs)}`];
  if (clean === ours.hasError)
    return [`validate ${clean ? 'finds an error' : 'finds none'}; theirs: ${describe(theirs)}`];
  if (ours.whole === 'unreadable') return [];
  const [mine, real] = [comparable(ours.parts), comparable(theirs.parts)];
  return [
    ...uncovered(real, mine).map(([path, effect]) => `theirs: ${path} is ${effect}; ours: ${describe(ours)}`),
    ...uncovered(mine, real).map(([path, effect]) => `ours: ${path} is ${effect}; theirs: ${describe(theirs)}`),
  ];
}

/**
 * What is lost as a whole has no parts. A hook is skipped as a whole, whatever the reason for it and wherever that
 * stands: so its group counts, and what is said of its fields does not.
 */
function comparable(parts: Outcome['parts']): Outcome['parts'] {
  const lost = [...parts].flatMap(([path, effect]) => (effect === 'hook-skipped' ? [] : [path]));
  const skipped = [...parts].flatMap(([path, effect]) => (effect === 'hook-skipped' ? [groupOf(path)] : []));
  const rest = [...parts].filter(
    ([path, effect]) =>
      effect !== 'hook-skipped' &&
      !(groupOf(path) !== allHooks && skipped.some((group) => isWithin(path, group))) &&
      !lost.some((other) => other !== path && isWithin(path, other)),
  );
  return new Map([...rest, ...skipped.map((group) => [group, 'hook-skipped'] as const)]);
}

/** The hook group that a path is in; all hooks, if it is in none. */
function groupOf(path: string): string {
  return /^hooks\.\w+\[\d+\]/.exec(path)?.[0] ?? allHooks;
}

const allHooks = 'hooks';

/** The parts of one that no part of the other stands for: the same effect at the path, above or below it. */
function uncovered(these: Outcome['parts'], others: Outcome['parts']): (readonly [string, string])[] {
  return [...these].filter(
    ([path, effect]) =>
      ![...others].some(
        ([other, otherEffect]) => effect === otherEffect && (isWithin(path, other) || isWithin(other, path)),
      ),
  );
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** An outcome in one line. */
export function describe({ whole, parts }: Outcome): string {
  if (whole !== 'accepted') return whole;
  const list = [...parts].map(([path, effect]) => `${path} ${effect}`);
  return list.length === 0 ? 'enforced as written' : list.join(', ');
}
