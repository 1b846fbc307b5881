import { type DataTable, type KeyPath, valueAt } from '../../source/document.ts';
import type { Contract } from '../contract.ts';

/** The places of a document that break a rule over more than one key or over the form of a text. */
export type Rule = (table: DataTable, contract: Contract) => readonly KeyPath[];

/** Rules about one theme, by the subject of the fact (kind `rule`) that says what releases do with a broken one. */
export interface RuleFamily {
  /** Whether a document has anything that these rules could be about. Most files have little of what they may have. */
  readonly concerns: (table: DataTable) => boolean;
  readonly rules: Readonly<Record<string, Rule>>;
}

/** Whether a document has one of these root keys. */
export function hasRoot(...keys: readonly string[]): RuleFamily['concerns'] {
  return (table) => keys.some((key) => table[key] !== undefined);
}

/** The place of the first key where a table has one of the others as well. */
export function both(table: DataTable, path: KeyPath, key: string, others: readonly string[]): KeyPath[] {
  const has = (name: string): boolean => valueAt(table, [...path, name]) !== undefined;
  return has(key) && others.some(has) ? [[...path, key]] : [];
}
