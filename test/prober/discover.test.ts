import { describe, expect, test } from 'vitest';
import { type Contract, effectOn, type Fact, type Release } from '../../src/contract/contract.ts';
import { readContract } from '../../src/contract/tree.ts';
import { coursesOf } from '../../src/prober/boundaries.ts';
import { casesOf } from '../../src/prober/cases.ts';
import { type Change, changed } from '../../src/prober/changes.ts';
import { type Ask, membersKnown, valuesNamed } from '../../src/prober/discover.ts';
import { differences, seenOf } from '../../src/prober/facts-seen.ts';
import { learnKey, type Search } from '../../src/prober/learn.ts';
import type { Observed, Outcome } from '../../src/prober/outcome.ts';
import { placesOf } from '../../src/prober/places.ts';
import { proposal } from '../../src/prober/report.ts';
import { v } from '../support/versions.ts';

const releases: Release[] = Array.from({ length: 9 }, (_, at) => ({
  version: v(`0.${77 + at}.0`),
  date: '2026-01-01',
  linux: true,
}));
const versions = releases.map(({ version }) => version);
const newest = v('0.85.0');
const always = (own: Pick<Fact, 'subject' | 'kind'> & Partial<Fact>): Fact => ({
  ranges: [{ from: v('0.77.0'), effect: own.kind === 'unknown' ? 'ignored' : 'enforced' }],
  evidence: 'a test',
  ...own,
});
const facts = [
  always({ subject: '<unknown>', kind: 'unknown', title: 'x' }),
  always({ subject: 'mode', kind: 'key', type: 'enum' }),
  always({ subject: 'mode=fast', kind: 'value' }),
  always({ subject: 'table', kind: 'key', type: 'table' }),
  always({ subject: 'table.flag', kind: 'key', type: 'boolean' }),
];
const contract = readContract(releases, facts);
const cases = casesOf(contract);
const accepted: Outcome = { what: 'taken' };
const refused = (message: string): Outcome => ({ what: 'refused', message });

/** A release that knows a set of keys with a boolean each, and modes. */
function release(keys: readonly string[], modes: readonly string[]) {
  return (text: string): Outcome => {
    const mode = /^mode = (.*)$/m.exec(text)?.[1];
    if (mode !== undefined && !modes.some((one) => mode === `"${one}"`))
      return refused(
        `unknown variant \`${mode.slice(1, -1)}\`, expected one of ${modes.map((one) => `\`${one}\``).join(', ')}`,
      );
    const wrong = keys.find((key) => new RegExp(`^${key} = (?!true|false)`, 'm').test(text));
    if (wrong === undefined && /^table = /m.test(text))
      return refused('invalid type: integer `5`, expected struct Table');
    return wrong === undefined ? accepted : refused(`invalid type: integer \`5\`, expected a boolean in \`${wrong}\``);
  };
}

const tomlOf = (id: string): string => {
  const file = cases.find((one) => one.id === id)?.file ?? {};
  return Object.entries(file)
    .map(([key, value]) =>
      typeof value === 'object' && !Array.isArray(value)
        ? `[${key}]\n${Object.entries(value)
            .map(([name, inner]) => `${name} = ${inner}`)
            .join('\n')}`
        : `${key} = ${typeof value === 'string' ? `"${value}"` : value}`,
    )
    .join('\n');
};
const ask = (answer: (text: string) => Outcome) => new Map(cases.map(({ id }) => [id, answer(tomlOf(id))]));

describe('comparing', () => {
  test('a release that does as the data say differs nowhere', () => {
    const seen = seenOf(cases, ask(release(['flag'], ['fast'])));
    expect(differences(contract, seen, newest)).toEqual([]);
  });

  test('a key whose wrong value is taken is not known any more', () => {
    const seen = seenOf(cases, ask(release([], ['fast'])));
    expect(differences(contract, seen, newest)).toMatchObject([
      { subject: 'table.flag', expected: 'taken', seen: { observed: 'silent' } },
    ]);
  });

  test('a value that is refused and one that is new show in the message', () => {
    const outcomes = ask(release(['flag'], ['slow', 'slower']));
    expect(differences(contract, seenOf(cases, outcomes), newest).map(({ subject }) => subject)).toContain('mode=fast');
    expect(valuesNamed(contract, cases, outcomes, newest).map(({ subject }) => subject)).toEqual([
      'mode=slow',
      'mode=slower',
    ]);
  });
});

describe('discovering', () => {
  const place = placesOf(contract).find(({ node }) => node.subject === 'table');
  const search = (ask: Ask): Search => ({ contract, version: newest, ask, candidates: [], lists: [] });

  test('finds the keys among many candidates, and asks few times', async () => {
    const answer = release(['flag', 'second', 'third'], ['fast']);
    let times = 0;
    const candidates = ['flag', 'second', 'third', ...Array.from({ length: 200 }, (_, at) => `no_${at}`)].sort();
    const found = await membersKnown(place, contract, candidates, undefined, async (text) => {
      times += 1;
      return answer(text);
    });
    expect(found).toEqual(['second', 'third']);
    expect(times).toBeLessThan(50);
  });

  test('takes the names from a table that refuses strangers', async () => {
    const outcome = refused('unknown field `codex_mdm_probe`, expected `flag` or `second`');
    expect(await membersKnown(place, contract, [], outcome, async () => accepted)).toEqual(['second']);
  });

  test('learns the type of a key, and that it was ignored before', async () => {
    const { found } = await learnKey(
      place,
      'second',
      search(async (text) => release(['second'], [])(text)),
    );
    expect(found).toMatchObject([
      {
        subject: 'table.second',
        fact: {
          type: 'boolean',
          ranges: [
            { from: '0.77.0', to: '0.84.0', effect: 'ignored' },
            { from: '0.85.0', effect: 'enforced' },
          ],
        },
      },
    ]);
    const [first] = found;
    expect(first?.fact && effectOn(first.fact, v('0.84.0'))).toBe('ignored');
  });

  test('takes a new event for one that a person must look at', async () => {
    const hooks = readContract(releases, [...facts, always({ subject: 'hooks', kind: 'key', type: 'table' })]);
    const at = placesOf(hooks).find(({ node }) => node.subject === 'hooks');
    const list = async (text: string) =>
      /= (?:5|\{)/.test(text) ? refused('invalid type: integer `5`, expected a sequence') : accepted;
    expect((await learnKey(at, 'NewEvent', { ...search(list), contract: hooks })).found).toMatchObject([
      { fact: { subject: 'hooks.NewEvent', kind: 'event', type: 'array' }, doubt: expect.stringContaining('matcher') },
    ]);
  });

  test('says so when a type is not understood', async () => {
    const odd = async () => refused('something else is wrong');
    expect((await learnKey(place, 'second', search(odd))).found).toMatchObject([
      { doubt: expect.stringContaining('something else') },
    ]);
  });
});

test('bisection finds the release where a key comes, and asks only some', async () => {
  const asked = new Set<string>();
  const courses = await coursesOf(contract, cases, versions, async (version) => {
    asked.add(version);
    return ask(release(versions.indexOf(version) >= 5 ? ['flag'] : [], ['fast']));
  });
  expect(courses.get('table.flag')).toEqual(versions.map((version, at) => [version, at >= 5 ? 'taken' : 'silent']));
  expect(asked.size).toBeLessThan(versions.length);
});

describe('a rule whose file fares otherwise', () => {
  const rule = always({ subject: 'rule:features-twice', kind: 'rule', title: 'x' });
  const before = readContract(releases, [...facts, rule]);
  const proposed = (observed: Observed, isAtStart?: true) => {
    const seen = new Map([[rule.subject, { observed, message: 'both', ...(isAtStart ? { isAtStart } : {}) }]]);
    const flags = { listed: new Map(), pins: new Map(), values: new Map() };
    const probe = { version: newest, cases, outcomes: new Map(), seen, flags, discoveries: [], remarks: [] };
    return (of: Contract) => proposal({ ...probe, differences: differences(of, seen, newest) }, of, undefined);
  };
  const effectAfter = (changes: readonly Change[], of: Contract) => {
    const fact = changed(of.facts, changes, releases).find(({ subject }) => subject === rule.subject);
    return fact && effectOn(fact, newest);
  };

  test('begins where it is refused, by the command line or at the start only', () => {
    expect(effectAfter(proposed('refused')(before).changes, before)).toBe('file-rejected');
    expect(effectAfter(proposed('refused', true)(before).changes, before)).toBe('start-refused');
  });

  test('ends where it is accepted, and a person must look how much is enforced', () => {
    const asked = readContract(releases, changed(before.facts, proposed('refused')(before).changes, releases));
    const { changes, doubts } = proposed('taken')(asked);
    expect(effectAfter(changes, asked)).toBe('enforced');
    expect(doubts).toEqual([expect.stringMatching(/^rule:features-twice: .*accepted now/)]);
  });
});
