import type { ContractNode, Fact } from '../contract/contract.ts';
import { typesOf } from '../contract/shape.ts';
import { type Data, type DataTable, emptyTable } from '../source/document.ts';
import { mitmActions, sampleValues, tableOf } from './sample-values.ts';

/** A file that a room must hold for a sample to be good: the model catalogue must exist. */
export const roomFiles: Readonly<Record<string, string>> = { '/room/models.json': '{"models": []}\n' };

/** Names of free keys, by subject; a plain word where Codex asks for no form. */
const names: Readonly<Record<string, string>> = {
  'allowed_permission_profiles.<profile>': ':workspace',
  'application.network.domains.<name>': 'example.com',
  'browser_use.origins.<origin>': 'https://example.com',
  'experimental_network.domains.<domain>': 'example.com',
  'experimental_network.unix_sockets.<path>': '/run/example.sock',
  'experimental_network.header_injections[].headers.<name>': 'x-example',
  'permissions.<profile>.filesystem.<path>': '/usr/share',
  'permissions.<profile>.filesystem.<path>.<subpath>': 'doc',
  'permissions.<profile>.network.domains.<domain>': 'example.com',
  'permissions.<profile>.network.unix_sockets.<path>': '/run/example.sock',
  'permissions.<profile>.workspace_roots.<path>': '/usr/share',
};

/** The name that stands for a free key in a file that is about a subject below it. */
export function sampleName(subject: string, about = subject): string {
  // Only this built-in provider takes `aws`.
  if (subject === 'model_providers.<id>' && about.startsWith('model_providers.<id>.aws')) return 'amazon-bedrock';
  return names[subject] ?? 'example';
}

/** Where several names share what stands below them: the one whose place the files use. */
export function isUsualValue(subject: string): boolean {
  return subject === 'hooks.PreToolUse' || subject === 'features';
}

/**
 * What must stand beside a subject for a release to take it, by the first subject that is a prefix: members of the
 * nearest table that both have, as whole files to be laid under the generated one.
 */
const companions: readonly (readonly [prefix: string, beside: DataTable])[] = [
  ['permissions.<profile>.network.mitm.hooks.<name>.schemes', scopedProfile()],
  ['permissions.<profile>.network.mitm.hooks.<name>.ports', scopedProfile()],
  [`${mitmActions}.inject_request_headers[].placeholder`, scopedProfile()],
  [`${mitmActions}.aws_sigv4`, scopedProfile()],
  [`${mitmActions}.body_secret_substitution`, scopedProfile()],
  [
    'default_permissions',
    tableOf({ allowed_permission_profiles: tableOf({ ':workspace': true, ':read-only': true }) }),
  ],
  [
    'allowed_permission_profiles.<profile>',
    tableOf({ allowed_permission_profiles: tableOf({ ':workspace': true, ':read-only': true }) }),
  ],
  ['permissions.<profile>', profileWith({})],
  ['hooks', tableOf({ hooks: tableOf({ managed_dir: '/usr/share' }) })],
  ['mcp_servers.<id>.identity.command', mcp(tableOf({}))],
  ['mcp_servers.<id>.identity.url', mcp(tableOf({}))],
  ['mcp_servers.<id>.identity', mcp(tableOf({ command: 'example' }))],
  ['mcp_servers.<id>', mcp(tableOf({ command: 'example' }))],
  ['mcp_servers', mcp(tableOf({ command: 'example' }))],
  ['plugins.<plugin>.mcp_servers.<id>.identity.command', plugin(tableOf({}))],
  ['plugins.<plugin>.mcp_servers.<id>.identity.url', plugin(tableOf({}))],
  ['plugins.<plugin>.mcp_servers.<id>.identity', plugin(tableOf({ command: 'example' }))],
  ['plugins.<plugin>.mcp_servers', plugin(tableOf({ command: 'example' }))],
];

/** A file whose default is a profile of its own. */
function profileWith(members: Readonly<Record<string, Data>>): DataTable {
  return tableOf({
    default_permissions: 'example',
    allowed_permission_profiles: tableOf({ example: true, ':read-only': true }),
    permissions: tableOf({ example: tableOf({ extends: ':workspace', ...members }) }),
  });
}

/** The file of the second version of the network's hooks and actions. */
function scopedProfile(): DataTable {
  return profileWith({ network: tableOf({ mitm: tableOf({ version: 2n }) }) });
}

function mcp(identity: DataTable): DataTable {
  return tableOf({ mcp_servers: tableOf({ example: tableOf({ identity }) }) });
}

function plugin(identity: DataTable): DataTable {
  return tableOf({
    plugins: tableOf({ example: tableOf({ mcp_servers: tableOf({ example: tableOf({ identity }) }) }) }),
  });
}

/** The file that is laid under a generated one; empty where the subject stands alone. */
export function companionOf(subject: string): DataTable {
  const found = companions.find(
    ([prefix]) => subject === prefix || (/^[.[(=]/.test(subject.slice(prefix.length)) && subject.startsWith(prefix)),
  );
  return found?.[1] ?? tableOf({});
}

/** Members that an element or table needs though no fact calls them required: one of several must stand. */
type Needed = (member: string, value: Data | undefined) => Readonly<Record<string, Data>>;
const neededMembers: Readonly<Record<string, Needed>> = {
  'hooks.<Event>[]': (member) =>
    member === 'hooks' ? {} : { hooks: [tableOf({ type: 'command', command: '/usr/bin/true' })] },
  'hooks.<Event>[].hooks[]': (member, value) =>
    member !== 'type'
      ? {}
      : value === 'mcp_tool'
        ? { server: 'example', tool: 'example' }
        : { command: '/usr/bin/true' },
  'model_providers.<id>': (member) => ({
    // The built-in provider that alone takes `aws` has a name.
    ...(member === 'aws' || member === 'name' ? {} : { name: 'example' }),
    ...(member === 'gateway_oauth' ? { base_url: 'https://models.example.com/v1' } : {}),
  }),
  'model_providers.<id>.gateway_oauth': (member) => ({
    ...(member === 'credential_export'
      ? {}
      : without(member, {
          authorization_url: 'https://login.example.com/authorize',
          token_url: 'https://login.example.com/token',
          client_id: 'example',
        })),
    ...without(member, { delivery: tableOf({ kind: 'header', name: 'x-example' }) }),
  }),
  // Only headers have a scheme.
  'model_providers.<id>.gateway_oauth.delivery': (member) => without(member, { kind: 'header', name: 'x-example' }),
  [`${mitmActions}.aws_sigv4.access_key_id`]: secret,
  [`${mitmActions}.aws_sigv4.secret_access_key`]: secret,
  [`${mitmActions}.aws_sigv4.session_token`]: secret,
  [`${mitmActions}.body_secret_substitution.replacements[].secret`]: secret,
  [mitmActions]: (member) => (member === '' ? { strip_request_headers: ['x-example'] } : {}),
  'rules.prefix_rules[].pattern[]': (member) => (member === '' ? { token: 'example' } : {}),
  'mcp_servers.<id>.identity.command.args[]': matcher,
  'plugins.<plugin>.mcp_servers.<id>.identity.command.args[]': matcher,
  'mcp_servers.<id>.identity.url': matcher,
  'plugins.<plugin>.mcp_servers.<id>.identity.url': matcher,
  'marketplaces.allowed_sources.<name>': (member) =>
    member === 'host_pattern'
      ? { source: 'host_pattern' }
      : member === 'path'
        ? { source: 'local' }
        : { source: 'git', ...(member === 'url' ? {} : { url: 'https://git.example.com/plugins.git' }) },
  'otel.exporter': exporter,
  'otel.metrics_exporter': exporter,
  'otel.trace_exporter': exporter,
};

/** A secret comes from one place. */
function secret(member: string): Readonly<Record<string, Data>> {
  return member === '' ? { env_var: 'EXAMPLE' } : {};
}

function without(member: string, members: Readonly<Record<string, Data>>): Readonly<Record<string, Data>> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== member));
}

function matcher(member: string, value: Data | undefined): Readonly<Record<string, Data>> {
  if (member === 'expression') return { match: 'regex' };
  if (member === 'match') return value === 'regex' ? { expression: 'example' } : { value: 'example' };
  return member === 'value' ? { match: 'exact' } : { match: 'exact', value: 'example' };
}

function exporter(member: string): Readonly<Record<string, Data>> {
  return member === '' ? { 'otlp-http': tableOf({ endpoint: 'https://otel.example.com', protocol: 'json' }) } : {};
}

/** A value that a release which knows the place takes. */
export function sampleOf(node: ContractNode, type: string | undefined = firstType(node)): Data {
  const own = sampleValues[node.subject];
  if (own && type === firstType(node)) return own();
  const { fact } = node;
  switch (type) {
    case 'boolean':
      return true;
    case 'integer':
      return BigInt(Math.max(fact?.minimum ?? 1, Math.min(1, fact?.maximum ?? 1)));
    case 'enum':
      return longestTaken(node);
    case 'path':
      return '/usr/share';
    case 'array':
      return fact?.mustContain !== undefined ? [fact.mustContain] : node.element ? [sampleOf(node.element)] : [];
    case 'table':
    case 'map':
      return tableFor(node, '');
    default:
      return 'example';
  }
}

/** A table of this place with what must stand in it beside one member with this value, which the caller adds. */
export function tableFor(node: ContractNode, member: string, value?: Data): DataTable {
  const table = emptyTable();
  for (const [name, inner] of node.members) if (name !== member && inner.fact?.required) table[name] = sampleOf(inner);
  const [variant] = node.variants.keys();
  const isVariantMember = member.startsWith('(');
  const type = isVariantMember ? member.slice(1, -1) : variant;
  if (type !== undefined && member !== 'type') Object.assign(table, variantTable(node, type));
  if (node.wildcard && node.members.size === 0 && member === '')
    table[sampleName(node.wildcard.subject)] = sampleOf(node.wildcard);
  return Object.assign(table, neededMembers[node.subject]?.(member, value));
}

function variantTable(node: ContractNode, type: string): Readonly<Record<string, Data>> {
  const required = [...(node.variants.get(type)?.members ?? [])].filter(([, inner]) => inner.fact?.required);
  return { type, ...Object.fromEntries(required.map(([name, inner]) => [name, sampleOf(inner)])) };
}

/** The first of a place's types; a place without a fact of its own is what stands below it. */
export function firstType(node: ContractNode): string | undefined {
  return typesOf(node)[0];
}

/** The value of an enumeration that most releases take. */
function longestTaken(node: ContractNode): string {
  const span = (fact: Fact): number => {
    const at = fact.ranges.findIndex(({ effect }) => effect === 'enforced');
    return at < 0 ? Number.POSITIVE_INFINITY : at + (fact.ranges.at(-1)?.effect === 'enforced' ? 0 : 100);
  };
  const texts = [...node.values].filter(([text]) => /^[^<[{]/.test(text));
  return texts.sort(([, a], [, b]) => span(a) - span(b))[0]?.[0] ?? 'example';
}

/**
 * Whether more than the file decides how an app-server starts with this subject: a login, a server, a certificate.
 * Then the command line alone is asked.
 */
export function needsTheOutside(subject: string): boolean {
  return /^config_server|[.]tls[.]|^model_catalog_json/.test(subject) && !subject.endsWith('<unknown>');
}

/** Whether a refusal says that the file was taken and that something beyond it was missing. */
export function isAboutTheOutside(message: string): boolean {
  return /^Sign in to the configuration server|^Failed to load cloud config bundle|must contain at least one model/.test(
    message,
  );
}

/** Whether a subject's value has a form that is not described: no sample is good. */
export function isUndescribed({ subject }: ContractNode): boolean {
  return subject === 'permissions.<profile>.network.mitm.hooks.<name>.body';
}
