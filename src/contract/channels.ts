import type { DataTable } from '../source/document.ts';
import type { Contract, Fact } from './contract.ts';
import { effectsOf } from './effects-of.ts';
import type { Statement } from './statement.ts';
import { compareVersions } from './version.ts';

/** How requirements reach Codex: a file in its system folder, the preference of a macOS profile, or its cloud service. */
export const channels = ['system', 'profile', 'cloud'] as const;
export type Channel = (typeof channels)[number];

export const platforms = ['macos', 'windows', 'linux'] as const;
export type Platform = (typeof platforms)[number];

const subjects: Readonly<Record<Channel, string>> = { system: 'file:', profile: 'preference:', cloud: 'cloud:' };

/** Which releases read a channel on a platform; undefined where the platform has no such channel. */
export function channelFact(channel: Channel, platform: Platform, { channels: ways }: Contract): Fact | undefined {
  const begin = subjects[channel];
  return ways.find(({ subject, platforms: where }) => subject.startsWith(begin) && where?.includes(platform));
}

/** A way to the client, with the platforms that have it. */
export interface Way {
  readonly fact: Fact;
  readonly platforms: readonly Platform[];
}

/**
 * The ways that a channel and platforms name. A file without a platform is judged by its text alone, which is what
 * Linux and macOS make of it; the other channels stand for every platform that has them.
 */
export function waysOf(channel: Channel, chosen: readonly Platform[], contract: Contract): Way[] {
  const asked = chosen.length > 0 ? chosen : channel === 'system' ? [] : platforms;
  const byFact = new Map<Fact, Platform[]>();
  for (const platform of asked) {
    const fact = channelFact(channel, platform, contract);
    if (fact) byFact.set(fact, [...(byFact.get(fact) ?? []), platform]);
  }
  return [...byFact].map(([fact, where]) => ({ fact, platforms: where }));
}

/**
 * What a document says when it comes by these ways. A release that reads none of them is not told what stands in the
 * document, and a way can keep keys from having an effect.
 */
export function throughWays(
  statements: readonly Statement[],
  table: DataTable,
  ways: readonly Way[],
): readonly Statement[] {
  const widest = ways.toSorted((a, b) => compareSince(a.fact, b.fact))[0];
  if (!widest) return statements;
  return ways.map(({ fact, platforms: where }): Statement => {
    const dropped = (fact.drops ?? [])
      .filter((key) => Object.hasOwn(table, key))
      .map(
        (key): Statement => ({
          path: [key],
          reason: { kind: 'dropped' },
          fact,
          effectOn: () => 'ignored',
          inner: [],
        }),
      );
    return {
      path: [],
      reason: { kind: 'channel', platforms: where },
      fact,
      effectOn: effectsOf(fact),
      inner: [...(fact === widest.fact ? statements : []), ...dropped],
    };
  });
}

/**
 * Whether a statement says anything for some of these platforms: some rules are those of one system. Without a platform
 * a file is judged as on Linux and macOS.
 */
export function holdsOn(platforms: readonly Platform[]): (statement: Statement) => boolean {
  return ({ reason, fact }) =>
    platforms.length === 0 ||
    reason.kind !== 'rule' ||
    fact.platforms === undefined ||
    platforms.some((platform) => fact.platforms?.includes(platform));
}

/** The fact that more releases enforce comes first: a channel, once read, is read ever after. */
function compareSince(a: Fact, b: Fact): number {
  const since = ({ ranges }: Fact) => ranges.find(({ effect }) => effect === 'enforced')?.from;
  const [first, second] = [since(a), since(b)];
  return first && second ? compareVersions(first, second) : 0;
}
