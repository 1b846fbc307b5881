import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

interface Range {
  readonly from: string;
  readonly to?: string;
  readonly effect: string;
  readonly surface?: string;
}
interface Fact {
  readonly subject: string;
  readonly kind: string;
  readonly type?: string | readonly string[];
  readonly aliasOf?: string;
  readonly stages?: readonly { readonly from: string }[];
  readonly ranges: readonly Range[];
  readonly evidence: string;
}

const schemas = new URL('../schemas/', import.meta.url);
const contractText = readFileSync(new URL('codex-contract.json', schemas), 'utf8');
const contractSchema: object = JSON.parse(readFileSync(new URL('codex-contract.schema.json', schemas), 'utf8'));
const contract: { readonly facts: readonly Fact[] } = JSON.parse(contractText);
const registry: {
  readonly releases: readonly { readonly version: string; readonly date: string; readonly linux: boolean }[];
} = JSON.parse(readFileSync(new URL('codex-releases.json', schemas), 'utf8'));

const { facts } = contract;
const bySubject = new Map(facts.map((fact) => [fact.subject, fact]));
const versions = registry.releases.map(({ version }) => version);
/** The releases that read the file at all. */
const judged = versions.slice(versions.indexOf('0.77.0'));

/** Where the subject of a fact hangs: undefined at the root, for an event's members at `hooks`. */
function parentOf(subject: string): string | undefined {
  const parent = subject.replace(/(?:=.*|\[\]|\([^)]*\)|\.?(?:"[^"]*"|[^.[\]()="]+))$/s, '');
  if (parent.endsWith(')')) return parentOf(parent);
  return parent === '' ? undefined : parent.replace(/^hooks\.<Event>$/, 'hooks');
}

/** One effect for each judged release, of one surface. */
function effectsOf(fact: Fact, surface?: string): (string | undefined)[] {
  return judged.map((version, at) => {
    const holding = fact.ranges.filter(
      (range) =>
        range.surface === surface &&
        judged.indexOf(range.from) <= at &&
        (range.to === undefined || at <= judged.indexOf(range.to)),
    );
    return holding.length === 1 ? holding[0]?.effect : `${holding.length} ranges on ${version}`;
  });
}

function surfacesOf(fact: Fact): (string | undefined)[] {
  return [...new Set(fact.ranges.map(({ surface }) => surface))];
}

function typesOf(fact: Fact): readonly string[] {
  return typeof fact.type === 'string' ? [fact.type] : (fact.type ?? []);
}

/** A list of complaints, so that one run names them all. */
function complaints(of: (fact: Fact) => string | undefined | false): string[] {
  return facts.flatMap((fact) => of(fact) || []);
}

describe('the release registry', () => {
  test('is sorted, complete in its fields, and marks the two releases without a Linux build', () => {
    const order = (version: string) => version.split('.').reduce((sum, part) => sum * 10_000 + Number(part), 0);
    expect(versions).toEqual(versions.toSorted((a, b) => order(a) - order(b)));
    expect(new Set(versions).size).toBe(versions.length);
    for (const { date } of registry.releases) expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(registry.releases.filter(({ linux }) => !linux).map(({ version }) => version)).toEqual([
      '0.142.1',
      '0.153.1',
    ]);
  });
});

describe('the contract', () => {
  test('has the shape of its schema', () => {
    const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(contractSchema);
    validate(contract);
    expect(validate.errors ?? []).toEqual([]);
  });

  test('is written one fact a line, sorted by subject, each subject once', () => {
    const subjects = facts.map(({ subject }) => subject);
    expect(subjects).toEqual(subjects.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(contractText.split('\n').filter((line) => line.startsWith('    {"subject": '))).toHaveLength(facts.length);
  });

  test('names registered releases only', () => {
    const known = new Set(judged);
    expect(
      complaints((fact) => {
        const named = [
          ...fact.ranges.flatMap(({ from, to }) => [from, to ?? from]),
          ...(fact.stages ?? []).map(({ from }) => from),
        ];
        const strangers = named.filter((version) => !known.has(version));
        return strangers.length > 0 && `${fact.subject}: ${strangers.join(', ')}`;
      }),
    ).toEqual([]);
  });

  test('covers every release from 0.77.0 on once, on each surface, and ends open', () => {
    expect(
      complaints((fact) => {
        const faults = surfacesOf(fact).flatMap((surface) =>
          effectsOf(fact, surface).filter((effect) => effect?.includes(' ranges ')),
        );
        const open = fact.ranges.filter(({ to }) => to === undefined).length;
        if (faults.length > 0) return `${fact.subject}: ${faults.join(', ')}`;
        return open !== surfacesOf(fact).length && `${fact.subject}: ${open} open ranges`;
      }),
    ).toEqual([]);
  });

  test('says different things in neighbouring ranges', () => {
    expect(
      complaints((fact) => {
        const twice = fact.ranges.some((range, at) => {
          const next = fact.ranges[at + 1];
          return next?.surface === range.surface && next?.effect === range.effect;
        });
        return twice && fact.subject;
      }),
    ).toEqual([]);
  });

  test('hangs every key, event, flag and value on a key that it knows', () => {
    expect(
      complaints(({ subject, kind }) => {
        if (kind === 'channel' || kind === 'behaviour') return undefined;
        const parent = parentOf(subject);
        return parent !== undefined && !bySubject.has(parent) && `${subject}: no ${parent}`;
      }),
    ).toEqual([]);
  });

  test('never lets a member or value be enforced where its key is not', () => {
    expect(
      complaints((fact) => {
        const parent = fact.kind === 'channel' || fact.kind === 'behaviour' ? undefined : parentOf(fact.subject);
        const key = parent === undefined ? undefined : bySubject.get(parent);
        if (!key || fact.subject.endsWith('=<absent>')) return undefined;
        const above = effectsOf(key);
        const at = effectsOf(fact).findIndex((effect, index) => effect === 'enforced' && above[index] !== 'enforced');
        return at >= 0 && `${fact.subject}: enforced on ${judged[at]}, ${key.subject} is not`;
      }),
    ).toEqual([]);
  });

  test('gives every enumeration its values and every list its elements', () => {
    expect(
      complaints((fact) => {
        if (fact.kind !== 'key' && fact.kind !== 'event') return undefined;
        const types = typesOf(fact);
        if (types.includes('enum') && !facts.some(({ subject }) => subject.startsWith(`${fact.subject}=`)))
          return `${fact.subject}: no values`;
        const element = fact.kind === 'event' ? 'hooks.<Event>[]' : `${fact.subject}[]`;
        return types.includes('array') && !bySubject.has(element) && `${fact.subject}: no element`;
      }),
    ).toEqual([]);
  });

  test('lets an alias stand for a key of the same type', () => {
    expect(
      complaints((fact) => {
        if (fact.aliasOf === undefined) return undefined;
        const key = bySubject.get(fact.aliasOf);
        return (!key || key.aliasOf !== undefined || String(key.type) !== String(fact.type)) && fact.subject;
      }),
    ).toEqual([]);
  });

  test('decides about unknown keys at the root, and below every other table that has its own rule', () => {
    const unknown = facts.filter(({ kind }) => kind === 'unknown').map(({ subject }) => subject);
    expect(unknown).toContain('<unknown>');
    expect(unknown.filter((subject) => !subject.endsWith('<unknown>'))).toEqual([]);
  });
});
