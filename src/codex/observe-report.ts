import { posix } from 'node:path';
import { isTomlTable, type Path, type TomlTable } from './observe-leaves.ts';
import { plainEnv } from './room.ts';

/**
 * Codex reports its requirements in another dress: camel case, other names, defaults written out, lists sorted. These
 * rules say which differences are none in meaning; measured on 0.80.0 to 0.169.0.
 */

/** Names in the report that are not the camel case of the key. */
const renamed: Readonly<Record<string, readonly string[]>> = {
  features: ['featureRequirements'],
  feature_requirements: ['featureRequirements'],
  experimental_network: ['network'],
  network_proxy: ['network'],
  timeout: ['timeoutSec'],
  command_windows: ['commandWindows'],
};

/** Values of which some versions report another name for the same thing. */
const sameValue: Readonly<Record<string, string>> = { guardian_subagent: 'auto_review', 'on-failure': 'on-request' };

/** What becomes of a part of the file although the file is accepted. */
export type PartEffect = 'weakened' | 'ignored' | 'ignored-with-warning' | 'hook-skipped';

/** A sandbox mode for programs alone; newer releases leave it out of their report. */
const untold = 'external-sandbox';

export type Told = 'same' | 'different' | 'not told';

/** What a report says about the value at a place of the file. */
export function toldOf(report: unknown, path: Path, value: unknown): Told {
  let at: unknown = report;
  for (const key of path) {
    const owner = at;
    at = partOf(owner, key);
    if (at === undefined || at === null) return isTakenAway(owner, key, value) ? 'different' : 'not told';
  }
  // Headers may hold secrets, and are reported without their values.
  if (at === '[redacted]') return 'not told';
  return sameMeaning(value, at, path) ? 'same' : 'different';
}

/** Of the old list of allowed domains nothing is reported where none is left of it: that is seen in the new table. */
function isTakenAway(owner: unknown, key: string | number, value: unknown): boolean {
  const domains = memberOf(owner, 'domains');
  return key === 'allowed_domains' && Array.isArray(value) && value.length > 0 && isTomlTable(domains);
}

/** A list that Codex has read as the members of a table: the report has them in the same order. */
function partOf(report: unknown, key: string | number): unknown {
  return typeof key === 'number' && isTomlTable(report) ? Object.values(report)[key] : memberOf(report, key);
}

/** A report's member for a key of the file, under any of its names. */
export function memberOf(report: unknown, key: string | number): unknown {
  if (typeof key === 'number') return Array.isArray(report) ? report[key] : undefined;
  if (typeof report !== 'object' || report === null) return undefined;
  const name = nameIn(report, key);
  return name === undefined ? undefined : Reflect.get(report, name);
}

/** The name under which a report speaks of a key of the file; undefined where it says nothing of it. */
export function nameIn(report: object, key: string): string | undefined {
  const camel = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return [...(Object.hasOwn(renamed, key) ? (renamed[key] ?? []) : []), camel, key].find(
    (one) => Object.hasOwn(report, one) && Reflect.get(report, one) !== null,
  );
}

/** Whether a reported value says what was written. */
export function sameMeaning(stated: unknown, reported: unknown, path: Path): boolean {
  if (Array.isArray(stated)) {
    if (isTomlTable(reported)) return isInOrder(stated, reported, path);
    if (!Array.isArray(reported)) return false;
    // `disabled` is always allowed, whether stated or not.
    const expected = path[0] === 'allowed_web_search_modes' ? [...new Set([...stated, 'disabled'])] : stated;
    const inReport = (item: unknown): boolean =>
      item === untold || reported.some((other) => sameMeaning(item, other, path));
    const inFile = (other: unknown): boolean => expected.some((item) => sameMeaning(item, other, path));
    return expected.every(inReport) && reported.every(inFile);
  }
  if (isTomlTable(stated)) return sameTable(stated, reported, path);
  if (typeof stated === 'bigint') return Number(stated) === reported;
  // A date without quotes that is read as a text.
  if (stated instanceof Date) {
    const text = shortDate(stated.toISOString());
    return typeof reported === 'string' && (text === shortDate(reported) || isResolved(text, shortDate(reported)));
  }
  if (typeof stated === 'string' && typeof reported === 'string')
    return plain(stated) === plain(reported) || isResolved(stated, reported);
  return stated === reported;
}

/** A list that Codex has read as the members of a table: the report has them in the same order. */
function isInOrder(stated: readonly unknown[], reported: object, path: Path): boolean {
  const members = Object.values(reported);
  return stated.every((value, index) => index < members.length && sameMeaning(value, members[index], path));
}

function sameTable(stated: TomlTable, reported: unknown, path: Path): boolean {
  if (!isTomlTable(reported)) return false;
  return Object.entries(stated).every(([key, value]) => sameMeaning(value, memberOf(reported, key), [...path, key]));
}

/**
 * A path is reported absolute: seen from the folder of the file, or from the user's home, without `.`, `..`, `//`;
 * where it is reported as a URL, in the escapes of one.
 */
function isResolved(stated: string, reported: string): boolean {
  const home = plainEnv['HOME'] ?? '';
  const path = reported.startsWith('file://') ? decodeURIComponent(reported.slice('file://'.length)) : reported;
  return path === stated || path === posix.resolve('/etc/codex', stated.replace(/^~(?=\/|$)/, home));
}

/** A date or time without zeros at the end of its seconds. */
function shortDate(text: string): string {
  return text.replace(/(\.\d*?)0+(?=$|[Z+-])/, '$1').replace(/\.(?=$|[Z+-])/, '');
}

function plain(text: string): string {
  return (Object.hasOwn(sameValue, text) ? sameValue[text] : undefined) ?? text;
}
