import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ruleFamilies } from '../../src/contract/rules.ts';
import { loadContract } from '../../src/package-data.ts';
import { plainToml } from '../../src/source/toml-plain.ts';

const contract = loadContract();
const folder = 'test/conformance/cases';
const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.toml'));

test('a family that is not asked would have had nothing to say, in any case of the corpus', () => {
  let broken = 0;
  for (const name of cases) {
    const table = plainToml(readFileSync(`${folder}/${name}`, 'utf8'));
    if (!table) continue;
    for (const { concerns, rules } of ruleFamilies)
      for (const [subject, rule] of Object.entries(rules)) {
        if (rule(table, contract).length === 0) continue;
        broken++;
        expect([name, subject, concerns(table)]).toEqual([name, subject, true]);
      }
  }
  expect(broken).toBeGreaterThan(50);
});
