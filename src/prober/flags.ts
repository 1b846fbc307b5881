import { type Contract, effectOn, type Fact } from '../contract/contract.ts';
import { stageOn } from '../contract/json-schema.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { Change } from './changes.ts';
import type { Codex, Depth, ListedFlag } from './codex.ts';
import type { Difference } from './facts-seen.ts';
import { isRefused, type Observed, observedAs } from './outcome.ts';

/** What a release was seen to do with feature flags. */
export interface FlagsSeen {
  /** Its own list, without any file. */
  readonly listed: ReadonlyMap<string, ListedFlag>;
  /** What became of a pin, by the flag's name. */
  readonly pins: ReadonlyMap<string, Observed>;
  /** Of flags that can be pinned: what became of this value, by the subject of its fact. */
  readonly values: ReadonlyMap<string, Observed>;
}

/**
 * Pins all these flags off and then on, and takes out, one by one, those that stop the release. A pin holds when the
 * release's own list shows it; else it is warned of, or lost without a word. Some flags can be pinned one way only.
 */
export async function askFlags(codex: Codex, names: readonly string[], isFlagsKnown: boolean): Promise<FlagsSeen> {
  const listed = (await codex.flags('')) ?? new Map<string, ListedFlag>();
  const all = [...new Set([...names, ...listed.keys()])].sort();
  if (!isFlagsKnown) return { listed, pins: new Map(all.map((name) => [name, 'silent'])), values: new Map() };
  const off = await pinned(codex, all, false);
  const on = await pinned(codex, off.names, true);
  const warned = new Set([...off.warned, ...on.warned]);
  const seen = (name: string): Observed => {
    if (!off.names.includes(name)) return 'refused';
    if (warned.has(name)) return 'warned';
    return became(name, false, off) === 'silent' && became(name, true, on) === 'silent' ? 'silent' : 'taken';
  };
  const pins = new Map(all.map((name) => [name, seen(name)]));
  const values = all
    .filter((name) => pins.get(name) === 'taken')
    .flatMap((name) => [
      [`${flagSubject(name)}=false`, became(name, false, off)] as const,
      [`${flagSubject(name)}=true`, became(name, true, on)] as const,
    ]);
  return { listed, pins, values: new Map(values) };
}

/** A release may know a flag without listing it. */
function became(name: string, isOn: boolean, { names, listed }: Pinned): Observed {
  if (!names.includes(name)) return 'refused';
  return listed.get(name)?.isOn === !isOn ? 'silent' : 'taken';
}

interface Pinned {
  /** The flags that do not stop the release. */
  readonly names: readonly string[];
  readonly listed: ReadonlyMap<string, ListedFlag>;
  /** The flags that a warning names. */
  readonly warned: readonly string[];
}

async function pinned(codex: Codex, names: readonly string[], isOn: boolean): Promise<Pinned> {
  let left = names;
  for (const depth of ['cli', 'start'] as const)
    while (left.length > 0) {
      const outcome = await codex.ask(pinsText(left, isOn), depth);
      if (!isRefused(outcome)) break;
      const name = /`features` requirement `([^`]+)`|features\.([\w.-]+)/
        .exec(outcome.message ?? '')
        ?.slice(1)
        .find(Boolean);
      const named = left.find((one) => one === name || name?.startsWith(`${one}.`));
      const stopper = named ?? (await lastOfStopping(codex, left, isOn, depth));
      left = left.filter((one) => one !== stopper);
    }
  const ignored = /Ignoring \w+ `features` requirement `([^`]+)`/g;
  const text = pinsText(left, isOn);
  const warnings = await codex.warnings(text);
  const named = new Set(warnings.flatMap((warning) => [...warning.matchAll(ignored)].map(([, name]) => name)));
  return {
    names: left,
    listed: (await codex.flags(text)) ?? new Map(),
    warned: left.filter((name) => named.has(name)),
  };
}

function pinsText(names: readonly string[], isOn: boolean): string {
  return `[features]\n${names.map((name) => `${JSON.stringify(name)} = ${isOn}\n`).join('')}`;
}

/** The last of the fewest names, from the first on, that stop a release: not every message says which one it was. */
async function lastOfStopping(
  codex: Codex,
  names: readonly string[],
  isOn: boolean,
  depth: Depth,
): Promise<string | undefined> {
  let [passing, stopping] = [0, names.length];
  while (stopping - passing > 1) {
    const middle = (passing + stopping) >> 1;
    const outcome = await codex.ask(pinsText(names.slice(0, middle), isOn), depth);
    if (isRefused(outcome)) stopping = middle;
    else passing = middle;
  }
  return names[stopping - 1];
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
  const facts = new Map(contract.facts.map((fact) => [fact.subject, fact]));
  const compared = (fact: Fact | undefined, subject: string, observed: Observed | undefined): Difference[] => {
    // A value without a fact of its own is as good as its flag.
    const expected = fact ? observedAs(effectOn(fact, version)) : 'taken';
    // Pins are asked without a session: one that fails it later is taken here.
    const isAsExpected = observed === expected || (expected === 'no-session' && observed === 'taken');
    if (observed === undefined || isAsExpected) return [];
    return [{ subject, version, expected, seen: { observed, message: undefined } }];
  };
  const flags = contract.facts.filter(({ kind }) => kind === 'flag');
  return flags.flatMap((fact) => {
    const { subject } = fact;
    const values = [`${subject}=false`, `${subject}=true`];
    return [
      ...compared(fact, subject, seen.pins.get(flagName(subject))),
      ...values.flatMap((value) => compared(facts.get(value), value, seen.values.get(value))),
    ];
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
