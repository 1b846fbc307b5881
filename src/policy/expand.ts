import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { describe } from '../source/describe.ts';
import {
  type Data,
  type DataTable,
  emptyTable,
  isArray,
  isTable,
  type KeyPath,
  locate,
  type ParsedDocument,
} from '../source/document.ts';

const seconds = { s: 1n, m: 60n, h: 3600n, d: 86400n };

/** The whole seconds of a duration such as `90s` or `2h`, or undefined. Zero is no duration. */
export function durationSeconds(text: string): bigint | undefined {
  const match = /^([1-9][0-9]{0,6})([smhd])$/.exec(text);
  const unit = match?.[2];
  if (!match?.[1] || !(unit === 's' || unit === 'm' || unit === 'h' || unit === 'd')) return undefined;
  return BigInt(match[1]) * seconds[unit];
}

/** The bytes of a size such as `50MiB`, or undefined. */
export function sizeBytes(text: string): number | undefined {
  const match = /^([1-9][0-9]{0,6})(KiB|MiB)$/.exec(text);
  return match ? Number(match[1]) * (match[2] === 'KiB' ? 1024 : 1024 * 1024) : undefined;
}

/** `requirements` with the policy's short forms written out: durations of hooks, and rule patterns. */
export function expandRequirements(
  document: ParsedDocument,
  requirements: DataTable,
): { table: DataTable; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const wrong = (path: KeyPath, value: Data, expected: string, help: string | undefined): void => {
    const at = { location: locate(document, path, 'value'), path };
    diagnostics.push(diagnostic('policy/wrong-type', at, { expected, found: describe(value), help }));
  };

  const handler = (value: Data, path: KeyPath): Data =>
    mapTable(value, path, (member, memberPath, key) => {
      if (key !== 'timeout' || typeof member !== 'string') return member;
      const duration = durationSeconds(member);
      if (duration === undefined)
        wrong(memberPath, member, 'a duration above zero such as `30s`, or whole seconds', undefined);
      return duration ?? member;
    });
  const group = (value: Data, path: KeyPath): Data =>
    mapTable(value, path, (member, memberPath, key) =>
      key === 'hooks' ? mapArray(member, memberPath, handler) : member,
    );
  const hooks = (value: Data, path: KeyPath): Data =>
    mapTable(value, path, (member, memberPath) => mapArray(member, memberPath, group));

  const token = (value: Data): Data => {
    if (typeof value === 'string') return table({ token: value });
    return isArray(value) ? table({ any_of: value }) : value;
  };
  const rule = (value: Data, path: KeyPath): Data =>
    mapTable(value, path, (member, memberPath, key) => {
      if (key !== 'pattern') return member;
      if (typeof member === 'string')
        wrong(memberPath, member, 'a list of tokens', 'write one token for each word, such as `[git, push]`');
      return mapArray(member, memberPath, token);
    });
  const rules = (value: Data, path: KeyPath): Data =>
    mapTable(value, path, (member, memberPath, key) =>
      key === 'prefix_rules' ? mapArray(member, memberPath, rule) : member,
    );

  const expanded = mapTable(requirements, ['requirements'], (member, path, key) => {
    if (key === 'hooks') return hooks(member, path);
    return key === 'rules' ? rules(member, path) : member;
  });
  return { table: isTable(expanded) ? expanded : requirements, diagnostics };
}

function table(members: Record<string, Data>): DataTable {
  return Object.assign(emptyTable(), members);
}

function mapTable(value: Data, path: KeyPath, change: (member: Data, path: KeyPath, key: string) => Data): Data {
  if (!isTable(value)) return value;
  const result = emptyTable();
  for (const [key, member] of Object.entries(value)) result[key] = change(member, [...path, key], key);
  return result;
}

function mapArray(value: Data, path: KeyPath, change: (item: Data, path: KeyPath) => Data): Data {
  return isArray(value) ? value.map((item, index) => change(item, [...path, index])) : value;
}
