import type { Scene } from './scene.ts';
import { isTable, valueAt } from './statements.ts';

/** A server that no policy names. */
const stranger = 'codex-mdm-stranger';

/** The servers of the policy that are known by a plain command, with it; those known by a URL or a pattern cannot be started here. */
export function startableServers(requirements: unknown): readonly (readonly [name: string, command: string])[] {
  const servers = valueAt(requirements, ['mcp_servers']);
  return Object.entries(isTable(servers) ? servers : {}).flatMap(([name, server]) => {
    const command = valueAt(server, ['identity', 'command']);
    return typeof command === 'string' && !command.includes('/') ? [[name, command] as const] : [];
  });
}

/** Configures these servers and a stranger as the user, runs a turn, and says which were started, sorted. */
export async function startedServers(
  on: Scene,
  servers: ReturnType<typeof startableServers>,
): Promise<readonly string[]> {
  const all = [...servers, [stranger, stranger] as const];
  for (const [name, command] of all)
    await on.room.write(`/usr/local/sbin/${command}`, `#!/bin/sh\n: > '/room/mcp-${name}'\nexit 1\n`, 0o755);
  const userConfig = all
    .map(([name, command]) => `[mcp_servers.${JSON.stringify(name)}]\ncommand = ${JSON.stringify(command)}\n`)
    .join('\n');
  await on.turn([], { userConfig });
  return (await on.room.list('/room')).flatMap((file) => /^mcp-(.+)$/.exec(file)?.[1] ?? []).sort();
}

/** What of `startedServers` should start: the policy's own, and without a policy the stranger too. */
export function expectedServers(servers: ReturnType<typeof startableServers>, isListed: boolean): readonly string[] {
  return [...servers.map(([name]) => name), ...(isListed ? [] : [stranger])].sort();
}
