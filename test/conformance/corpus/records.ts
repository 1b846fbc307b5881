import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Observation } from '../../../src/codex/observe.ts';
import type { PartEffect } from '../../../src/codex/observe-report.ts';
import { type CodexVersion, compareVersions, parseVersion } from '../../../src/contract/version.ts';
import type { Case } from './cases.ts';

/** What was observed of one case, by release. */
export type Record = ReadonlyMap<CodexVersion, Observation>;

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'observed');

/** An observation as it is kept: what is not said was accepted, and all parts enforced. */
interface Kept {
  readonly cli?: 'refused';
  readonly appServer?: Exclude<Observation['appServer'], 'accepted'>;
  readonly said?: string;
  readonly parts?: Readonly<{ [effect in PartEffect]?: readonly string[] }>;
}

/** `of` is a digest of the case: observations of an earlier text of it are none. Releases with one answer share it. */
interface KeptCase {
  readonly of: string;
  readonly on: Readonly<{ [versions: string]: Kept }>;
}

type KeptTheme = Readonly<{ [name: string]: KeptCase }>;

/** All that is recorded, by the name of the case. What was observed of an earlier text of a case is left out. */
export function readRecords(cases: readonly Case[]): ReadonlyMap<string, Record> {
  const kept = new Map(themes().flatMap((theme) => Object.entries(readTheme(theme))));
  return new Map(
    cases.map((one) => {
      const entry = kept.get(one.name);
      return [one.name, entry?.of === digestOf(one) ? expanded(entry) : new Map()];
    }),
  );
}

/**
 * Adds what a release was seen to do with some cases of a theme, in place of what was recorded of it before. Records
 * of cases that are no more go.
 */
export function addToRecord(
  theme: string,
  version: CodexVersion,
  observed: readonly (readonly [Case, Observation])[],
  cases: readonly Case[],
): void {
  const names = new Set(cases.map(({ name }) => name));
  const before = Object.fromEntries(
    Object.entries(existsSync(fileOf(theme)) ? readTheme(theme) : {}).filter(([name]) => names.has(name)),
  );
  const entries = observed.map(([one, observation]): readonly [string, KeptCase] => {
    const old = before[one.name];
    const known = old?.of === digestOf(one) ? expanded(old) : new Map<CodexVersion, Observation>();
    return [one.name, { of: digestOf(one), on: grouped(new Map([...known, [version, observation]])) }];
  });
  mkdirSync(folder, { recursive: true });
  const all = Object.entries({ ...before, ...Object.fromEntries(entries) });
  writeFileSync(fileOf(theme), lines(all.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function fileOf(theme: string): string {
  return join(folder, `${theme}.json`);
}

function themes(): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/\.json$/, '')) : [];
}

function readTheme(theme: string): KeptTheme {
  return JSON.parse(readFileSync(fileOf(theme), 'utf8')) as KeptTheme;
}

function digestOf({ bytes }: Case): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

function expanded({ on }: KeptCase): Map<CodexVersion, Observation> {
  return new Map(
    Object.entries(on).flatMap(([versions, kept]) =>
      versions.split(' ').map((text) => {
        const version = parseVersion(text);
        if (!version) throw new Error(`a record of the release ${JSON.stringify(text)}`);
        return [version, observationOf(kept)] as const;
      }),
    ),
  );
}

function observationOf({ said = '', parts = {}, ...kept }: Kept): Observation {
  const cli = kept.cli ?? 'accepted';
  const appServer = kept.appServer ?? 'accepted';
  const list = Object.entries(parts) as [PartEffect, readonly string[]][];
  return {
    cli,
    appServer,
    said,
    parts: new Map(list.flatMap(([effect, paths]) => paths.map((path) => [path, effect]))),
  };
}

function keptOf({ cli, appServer, said, parts }: Observation): Kept {
  const effects = [...new Set(parts.values())].sort();
  const pathsOf = (effect: PartEffect): string[] =>
    [...parts]
      .filter(([, e]) => e === effect)
      .map(([path]) => path)
      .sort();
  return {
    ...(cli === 'refused' ? { cli } : {}),
    ...(appServer === 'accepted' ? {} : { appServer }),
    ...(said === '' ? {} : { said }),
    ...(effects.length === 0 ? {} : { parts: Object.fromEntries(effects.map((effect) => [effect, pathsOf(effect)])) }),
  };
}

/** Whether two observations are the same; Codex's words do not count. */
export function isSame(a: Observation, b: Observation): boolean {
  const withoutWords = (observation: Observation): string => JSON.stringify(keptOf({ ...observation, said: '' }));
  return withoutWords(a) === withoutWords(b);
}

function grouped(record: Record): KeptCase['on'] {
  const groups = new Map<string, CodexVersion[]>();
  for (const version of [...record.keys()].sort(compareVersions)) {
    const observation = record.get(version);
    if (!observation) continue;
    const text = JSON.stringify(keptOf(observation));
    groups.set(text, [...(groups.get(text) ?? []), version]);
  }
  return Object.fromEntries([...groups].map(([text, versions]) => [versions.join(' '), JSON.parse(text) as Kept]));
}

/** JSON with one line for each answer, so that a difference shows what changed. */
function lines(entries: readonly (readonly [string, KeptCase])[]): string {
  const text = entries.map(([name, { of, on }]) => {
    const answers = Object.entries(on).map(
      ([versions, kept]) => `      ${JSON.stringify(versions)}: ${JSON.stringify(kept)}`,
    );
    return `  ${JSON.stringify(name)}: {\n    "of": ${JSON.stringify(of)},\n    "on": {\n${answers.join(',\n')}\n    }\n  }`;
  });
  return `{\n${text.join(',\n')}\n}\n`;
}
