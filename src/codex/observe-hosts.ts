import { type Answer, askAppServer, type ObservedClient, patience } from './observe-client.ts';
import { isTomlTable, type TomlTable } from './observe-leaves.ts';
import { memberOf, type PartEffect, sameMeaning } from './observe-report.ts';
import type { Room } from './room.ts';

/**
 * On a host that each entry of remote_sandbox_config names: sessions start there, and the entry's list is what counts.
 * An entry that names no host is not asked about.
 */
export async function onMatchingHosts(
  client: ObservedClient,
  table: TomlTable,
  found: ReadonlyMap<string, PartEffect>,
): Promise<Pick<Answer, 'outcome' | 'said'> & { readonly parts: ReadonlyMap<string, PartEffect> }> {
  const entries = table['remote_sandbox_config'];
  const parts = new Map<string, PartEffect>();
  const fine = { outcome: 'accepted', said: '', parts } as const;
  if (!Array.isArray(entries)) return fine;
  const { room } = client;
  try {
    for (const [index, entry] of entries.entries()) {
      if (!isTomlTable(entry) || found.has(`remote_sandbox_config[${index}].allowed_sandbox_modes`)) continue;
      const name = hostOf(entry, entries.slice(0, index));
      if (name === undefined) continue;
      await setHostName(room, name);
      const { outcome, said, reports } = await askAppServer(client, patience);
      if (outcome !== 'accepted') return { outcome, said, parts };
      const told = memberOf(reports.requirements, 'allowed_sandbox_modes');
      // The first entry that matches counts, and an earlier one may match this host as well.
      if (told !== undefined && !isListOfEntry(told, entries.slice(0, index + 1)))
        parts.set(`remote_sandbox_config[${index}]`, 'weakened');
    }
  } finally {
    await setHostName(room, room.hostName);
  }
  return fine;
}

/** Whether a list that is told is that of one of these entries. */
export function isListOfEntry(told: unknown, entries: readonly unknown[]): boolean {
  return entries.some((entry) => isTomlTable(entry) && sameMeaning(entry['allowed_sandbox_modes'], told, []));
}

/** The name of a host that an entry matches, if it can be one that no earlier entry matches. */
export function hostOf(entry: TomlTable, earlier: readonly unknown[]): string | undefined {
  const before = earlier.filter(isTomlTable).flatMap(patternsOf).map(asExpression);
  const names = patternsOf(entry).flatMap((pattern) =>
    ['x', 'y', 'q-7', 'example.com'].map((filler) => pattern.replaceAll('*', filler).replaceAll('?', filler.charAt(0))),
  );
  const possible = names.filter((name) => !/\p{Cc}/u.test(name) && (isShort(name) || isDnsName(name)));
  return possible.find((name) => !before.some((pattern) => pattern.test(name))) ?? possible[0];
}

/** Blanks around a pattern and dots at its end do not count, and an empty one matches nothing. */
function patternsOf({ hostname_patterns: patterns }: TomlTable): string[] {
  return (Array.isArray(patterns) ? patterns : [])
    .map((pattern) => (typeof pattern === 'string' ? pattern.trim().replace(/\.+$/, '') : ''))
    .filter((pattern) => pattern !== '');
}

function asExpression(pattern: string): RegExp {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'isu');
}

/** No kernel takes a longer name. */
function isShort(name: string): boolean {
  return Buffer.byteLength(name) <= 64;
}

function isDnsName(name: string): boolean {
  return name.length <= 253 && name.includes('.') && /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i.test(name);
}

async function setHostName(room: Room, name: string): Promise<void> {
  // A longer name is the one that the machine's own name stands for in the list of hosts.
  const short = isShort(name) ? name : 'short';
  await room.write('/etc/hosts', isShort(name) ? `127.0.0.1 localhost ${name}\n` : `127.0.0.1 ${name} ${short}\n`);
  await room.run('sh', ['-c', 'printf "%s\\n" "$0" > /proc/sys/kernel/hostname', short]);
}
