import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Fact, Release } from '../../src/contract/contract.ts';
import { readContract } from '../../src/contract/tree.ts';
import { parseVersion } from '../../src/contract/version.ts';
import { disagreements, placesToLook, withoutNewest } from '../../src/prober/without-release.ts';
import { v } from '../support/versions.ts';

const read = (name: string) => JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'));
const facts: readonly Fact[] = read('codex-contract').facts;
const releases: readonly Release[] = read('codex-releases').releases;
const newest = releases.at(-1)?.version ?? parseVersion('0.0.0');

describe('without the newest release', () => {
  test('what only it takes is gone, and all else stays open', () => {
    const before = withoutNewest(facts, releases);
    const since = facts.filter(({ ranges }) => ranges.some(({ from }) => from === newest));
    expect(since.length).toBeGreaterThan(0);
    expect(before.flatMap(({ ranges }) => ranges).filter(({ from, to }) => from === newest || to === newest)).toEqual(
      [],
    );
    for (const { subject, ranges } of before)
      expect(ranges.filter(({ to }) => to === undefined).length, subject).toBeGreaterThan(0);
  });

  test('what stands below a new key is gone with it, and so is a rule that no older release has', () => {
    const two = ['0.77.0', '0.78.0'].map((text) => ({ version: v(text), date: '2026-01-01', linux: true }));
    const since = (effect: 'enforced' | 'file-rejected', before: 'ignored' | 'enforced'): Fact['ranges'] => [
      { from: v('0.77.0'), to: v('0.77.0'), effect: before },
      { from: v('0.78.0'), effect },
    ];
    const old: Fact['ranges'] = [{ from: v('0.77.0'), effect: 'ignored' }];
    const some: readonly Fact[] = [
      { subject: '<unknown>', kind: 'unknown', ranges: old },
      { subject: 'new', kind: 'key', type: 'table', ranges: since('enforced', 'ignored') },
      { subject: 'new.<unknown>', kind: 'unknown', ranges: old },
      { subject: 'new.refused', kind: 'key', type: 'any', ranges: old },
      { subject: 'newer', kind: 'key', type: 'table', ranges: old },
      { subject: 'rule:new', kind: 'rule', ranges: since('file-rejected', 'enforced') },
    ];
    expect(withoutNewest(some, two).map(({ subject }) => subject)).toEqual(['<unknown>', 'newer']);
  });
});

describe('disagreements', () => {
  test('are none between two contracts that say the same, and a lost fact is one', () => {
    if (!newest) throw new Error('no release');
    expect(disagreements(facts, facts, newest)).toEqual([]);
    expect(disagreements(facts, facts.slice(1), newest)).toHaveLength(1);
  });

  test('count where a member is needed, a limit, and another spelling', () => {
    if (!newest) throw new Error('no release');
    for (const field of ['required', 'minimum', 'aliasOf'] as const) {
      const index = facts.findIndex((fact) => fact[field] !== undefined);
      const { [field]: _, ...less } = facts[index] ?? { subject: '', kind: 'key', ranges: [] };
      expect(disagreements(facts, facts.with(index, less), newest), field).toHaveLength(1);
    }
  });

  test('are looked for by name; of a rule also where a file breaks it', () => {
    const contract = readContract(releases, facts);
    const look = (subject: string, before: readonly Fact[] = facts) =>
      placesToLook({ subject, ours: 'enforced', theirs: 'not known' }, contract, before);
    expect(look('otel.exporter')).toEqual(['otel.exporter']);
    expect(look('rule:gateway-two-sources')).toEqual([
      'rule:gateway-two-sources',
      'model_providers.<id>.gateway_oauth.credential_export',
    ]);
    expect(look('rule:profile-named-network')).toContain('permissions.network');
    // What nobody knew before covers what stands below it, and a key that was known does not.
    const before = facts.filter(({ subject }) => subject !== 'otel.exporter');
    expect(look('otel.exporter.otlp-http', before)).toEqual(['otel.exporter.otlp-http', 'otel.exporter']);
  });
});
