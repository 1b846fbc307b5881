import { type Contract, effectOn, type Fact } from '../contract/contract.ts';
import { stageOn } from '../contract/json-schema.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { Change } from './changes.ts';
import type { Codex, ListedFlag } from './codex.ts';
import type { Difference } from './facts-seen.ts';
import { type Observed, observedAs } from './outcome.ts';

/** What a release was seen to do with feature flags. */
export interface FlagsSeen {
  /** Its own list, without any file. */
  readonly listed: ReadonlyMap<string, ListedFlag>;
  /** What became of a pin, by the flag's name. */
  readonly pins: ReadonlyMap<string, Observed>;
}

/**
 * Pins all these flags off and then on, and takes out, one by one, those that stop the release. A pin is taken when the
 * release's own list shows it in both directions; else it is warned of, or lost without a word.
 */
export async function askFlags(codex: Codex, names: readonly string[], isFlagsKnown: boolean): Promise<FlagsSeen> {
  const listed = (await codex.flags('')) ?? new Map<string, ListedFlag>();
  const all = [...new Set([...names, ...listed.keys()])].sort();
  if (!isFlagsKnown) return { listed, pins: new Map(all.map((name) => [name, 'silent'])) };
  const off = await pinned(codex, all, false);
  const refused = new Set(all.filter((name) => !off.names.includes(name)));
  const on = await pinned(codex, off.names, true);
  const warned = new Set([...off.warned, ...on.warned]);
  const seen = (name: string): Observed => {
    if (refused.has(name)) return 'refused';
    if (warned.has(name)) return 'warned';
    // A release may know a flag without listing it; one that cannot be pinned on alone is asked about as a value.
    const isShown =
      off.listed.get(name)?.isOn !== true && (on.listed.get(name)?.isOn !== false || !on.names.includes(name));
    return isShown ? 'taken' : 'silent';
  };
  return { listed, pins: new Map(all.map((name) => [name, seen(name)])) };
}

interface Pinned {
  /** The flags that do not stop the release. */
  readonly names: readonly string[];
  readonly listed: ReadonlyMap<string, ListedFlag>;
  /** The flags that a warning names. */
  readonly warned: readonly string[];
}

async function pinned(codex: Codex, names: readonly string[], isOn: boolean): Promise<Pinned> {
  const text = (): string => `[features]\n${left.map((name) => `${JSON.stringify(name)} = ${isOn}\n`).join('')}`;
  let left = names;
  for (;;) {
    const { what, message } = await codex.ask(text(), 'cli');
    if (what !== 'refused') break;
    const name = /`features` requirement `([^`]+)`|features\.([\w.-]+)/
      .exec(message ?? '')
      ?.slice(1)
      .find(Boolean);
    const stopper = left.find((one) => one === name || name?.startsWith(`${one}.`));
    if (stopper === undefined) throw new Error(`flags of ${codex.version}: ${message}`);
    left = left.filter((one) => one !== stopper);
  }
  const ignored = /Ignoring \w+ `features` requirement `([^`]+)`/g;
  const warnings = await codex.warnings(text());
  const named = new Set(warnings.flatMap((warning) => [...warning.matchAll(ignored)].map(([, name]) => name)));
  return {
    names: left,
    listed: (await codex.flags(text())) ?? new Map(),
    warned: left.filter((name) => named.has(name)),
  };
}

/** The names of the flags that the contract knows. */
export function flagNames(contract: Contract): readonly string[] {
  return contract.facts.filter(({ kind }) => kind === 'flag').map(({ subject }) => flagName(subject));
}

function flagName(subject: string): string {
  const name = subject.slice('features.'.length);
  return name.startsWith('"') ? String(JSON.parse(name)) : name;
}

/** The subject of a flag's fact. */
export function flagSubject(name: string): string {
  return `features.${/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name)}`;
}

/** Pins that the release treats otherwise than the facts say, of flags that have one. */
export function flagDifferences(contract: Contract, seen: FlagsSeen, version: CodexVersion): readonly Difference[] {
  // A flag that only stays off has a fact of its own about being pinned on.
  const staysOff = new Set(
    contract.facts.flatMap((fact) =>
      fact.kind === 'value' && effectOn(fact, version) === 'ignored' ? [fact.subject.replace(/=true$/, '')] : [],
    ),
  );
  return contract.facts.flatMap((fact): Difference[] => {
    const observed = fact.kind === 'flag' ? seen.pins.get(flagName(fact.subject)) : undefined;
    const effect = effectOn(fact, version);
    const expected = observedAs(effect === 'enforced' && staysOff.has(fact.subject) ? 'ignored' : effect);
    if (observed === undefined || observed === expected) return [];
    return [{ subject: fact.subject, version, expected, seen: { observed, message: undefined } }];
  });
}

/** Flags that the release lists and the contract does not have, and stages that are others than the contract's. */
export function flagChanges(
  contract: Contract,
  seen: FlagsSeen,
  version: CodexVersion,
  ranges: Fact['ranges'],
): readonly Change[] {
  const facts = new Map(contract.facts.map((fact) => [fact.subject, fact]));
  return [...seen.listed].flatMap(([name, { stage, isOn }]): Change[] => {
    const subject = flagSubject(name);
    const fact = facts.get(subject);
    if (!fact)
      return [
        {
          kind: 'add',
          fact: {
            subject,
            kind: 'flag',
            stages: [{ from: version, stage, default: isOn }],
            ranges,
            evidence: `measured on ${version}: pinned, start-up, warnings and \`codex features list\``,
          },
        },
      ];
    const known = stageOn(fact, version);
    return known?.stage === stage && known.default === isOn
      ? []
      : [{ kind: 'stage', subject, from: version, stage, default: isOn }];
  });
}
