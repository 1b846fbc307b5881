import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { effectOn, type Fact } from '../../src/contract/contract.ts';
import { worstOn } from '../../src/contract/judge.ts';
import { statementsOf } from '../../src/contract/statements.ts';
import { readContract } from '../../src/contract/tree.ts';
import { parseVersion } from '../../src/contract/version.ts';
import { casesOf } from '../../src/prober/cases.ts';
import { ruleFile, ruleFiles } from '../../src/prober/rule-files.ts';

const read = (name: string) => JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'));
const facts: readonly Fact[] = read('codex-contract').facts;
const contract = readContract(read('codex-releases').releases, facts);
const cases = casesOf(contract);
const newest = contract.releases.at(-1)?.version;

describe('the generated files', () => {
  test('have a name of their own each, and ask about every key, value and event but for flags', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    const asked = new Set(cases.map(({ subject }) => subject));
    const unasked = facts.filter(
      ({ subject, kind }) =>
        ['key', 'value', 'event', 'unknown'].includes(kind) && !asked.has(subject) && !subject.startsWith('features.'),
    );
    expect(unasked.map(({ subject }) => subject)).toEqual([
      // Free names: every stranger in the table itself is one.
      'apps.<unknown>',
      'marketplaces.allowed_sources.<unknown>',
      // The contract does not say what a good one holds.
      'permissions.<profile>.network.mitm.hooks.<name>.body',
    ]);
  });

  test('are good where they shall be: the judge has nothing against them on the newest release', () => {
    const bad = cases.filter(({ subject, question, file }) => {
      const fact = facts.find((one) => one.subject === subject);
      if (question !== 'good' || !fact || !newest || effectOn(fact, newest) !== 'enforced') return false;
      return !['enforced', 'weakened'].includes(worstOn(statementsOf(file, contract), newest));
    });
    expect(bad.map(({ id }) => id)).toEqual([]);
  });

  test('are wrong where they shall be: the judge refuses them on the newest release', () => {
    const passed = cases.filter(({ subject, question, file }) => {
      const fact = facts.find((one) => one.subject === subject);
      if (!['wrong', 'faulty'].includes(question) || !fact || !newest || effectOn(fact, newest) !== 'enforced')
        return false;
      return worstOn(statementsOf(file, contract), newest) === 'enforced';
    });
    expect(passed.map(({ id }) => id)).toEqual([]);
  });

  test('break every rule that a file can break in the room of a prober', () => {
    const without = facts.filter(({ kind, subject }) => kind === 'rule' && !(subject in ruleFiles));
    expect(without.map(({ subject }) => subject)).toEqual([
      // About the folder of Codex itself: that of a room is another.
      'rule:deny-read-own-folder',
      'rule:deny-read-own-helpers',
      'rule:deny-read-own-helpers-newer',
      'rule:profile-own-folder',
      'rule:profile-own-helpers',
      'rule:profile-own-helpers-newer',
      // An integer that TOML does not have.
      'rule:timeout-unsigned',
    ]);
  });

  test('break the rule that they are for', () => {
    for (const subject of Object.keys(ruleFiles)) {
      const file = ruleFile(subject);
      const broken = file ? statementsOf(file, contract).filter(({ fact }) => fact.subject === subject) : [];
      expect(broken, subject).not.toEqual([]);
    }
  });

  test('hold what must stand beside a subject', () => {
    const file = cases.find(({ id }) => id === 'default_permissions (good)')?.file;
    expect(file).toMatchObject({
      default_permissions: ':workspace',
      allowed_permission_profiles: { ':workspace': true },
    });
    const absent = cases.find(({ id }) => id === 'rules.prefix_rules[].decision (faulty absent)')?.file;
    expect(JSON.stringify(absent)).toBe('{"rules":{"prefix_rules":[{"pattern":[{"token":"example"}]}]}}');
    expect(parseVersion(String(newest))).toBe(newest);
  });
});
