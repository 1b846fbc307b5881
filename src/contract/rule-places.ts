import type { DataTable } from '../source/document.ts';

const hooks = ['hooks'];
const network = ['experimental_network', 'network_proxy', 'permissions'];
const permissions = ['permissions'];

/**
 * The root keys that the rules of a family look below, by the first word behind `rule:`. Without any of them such a rule
 * cannot be broken, and most files have few. A family that is not named here is asked of every file.
 */
const roots: Readonly<Record<string, readonly string[]>> = {
  application: ['application'],
  codex: hooks,
  command: hooks,
  config: ['config_server'],
  deny: permissions,
  features: ['features'],
  field: hooks,
  handler: hooks,
  hooks,
  identity: ['mcp_servers', 'plugins'],
  justification: ['rules'],
  managed: hooks,
  match: ['mcp_servers', 'plugins'],
  matcher: hooks,
  mitm: permissions,
  model: ['auto_review'],
  network,
  permission: ['allowed_permission_profiles'],
  profile: permissions,
  profiles: permissions,
  provider: ['model_provider', 'model_providers'],
  timeout: hooks,
  token: ['rules'],
  tool: hooks,
};

/** Whether a document has anything that the rule with a subject could be about. */
export function canBreak(table: DataTable, subject: string): boolean {
  let places = known.get(subject);
  if (!places) {
    places = roots[/^rule:([a-z]+)/.exec(subject)?.[1] ?? ''] ?? [];
    known.set(subject, places);
  }
  return places.length === 0 || places.some((root) => table[root] !== undefined);
}

const known = new Map<string, readonly string[]>();
