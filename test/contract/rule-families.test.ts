import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rareFamilies } from '../../src/contract/rules/rare.ts';
import { familiesFor, usualFamilies } from '../../src/contract/rules/usual.ts';
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
    const asked = familiesFor(table);
    for (const family of [...usualFamilies, ...rareFamilies])
      for (const [subject, rule] of Object.entries(family.rules)) {
        if (rule(table, contract).length === 0) continue;
        broken++;
        expect([name, subject, asked.includes(family) && family.concerns(table)]).toEqual([name, subject, true]);
      }
  }
  expect(broken).toBeGreaterThan(50);
});
