import { fillTemplate } from '../artifacts/script.ts';
import type { Platform, RelayEvent, RelayPolicy, RelayPreset } from '../policy/policy.ts';
import type { HookGroup, ManagedDirs } from '../requirements/requirements.ts';
import { encodedWindowsLine, outcomeOf, posixLine, vendorLine, windowsLine } from './launch.ts';
import { denialMessage } from './message.ts';
import { psValues, type ScriptContext, shValues } from './values.ts';

export interface RelayContext {
  readonly policyName: string;
  readonly platforms: readonly Platform[];
  readonly managedDir: ManagedDirs;
}

/** The texts of `<managed_dir>/codex-relay` and `codex-relay.ps1`; undefined where no platform or no preset needs one. */
export interface RelayScripts {
  readonly sh: string | undefined;
  readonly ps1: string | undefined;
}

/** The files in templates/ that make up a preset's script, in order: the core first, the one that starts it last. */
const parts: Readonly<Record<RelayPreset, readonly string[]>> = {
  generic: ['relay', 'relay-spool', 'relay-machine', 'relay-http', 'relay-breaker', 'relay-generic'],
  akto: ['relay', 'relay-spool', 'relay-machine', 'relay-http', 'relay-breaker', 'relay-json', 'relay-akto'],
  mintmcp: ['relay', 'relay-spool', 'relay-http', 'relay-breaker', 'relay-json', 'relay-answer', 'relay-mintmcp'],
  custom: ['relay', 'relay-spool', 'relay-json', 'relay-answer', 'relay-command'],
  'agent-hooks': ['relay', 'relay-spool', 'relay-json', 'relay-answer', 'relay-command'],
};

function partsOf(relay: RelayPolicy): readonly string[] {
  return isVendorScript(relay) ? [] : parts[relay.preset];
}

/** Whether the vendor's own script takes the relay's place. */
function isVendorScript(relay: RelayPolicy): boolean {
  return relay.script !== undefined;
}

/** The name under which a vendor's own script lies in the managed directory. */
export const vendorScriptName = 'mint.sh';

/** The hook groups of the relay, in the order of its events. They do not depend on the scripts' contents. */
export function relayGroups(relay: RelayPolicy, context: RelayContext): readonly HookGroup[] {
  return [...relay.events].map(([name, event]) => ({
    event: name,
    matcher: event.matcher,
    timeoutSeconds: isVendorScript(relay) ? event.timeoutSeconds : event.hookTimeoutSeconds,
    command: posixCommand(relay, name, event, context),
    commandWindows: context.platforms.includes('windows') ? windowsCommand(relay, name, event, context) : undefined,
  }));
}

/** The relay's scripts: whole templates joined, with the one marked block filled. */
export function relayScripts(
  relay: RelayPolicy,
  context: RelayContext & ScriptContext,
  templates: ReadonlyMap<string, string>,
): RelayScripts {
  const joined = (extension: string, values: readonly string[]): string =>
    fillTemplate(
      partsOf(relay)
        .map((name) => textOf(templates, `${name}.${extension}`))
        .join(''),
      values,
    );
  const has = (wanted: (platform: Platform) => boolean): boolean =>
    partsOf(relay).length > 0 && context.platforms.some(wanted);
  return {
    sh: has((platform) => platform !== 'windows') ? joined('sh', shValues(relay, context)) : undefined,
    ps1: has((platform) => platform === 'windows') ? joined('ps1', psValues(relay, context)) : undefined,
  };
}

/** Codex wants a command even where only Windows is served; there the POSIX line is never run, and lets through. */
function posixCommand(relay: RelayPolicy, name: string, event: RelayEvent, context: RelayContext): string {
  const dir = (context.managedDir.posix ?? '/etc/codex/hooks').replace(/\/$/, '');
  const message = denialMessage(relay.userMessage, context.policyName);
  if (isVendorScript(relay))
    return vendorLine(`${dir}/${vendorScriptName}`, relay.settings['MINTMCP_USER'] ?? '', event.onFailure, message);
  return posixLine(`${dir}/codex-relay`, name, outcomeOf(name, event), message);
}

function windowsCommand(
  relay: RelayPolicy,
  name: string,
  event: RelayEvent,
  context: RelayContext,
): string | undefined {
  if (isVendorScript(relay)) return undefined;
  const script = `${(context.managedDir.windows ?? 'C:\\ProgramData\\OpenAI\\Codex\\hooks').replace(/[\\/]$/, '')}\\codex-relay.ps1`;
  if (relay.windowsGuard === 'none') return windowsLine(script, name);
  return encodedWindowsLine(script, name, outcomeOf(name, event), denialMessage(relay.userMessage, context.policyName));
}

function textOf(templates: ReadonlyMap<string, string>, name: string): string {
  const text = templates.get(name);
  if (text === undefined) throw new Error(`unreachable: no template ${name}`);
  return text;
}
