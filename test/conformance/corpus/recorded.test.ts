import { describe, expect, test } from 'vitest';
import { type CodexVersion, compareVersions } from '../../../src/contract/version.ts';
import { packageData } from '../../support/policies.ts';
import { allCases } from './cases.ts';
import { readRecords } from './records.ts';
import { contradictions, ourVerdict, theirVerdict } from './verdict.ts';

/** What we say of each case, against what real releases were seen to do with it. Needs no Codex. */
const cases = allCases();
const records = readRecords(cases);
const versions = [...new Set([...records.values()].flatMap((record) => [...record.keys()]))].sort(compareVersions);

test('at least 250 cases are recorded on at least twelve releases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(250);
  expect(versions.length).toBeGreaterThanOrEqual(12);
});

test('no two cases have the same bytes', () => {
  const texts = new Map(cases.map(({ bytes, name }) => [Buffer.from(bytes).toString('base64'), name]));
  expect(texts.size).toBe(cases.length);
});

describe.each(versions)('recorded on %s', (version) => {
  test(`${cases.length} comparisons`, () => expect(disagreements(version)).toEqual([]));
});

function disagreements(version: CodexVersion): string[] {
  return cases.flatMap((one) => {
    const observed = records.get(one.name)?.get(version);
    if (!observed)
      return [`${one.name} on ${version} is not recorded: npm run conformance -- --codex ${version} --record`];
    const ours = ourVerdict(one.bytes, version, packageData.contract);
    return contradictions(ours, theirVerdict(observed)).map((text) => `${one.name} on ${version}: ${text}`);
  });
}
