import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { type Advised, membersAt } from './advised.ts';

/** Identities of MCP servers that no server can have, and the table that allows none. */
export function mcpAdvice(advised: Advised): Diagnostic[] {
  const { table, at } = advised;
  const tables: KeyPath[] = [
    ['mcp_servers'],
    ...membersAt(table, ['plugins']).map(([plugin]) => ['plugins', plugin, 'mcp_servers']),
  ];
  return tables.flatMap((path) => {
    const servers = membersAt(table, path);
    const isEmpty = servers.length === 0 && isTable(valueAt(table, path));
    return isEmpty
      ? [diagnostic('advice/mcp-none', at(path, 'key'), {})]
      : servers.flatMap(([id]) => identity(advised, [...path, id, 'identity']));
  });
}

function identity({ table, at }: Advised, path: KeyPath): Diagnostic[] {
  const found = valueAt(table, path);
  if (!isTable(found)) return [];
  const { command, url } = found;
  if (typeof command === 'string') {
    const [program, ...rest] = command.trim().split(/\s+/);
    if (command.trim() === '') return [diagnostic('advice/mcp-blank', at([...path, 'command']), { key: 'command' })];
    // A path may hold blanks, as in `C:\Program Files`.
    return rest.length > 0 && program !== undefined && !/[\\/]/.test(command)
      ? [diagnostic('advice/mcp-command-arguments', at([...path, 'command']), { command: shorten(command), program })]
      : [];
  }
  if (typeof url !== 'string') return [];
  const place = at([...path, 'url']);
  if (url.trim() === '') return [diagnostic('advice/mcp-blank', place, { key: 'url' })];
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return [diagnostic('advice/mcp-url-scheme', place, { url: shorten(url) })];
  return url.endsWith('/') ? [diagnostic('advice/mcp-url-slash', place, { url: shorten(url) })] : [];
}
