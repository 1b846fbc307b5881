import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import type { SourceLocation } from '../../source/source-file.ts';
import type { Contract } from '../contract.ts';
import type { Group, Handler } from '../hook-places.ts';
import type { CodexVersion } from '../version.ts';

/** What every theme of advice sees. */
export interface Advised {
  readonly table: DataTable;
  readonly contract: Contract;
  readonly versions: readonly CodexVersion[];
  /** `macos`, `windows`, `linux`; without any, nothing is said that holds on one platform only. */
  readonly platforms: readonly string[];
  /** How the document reaches Codex: `system`, `profile`, `cloud`. */
  readonly channel: string;
  /** The document as it is written, if that is TOML. */
  readonly text: string | undefined;
  /** The groups of all events that Codex has, and their handlers. */
  readonly groups: readonly Group[];
  readonly handlers: readonly Handler[];
  /** The place of a path, ready for `diagnostic`. */
  readonly at: (path: KeyPath, part?: 'key' | 'value') => Place;
}

export interface Place {
  readonly location: SourceLocation;
  readonly path: KeyPath;
}

/** One theme: the warnings about what Codex accepts and enforces as written, and that still is not what was meant. */
export type Theme = (advised: Advised) => readonly Diagnostic[];

/** The members of a table at a path; none where no table stands. */
export function membersAt(table: DataTable, path: KeyPath): [string, Data][] {
  const found = valueAt(table, path);
  return isTable(found) ? Object.entries(found) : [];
}

/** The texts of a list at a path, with their places in it. */
export function textsAt(table: DataTable, path: KeyPath): { readonly text: string; readonly path: KeyPath }[] {
  const list = valueAt(table, path);
  return (isArray(list) ? list : []).flatMap((text, index) =>
    typeof text === 'string' ? [{ text, path: [...path, index] }] : [],
  );
}
