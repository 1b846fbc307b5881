import { type Contract, isEnforcedOn } from '../contract/contract.ts';
import type { Platform, Policy } from '../policy/policy.ts';
import { type Data, type DataTable, emptyTable, isArray, isTable, type KeyPath } from '../source/document.ts';

/** What requirements.toml will say, and which key of the policy asked for each part. */
export interface Requirements {
  readonly table: DataTable;
  readonly origin: (path: KeyPath) => KeyPath;
}

/** A hook group with one command, as the relay wants it appended. Seconds are whole. */
export interface HookGroup {
  readonly event: string;
  readonly matcher: string | undefined;
  readonly timeoutSeconds: number;
  readonly command: string;
  readonly commandWindows: string | undefined;
}

/** The folders that hold hook scripts on the device. */
export interface ManagedDirs {
  readonly posix: string | undefined;
  readonly windows: string | undefined;
}

const defaultDirs = { posix: '/etc/codex/hooks', windows: 'C:\\ProgramData\\OpenAI\\Codex\\hooks' };

/** The managed directories as the policy writes them, or Codex's usual ones where a relay or files need them. */
export function managedDirs(policy: Policy): ManagedDirs {
  const hooks = policy.requirements['hooks'];
  const written = (key: string): string | undefined => {
    const value = isTable(hooks) ? hooks[key] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  const needed = (platforms: readonly Platform[]): boolean =>
    policy.platforms.some((platform) => platforms.includes(platform)) &&
    (policy.relay !== undefined ||
      policy.files.some((file) => file.platforms.some((platform) => platforms.includes(platform))));
  return {
    posix: written('managed_dir') ?? (needed(['macos', 'linux']) ? defaultDirs.posix : undefined),
    windows: written('windows_managed_dir') ?? (needed(['windows']) ? defaultDirs.windows : undefined),
  };
}

/** The flag by which every client of the fleet pins hooks: the present name, or the former one where a client needs it. */
export function hooksFlag(policy: Policy, contract: Contract): string {
  const flags = contract.root.members.get('features')?.members;
  const holds = (name: string): boolean => {
    const fact = flags?.get(name)?.fact;
    return fact !== undefined && isEnforcedOn(fact, policy.clients.releases);
  };
  return holds('hooks') || !holds('codex_hooks') ? 'hooks' : 'codex_hooks';
}

/** Whether the policy's requirements pin the hooks feature, by either name and in either spelling of the table. */
export function hooksPin(requirements: DataTable): { readonly path: KeyPath; readonly value: Data } | undefined {
  for (const table of ['features', 'feature_requirements'])
    for (const flag of ['hooks', 'codex_hooks']) {
      const features = requirements[table];
      const value = isTable(features) ? features[flag] : undefined;
      if (value !== undefined) return { path: [table, flag], value };
    }
  return undefined;
}

/** The policy's requirements with the managed directories, the relay's groups and its pin added. */
export function requirementsFrom(policy: Policy, groups: readonly HookGroup[], contract: Contract): Requirements {
  const table = Object.assign(emptyTable(), policy.requirements);
  const added = new Map<string, KeyPath>();
  const add = (path: KeyPath, origin: KeyPath): void => {
    added.set(JSON.stringify(path), origin);
  };
  const asker: KeyPath = policy.relay ? ['relay'] : ['files'];

  const dirs = managedDirs(policy);
  const written = policy.requirements['hooks'];
  const hooks: Record<string, Data> = Object.assign(emptyTable(), isTable(written) ? written : {});
  for (const [key, dir] of [
    ['managed_dir', dirs.posix],
    ['windows_managed_dir', dirs.windows],
  ] as const)
    if (dir !== undefined && !Object.hasOwn(hooks, key)) {
      hooks[key] = dir;
      add(['hooks', key], asker);
    }
  for (const group of groups) {
    const before = hooks[group.event];
    const list = isArray(before) ? before : [];
    hooks[group.event] = [...list, groupTable(group)];
    const origin: KeyPath = ['relay', 'events', group.event];
    add(['hooks', group.event, list.length], origin);
    if (list.length === 0) add(['hooks', group.event], origin);
  }
  if (Object.keys(hooks).length > 0 && (written === undefined || isTable(written))) {
    if (written === undefined) add(['hooks'], asker);
    table['hooks'] = hooks;
  }

  if (policy.relay && !hooksPin(policy.requirements)) {
    const name = Object.hasOwn(table, 'feature_requirements') ? 'feature_requirements' : 'features';
    const before = table[name];
    const flag = hooksFlag(policy, contract);
    table[name] = Object.assign(emptyTable(), isTable(before) ? before : {}, { [flag]: true });
    add([name, flag], ['relay']);
    if (before === undefined) add([name], ['relay']);
  }
  return { table, origin: originOf(added) };
}

/** The nearest added ancestor decides; all else is the administrator's own. */
function originOf(added: ReadonlyMap<string, KeyPath>): (path: KeyPath) => KeyPath {
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const origin = added.get(JSON.stringify(path.slice(0, length)));
      if (origin) return origin;
    }
    return ['requirements', ...path];
  };
}

function groupTable(group: HookGroup): DataTable {
  const handler: Record<string, Data> = Object.assign(emptyTable(), { type: 'command', command: group.command });
  if (group.commandWindows !== undefined) handler['command_windows'] = group.commandWindows;
  handler['timeout'] = BigInt(group.timeoutSeconds);
  const result: Record<string, Data> = emptyTable();
  if (group.matcher !== undefined) result['matcher'] = group.matcher;
  result['hooks'] = [handler];
  return result;
}
