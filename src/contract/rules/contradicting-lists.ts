import { type DataTable, isArray, type KeyPath, valueAt } from '../../source/document.ts';
import { networks } from './network.ts';

/** Entries of the old list of allowed domains that stand in the list of denied ones as well: one of the two is kept. */
export function deniedAllowances(table: DataTable): KeyPath[] {
  return networks.flatMap((path) => {
    const denied = valueAt(table, [...path, 'denied_domains']);
    const allowed = valueAt(table, [...path, 'allowed_domains']);
    if (!isArray(denied) || !isArray(allowed)) return [];
    const names = new Set(denied);
    return allowed.flatMap((name, index) => (names.has(name) ? [[...path, 'allowed_domains', index]] : []));
  });
}
