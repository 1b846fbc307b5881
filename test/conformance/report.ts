import { nameIn, sameMeaning } from '../../src/codex/observe-report.ts';
import type { Pair } from './plan.ts';
import { isTable } from './statements.ts';

/** Parts that a version adds by itself; `domains` are listed a second time in the legacy form. */
const derived: ReadonlySet<string> = new Set([
  'allowedDomains',
  'deniedDomains',
  'allowUnixSockets',
  'allowedLoginMethods',
]);

/** Differences between what a file says and what Codex reports, in words; a key that the report leaves out is none. */
export function differences(stated: unknown, reported: unknown, path: readonly string[] = []): string[] {
  const place = path.join('.') || 'requirements';
  if (isTable(stated)) {
    if (!isTable(reported)) return [`${place}: stated, but reported as ${JSON.stringify(reported)}`];
    const names = new Map(Object.keys(stated).map((key) => [key, nameIn(reported, key)]));
    const found = [...names].flatMap(([key, name]) => {
      if (name === undefined) return path.length === 0 ? [] : [`${place}.${key}: not reported`];
      return differences(stated[key], reported[name], [...path, key]);
    });
    const known = new Set(names.values());
    const extra = Object.entries(reported).filter(
      ([name, value]) => !known.has(name) && !derived.has(name) && saysSomething(value),
    );
    return [
      ...found,
      ...extra.map(([name, value]) => `${place}.${name}: reported as ${JSON.stringify(value)}, not stated`),
    ];
  }
  if (Array.isArray(stated)) return listDifferences(stated, reported, path);
  return sameMeaning(stated, reported, path)
    ? []
    : [`${place}: stated ${JSON.stringify(stated)}, reported ${JSON.stringify(reported)}`];
}

/** The top-level keys that this version's report leaves out. */
export function unreported(stated: object, reported: object): string[] {
  return Object.keys(stated).filter((key) => nameIn(reported, key) === undefined);
}

function listDifferences(stated: readonly unknown[], reported: unknown, path: readonly string[]): string[] {
  const place = path.join('.');
  if (!Array.isArray(reported)) return [`${place}: stated, but reported as ${JSON.stringify(reported)}`];
  // `disabled` is always allowed, whether stated or not.
  const expected = path[0] === 'allowed_web_search_modes' ? [...new Set([...stated, 'disabled'])] : stated;
  const missing = expected.filter((item) => !reported.some((other) => differences(item, other, path).length === 0));
  const extra = reported.filter((other) => !expected.some((item) => differences(item, other, path).length === 0));
  return [
    ...missing.map((item) => `${place}: ${JSON.stringify(item)} is not reported`),
    ...extra.map((item) => `${place}: ${JSON.stringify(item)} is reported, not stated`),
  ];
}

function saysSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isTable(value)) return Object.values(value).some(saysSomething);
  return value !== null && value !== undefined && value !== false;
}

/** Whether a warning of Codex is about something other than a mistake in the file. */
export function isExpectedWarning(text: string, { example }: Pair): boolean {
  // The user's own value lost against the policy: that is what the policy is for.
  if (/^Configured value for `[^`]+` is (?:disallowed|overridden) by/.test(text)) return true;
  const pinsOldName =
    isTable(example.requirements['features']) && Object.hasOwn(example.requirements['features'], 'codex_hooks');
  if (pinsOldName && text.startsWith('Using legacy `features` requirement `codex_hooks`')) return true;
  return example.accepted.some(({ path }) => text.includes(`\`${path.replace(/^requirements\./, '')}\``));
}

/** Whether a difference is a gap that somebody answers for. */
export function isAccepted(difference: string, { example }: Pair): boolean {
  return example.accepted.some(
    ({ path }) =>
      difference.includes(`${path.split('.').slice(1).join('.')}:`) ||
      difference.includes(`hooks.${path.split('.').at(-1)}:`),
  );
}
