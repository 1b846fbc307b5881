import { type Data, isTable } from '../source/document.ts';

/** What may stand in a profile. */
export const profileMembers: ReadonlySet<string> = new Set([
  'description',
  'extends',
  'workspace_roots',
  'filesystem',
  'network',
]);

/** Whether what stands below `permissions` is a profile: under `network` it is one if nothing else can be meant. */
export function isProfile(name: string, permissions: Data | undefined): boolean {
  if (name !== 'network') return name !== 'filesystem';
  const network = isTable(permissions) ? permissions['network'] : undefined;
  return isTable(network) && Object.keys(network).every((key) => profileMembers.has(key));
}
