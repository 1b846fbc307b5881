import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tomlText } from '../src/requirements/toml.ts';
import { type Data, emptyTable } from '../src/source/document.ts';
import { validate } from '../src/validate.ts';
import { validateClean } from '../src/validate-document.ts';
import { damagedToml } from './support/damaged-toml.ts';
import { examples } from './support/examples.ts';
import { compileText, packageData } from './support/policies.ts';

const { contract } = packageData;
const versions = contract.releases.map(({ version }) => version);
const runs = Number(process.env['FUZZ_RUNS'] ?? 150);

/** Names of the contract and of nobody, at any depth. */
const names = [
  ...new Set(
    contract.facts.flatMap(({ kind, subject }) => (kind === 'rule' ? [] : (subject.match(/[A-Za-z_][\w-]*/g) ?? []))),
  ),
];
const key = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  fc.string({ maxLength: 6 }),
  fc.constant('__proto__'),
);
const leaf: fc.Arbitrary<Data> = fc.oneof(
  fc.constantFrom<Data>(true, false, '', '*', 'read-only', 'command', 1n, 0n, -1n, 30n, 2n ** 62n, 1.5, 30),
  fc.string({ maxLength: 8 }).filter((text) => !/\p{Cs}/u.test(text)),
);
const { table } = fc.letrec<{ value: Data; table: Record<string, Data> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('table'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  table: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 5 })
    .map((entries) => Object.assign(emptyTable(), Object.fromEntries(entries))),
}));

test('the judge has a verdict on any document, and every finding stands inside it', () => {
  fc.assert(
    fc.property(table, (document) => {
      const text = tomlText(document);
      const lines = text.split('\n').length;
      const { diagnostics } = validate({ name: 'x', text }, versions, contract);
      for (const { location, message } of diagnostics) {
        expect(location.line).toBeLessThanOrEqual(lines);
        expect(message).not.toMatch(/undefined|\[object/);
      }
    }),
    { numRuns: runs },
  );
});

test('any damaged file gets a verdict, and the way for clean files says the same', () => {
  const newest = versions.slice(-1);
  fc.assert(
    fc.property(damagedToml, (text) => {
      const file = { name: 'x', text };
      const { diagnostics, ranges } = validate(file, newest, contract);
      expect(validateClean(file, newest, contract, {})).toEqual(
        diagnostics.length > 0 ? undefined : expect.toBeOneOf([undefined, { diagnostics, ranges }]),
      );
    }),
    { numRuns: runs },
  );
});

const policies = examples.map((name) => readFileSync(`templates/policies/${name}`, 'utf8'));

test('an example with anything cut out, doubled or put in is compiled or refused, never a crash', async () => {
  const noise = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      ': ',
      '- ',
      '{',
      ']',
      '"',
      '\n',
      '\t',
      '&a ',
      '*a',
      '!t ',
      '\u0000',
      '\ud800',
      '017',
      'null',
      '__proto__: 1\n',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...policies), fc.nat(4000), fc.nat(40), noise, async (policy, at, length, put) => {
      const start = at % policy.length;
      const text = policy.slice(0, start) + put + policy.slice(start + length);
      const { value, diagnostics } = await compileText(text, new Map());
      expect(value !== undefined || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
    }),
    { numRuns: runs },
  );
});
