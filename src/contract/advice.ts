import type { Code } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type DataTable, formatPath, valueAt } from '../source/document.ts';
import type { Advised, Theme } from './advice/advised.ts';
import { hookCommandAdvice } from './advice/hook-commands.ts';
import { hookAdvice } from './advice/hooks.ts';
import { hostAdvice } from './advice/hosts.ts';
import { nothingAdvice } from './advice/nothing.ts';
import { permissionAdvice } from './advice/permissions.ts';
import { rareAdvice } from './advice/rare.ts';
import { ruleAdvice } from './advice/rules.ts';
import { secretAdvice } from './advice/secrets.ts';
import type { Contract } from './contract.ts';
import type { Finding, Placing } from './findings.ts';
import { groupsIn, handlersIn } from './hook-places.ts';
import { hasRoot } from './rules/family.ts';
import type { CodexVersion } from './version.ts';

export interface AdviceOptions {
  readonly versions: readonly CodexVersion[];
  /** `macos`, `windows`, `linux`; without any, nothing is said that holds on one platform only. */
  readonly platforms?: readonly string[];
  /** How the document reaches Codex: `system`, `profile`, `cloud`. */
  readonly channel?: string;
  /** The document as it is written, if that is TOML. */
  readonly text?: string;
  /** What the judge found: where it has spoken, there is nothing more to say. */
  readonly found: readonly Finding[];
  /** Codes that the caller states in its own words. */
  readonly without?: ReadonlySet<Code>;
}

const themes: readonly Theme[] = [
  nothingAdvice,
  hookAdvice,
  hookCommandAdvice,
  ruleAdvice,
  hostAdvice,
  permissionAdvice,
  secretAdvice,
  (advised) => (hasRareKeys(advised.table) ? rareAdvice(advised) : []),
];

/** Whether a document has what the rare themes are about. */
function hasRareKeys(table: DataTable): boolean {
  const roots = ['otel', 'mcp_servers', 'plugins', 'experimental_network', 'network_proxy'];
  return hasRoot(...roots)(table) || valueAt(table, ['permissions', 'network']) !== undefined;
}

/**
 * Warnings about a requirements document: what Codex accepts and enforces as written, although hardly anybody means it.
 * Never an error: errors are the judge's.
 */
export function advise(table: DataTable, contract: Contract, options: AdviceOptions, place: Placing): Diagnostic[] {
  const at: Advised['at'] = (path, part = 'value') => place(path, part);
  const { versions, platforms = [], channel = 'system', text } = options;
  // What stands below another name than an event's is never read.
  const groups = groupsIn(table).filter(({ event }) => contract.events.has(event));
  const handlers = handlersIn(table).filter(({ event }) => contract.events.has(event));
  const advised: Advised = { table, contract, versions, platforms, channel, text, groups, handlers, at };
  const advice = themes.flatMap((theme) => theme(advised));
  if (advice.length === 0) return advice;
  const spoken = new Set(options.found.map(({ diagnostic }) => formatPath(diagnostic.path)));
  return advice.filter(({ code, path }) => !options.without?.has(code) && !spoken.has(formatPath(path)));
}
