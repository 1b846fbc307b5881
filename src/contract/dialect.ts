import { type Data, isArray, isTable, type KeyPath, type ParsedDocument } from '../source/document.ts';
import { isUnsigned64 } from '../source/number.ts';
import { parseToml } from '../source/toml.ts';
import { mayBeNewer } from '../source/toml-plain.ts';
import type { Contract } from './contract.ts';
import { effectsOf } from './effects-of.ts';
import type { Statement } from './statement.ts';

/**
 * What a readable text says by its syntax alone: that it is TOML 1.1, which the oldest releases refuse, or has integers
 * that only older ones take.
 */
export function dialectOf({ source, value }: ParsedDocument, contract: Contract): Statement[] {
  const found: Statement[] = [];
  if (mayBeNewer(source.text)) {
    const { diagnostics } = parseToml(source, { dialect: '1.0', takesUnsigned: true });
    const note = 'write inline tables on one line and without a last comma, no `\\e` and `\\x`, and times with seconds';
    if (diagnostics.some(({ severity }) => severity === 'error'))
      found.push(...told('toml-1.1', 'the syntax of TOML 1.1', note, [], contract));
  }
  if (!mayBeUnsigned.test(source.text)) return found;
  const title = 'an integer above 9223372036854775807, which TOML does not have,';
  return [
    ...found,
    ...unsignedIn(value).flatMap((path) => told('unsigned-integers', title, 'write a smaller number', path, contract)),
  ];
}

/** So many digits an integer has that needs all 64 bits. */
const mayBeUnsigned = /[1-9][0-9_]{18}|0[box][0-9A-Fa-f_]{16}/;

function unsignedIn(value: Data, path: KeyPath = []): KeyPath[] {
  if (typeof value === 'bigint') return isUnsigned64(value) ? [path] : [];
  if (isArray(value)) return value.flatMap((item, at) => unsignedIn(item, [...path, at]));
  return isTable(value) ? Object.entries(value).flatMap(([key, inner]) => unsignedIn(inner, [...path, key])) : [];
}

function told(subject: string, title: string, note: string, path: KeyPath, { behaviours }: Contract): Statement[] {
  const fact = behaviours.get(subject);
  return fact
    ? [{ path, reason: { kind: 'rule' }, fact: { ...fact, title, note }, effectOn: effectsOf(fact), inner: [] }]
    : [];
}
