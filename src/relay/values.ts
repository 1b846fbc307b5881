import { psLiteral, shLiteral } from '../artifacts/script.ts';
import type { RelayPolicy } from '../policy/policy.ts';
import { denialForm } from './launch.ts';
import { denialMessage, headerValue, jsonText } from './message.ts';

/** What a relay script is made for, beside the policy's relay section. */
export interface ScriptContext {
  readonly policyName: string;
  readonly policyVersion: string;
  /** SHA-256 of requirements.toml, lower-case hex. */
  readonly requirementsSha256: string;
  readonly toolVersion: string;
  readonly managedDir: { readonly posix: string | undefined; readonly windows: string | undefined };
}

/** The least time limit of a detached sender, in seconds: nobody waits for it, not even at SessionEnd. */
const leastDeliverySeconds = 5;

/** The marked block of the POSIX relay: one assignment per line or, where a value holds line breaks, more. */
export function shValues(relay: RelayPolicy, context: ScriptContext): string[] {
  const message = denialMessage(relay.userMessage, context.policyName);
  const common: readonly (readonly [string, string])[] = [
    ['events', ` ${eventEntries(relay).join(' ')} `],
    ['proxy', relay.command ? 'environment' : proxyOf(relay)],
    ['spool_events', String(relay.spool.maxEvents)],
    ['spool_bytes', String(relay.spool.maxBytes)],
    ['spool_age', String(relay.spool.maxAgeSeconds)],
    ['spool_sure', String(sureEvents(relay))],
    ['payload', relay.payload.content],
    ['payload_bytes', String(relay.payload.maxBytes)],
    ['user_message', message],
    ['user_message_json', jsonText(message)],
    ['log', relay.log],
  ];
  const preset: readonly (readonly [string, string])[] = relay.command
    ? [
        ['command', relay.command.posix ?? ''],
        ['command_arguments', commandArguments(relay)],
        ['unheard', unheard(relay)],
      ]
    : [
        ...(relay.preset === 'generic'
          ? ([
              ['policy_name', context.policyName],
              ['policy_version', headerValue(context.policyVersion)],
              ['policy_hash', context.requirementsSha256],
            ] as const)
          : []),
        ['relay_version', context.toolVersion],
        ['url', urlOf(relay)],
        ['connection', connection(relay, context)],
        ['token_file', relay.auth?.tokenFile.posix ?? ''],
        ['auth_header', relay.auth?.header ?? ''],
        ['auth_scheme', relay.auth?.scheme ?? ''],
        ...(relay.preset === 'mintmcp' ? [] : [['identity', relay.identity.join(' ')] as const]),
        ...aktoValues(relay),
      ];
  return [
    ...[...common, ...preset, ['delivery_seconds', String(deliverySeconds(relay))] as const].map(
      ([name, value]) => `${name}=${shLiteral(value)}`,
    ),
    ...(relay.command ? [commandPath(relay)] : []),
    ...(relay.command
      ? Object.entries(relay.settings).map(([name, value]) => `export ${name}=${shLiteral(value)}`)
      : []),
  ];
}

/** The marked block of the PowerShell relay: one assignment per line, all of it ASCII. */
export function psValues(relay: RelayPolicy, context: ScriptContext): string[] {
  const caFile = relay.caFile === undefined ? '' : `${context.managedDir.windows ?? ''}\\codex-relay-ca.pem`;
  const texts: readonly (readonly [string, string])[] = [
    ['Payload', relay.payload.content],
    ['UserMessage', denialMessage(relay.userMessage, context.policyName)],
    ['Log', relay.log],
    ...((relay.command
      ? [
          ['Command', relay.command.windows ?? ''],
          ['CommandArguments', commandArguments(relay)],
          ['Unheard', unheard(relay)],
        ]
      : [
          ['PolicyName', context.policyName],
          ['PolicyVersion', headerValue(context.policyVersion)],
          ['PolicyHash', context.requirementsSha256],
          ['RelayVersion', context.toolVersion],
          ['Url', relay.endpoint?.startsWith('unix:') ? '' : urlOf(relay)],
          ['TokenFile', relay.auth?.tokenFile.windows ?? ''],
          ['AuthHeader', relay.auth?.header ?? ''],
          ['AuthScheme', relay.auth?.scheme ?? ''],
          ['CaFile', caFile],
          ['Proxy', proxyOf(relay)],
          ['Identity', relay.identity.join(' ')],
          ...aktoValues(relay).map(([name, value]) => [pascalCase(name), value] as const),
        ]) as readonly (readonly [string, string])[]),
  ];
  return [
    ...texts.map(([name, value]) => `$${name} = ${psLiteral(value)}`),
    `$SpoolEvents = ${relay.spool.maxEvents}`,
    `$SpoolBytes = ${relay.spool.maxBytes}`,
    `$SpoolSeconds = ${relay.spool.maxAgeSeconds}`,
    `$PayloadBytes = ${relay.payload.maxBytes}`,
    `$DeliverySeconds = ${deliverySeconds(relay)}`,
    '$Events = @{}',
    ...[...relay.events].map(([name, event]) => {
      const [before, after] = denialForm(name);
      return `$Events[${psLiteral(name)}] = @(${[event.mode, event.onFailure, before, after].map(psLiteral).join(', ')}, ${event.timeoutSeconds})`;
    }),
    ...(relay.command
      ? [
          '$Settings = @{}',
          ...Object.entries(relay.settings).map(
            ([name, value]) => `$Settings[${psLiteral(name)}] = ${psLiteral(value)}`,
          ),
        ]
      : []),
  ];
}

/** How many events fit into the spool whatever their lengths, so that nobody needs to measure them. */
function sureEvents({ spool, payload }: RelayPolicy): number {
  const byBytes = payload.content === 'metadata' ? spool.maxEvents : Math.floor(spool.maxBytes / payload.maxBytes);
  return Math.min(spool.maxEvents, byBytes);
}

/** Preset akto: what the vendor's scripts take from the environment. Names and defaults are the vendor's. */
function aktoValues({ preset, settings }: RelayPolicy): readonly (readonly [string, string])[] {
  if (preset !== 'akto') return [];
  return [
    ['akto_mode', settings['MODE'] ?? 'argus'],
    ['akto_connector', settings['AKTO_CONNECTOR'] ?? 'codex_cli'],
    ['akto_source', settings['CONTEXT_SOURCE'] ?? 'ENDPOINT'],
  ];
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** What becomes of a report that the program did not hear: a dialog of yesterday is of no use to anybody. */
function unheard(relay: RelayPolicy): string {
  return relay.preset === 'agent-hooks' ? 'drop' : 'keep';
}

/** What a preset says to its program beside the event. */
function commandArguments(relay: RelayPolicy): string {
  return relay.preset === 'agent-hooks' ? 'callback --provider codex' : '';
}

/** Agent Hooks looks for codex in the user's PATH; this line runs before the relay takes its own. */
function commandPath(relay: RelayPolicy): string {
  return relay.preset === 'agent-hooks'
    ? 'command_path=$PATH'
    : `command_path=${shLiteral('/usr/bin:/bin:/usr/sbin:/sbin')}`;
}

/** `PreToolUse:enforce:closed:3`, in the policy's order. */
function eventEntries(relay: RelayPolicy): string[] {
  return [...relay.events].map(([name, event]) => [name, event.mode, event.onFailure, event.timeoutSeconds].join(':'));
}

function deliverySeconds(relay: RelayPolicy): number {
  return Math.max(leastDeliverySeconds, ...[...relay.events.values()].map((event) => event.timeoutSeconds));
}

/** The address for the HTTP client. It goes into a quoted line of curl's configuration. */
function urlOf(relay: RelayPolicy): string {
  const { endpoint = '' } = relay;
  const url = endpoint.startsWith('unix:') ? 'http://localhost/' : endpoint;
  // Akto's address is a base: the relay adds path and query.
  return curlText(relay.preset === 'akto' ? url.replace(/\/+$/, '') : url);
}

/** How curl gets there: lines of its configuration that no device changes. */
function connection(relay: RelayPolicy, context: ScriptContext): string {
  const { endpoint = '' } = relay;
  const proxy = proxyOf(relay);
  return [
    `proto = "=${endpoint.startsWith('https:') ? 'https' : 'http'}"`,
    ...(endpoint.startsWith('unix:') ? [`unix-socket = "${curlText(endpoint.slice('unix:'.length))}"`] : []),
    ...(relay.caFile === undefined
      ? []
      : [`cacert = "${curlText(`${context.managedDir.posix ?? ''}/codex-relay-ca.pem`)}"`]),
    ...(proxy === 'environment' ? [] : proxy === 'none' ? ['noproxy = "*"'] : [`proxy = "${curlText(proxy)}"`]),
  ].join('\n');
}

/** Loopback and sockets never go through a proxy: the event would leave the machine in clear text. */
function proxyOf(relay: RelayPolicy): string {
  return relay.endpoint?.startsWith('https:') ? relay.proxy : 'none';
}

/** A text inside a quoted value of curl's configuration. */
function curlText(text: string): string {
  return text.replaceAll(/[\\"]/g, '\\$&').replaceAll(/[\r\n]/g, '');
}
