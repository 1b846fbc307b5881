import { parse, stringify } from 'smol-toml';
import { byCodeUnit } from '../artifacts/artifact.ts';
import { type Data, type DataTable, emptyTable, isArray, isTable } from '../source/document.ts';

/** The table as TOML: keys in canonical order, root keys before the first table, LF, without comments. It is read again here. */
export function tomlText(table: DataTable): string {
  const text = `${stringify(canonical(table), { numbersAsFloat: true }).trimEnd()}\n`;
  const again = parse(text, { integersAsBigInt: true });
  if (fingerprint(again) !== fingerprint(table))
    throw new Error('unreachable: the TOML does not say what the table says');
  return text;
}

/** Tables in order of code units, so that the order of keys in the policy does not show in the bytes. */
function canonical(value: Data): Data {
  if (isArray(value)) return value.map(canonical);
  if (!isTable(value)) return value;
  const result = emptyTable();
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    const member = value[key];
    if (member !== undefined) result[key] = canonical(member);
  }
  return result;
}

function fingerprint(value: unknown): string {
  if (typeof value === 'bigint') return `i${value}`;
  if (typeof value === 'number') return `f${Object.is(value, -0) ? '-0' : value}`;
  if (Array.isArray(value)) return `[${value.map(fingerprint).join(',')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([key, member]) => `${JSON.stringify(key)}:${fingerprint(member)}`)
      .join(',')}}`;
  return JSON.stringify(value);
}
