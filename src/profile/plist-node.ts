import type { Span } from '../source/source-file.ts';

/** A value of a property list with its place; in a binary one every place is the start of the file. */
export type PlistNode =
  | PlistDict
  | PlistArray
  | { readonly kind: 'string' | 'date'; readonly text: string; readonly span: Span }
  | { readonly kind: 'integer'; readonly value: bigint; readonly span: Span }
  | { readonly kind: 'real'; readonly value: number; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'data'; readonly bytes: Uint8Array; readonly span: Span };

export interface PlistArray {
  readonly kind: 'array';
  readonly items: readonly PlistNode[];
  readonly span: Span;
}

export interface PlistDict {
  readonly kind: 'dict';
  /** In the order of the file; a key that stands twice is here twice. */
  readonly entries: readonly PlistEntry[];
  readonly span: Span;
}

export interface PlistEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: PlistNode;
}

/** Why bytes are no property list, as a phrase and an order. `offset` is in the text that was read. */
export interface PlistFault {
  readonly kind: 'syntax' | 'too-deep' | 'too-complex';
  readonly problem: string;
  readonly fix: string;
  readonly offset: number;
}

/** A property list, or why it is none. */
export type PlistResult = { readonly root: PlistNode } | { readonly fault: PlistFault };

/** The first entry with a key, or undefined. */
export function entryOf(node: PlistNode | undefined, key: string): PlistEntry | undefined {
  return node?.kind === 'dict' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The text under a key of a dictionary; undefined where none stands or it is no text. */
export function textOf(node: PlistNode | undefined, key: string): string | undefined {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'string' ? value.text : undefined;
}
