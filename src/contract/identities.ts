import type { DataTable } from '../source/document.ts';

// Codex takes the first that fits: a command as a text, an address as a text, a table of one of them with nothing beside.

/** Whether Codex does not even look at a member of an identity, because a text beside it counts. */
export function isPassedOver(identity: DataTable, key: string): boolean {
  const { command, url } = identity;
  return key === 'url' ? typeof command === 'string' : typeof command !== 'string' && typeof url === 'string';
}
