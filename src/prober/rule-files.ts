import { type Data, type DataTable, isTable } from '../source/document.ts';
import { tableOf } from './sample-values.ts';

interface Plain {
  readonly [key: string]: Data | Plain | readonly Plain[];
}

/** Plain objects as tables, at every depth. */
function file(plain: Plain): DataTable {
  const deep = (value: Data | Plain | readonly Plain[]): Data => {
    if (Array.isArray(value)) return value.map((item: Data | Plain) => deep(item));
    if (typeof value !== 'object' || isTable(value as Data)) return value as Data;
    return tableOf(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deep(inner as Data)])));
  };
  return deep(plain) as DataTable;
}

const command = { type: 'command', command: '/usr/bin/true' };

function hook(group: Plain, event = 'PreToolUse'): DataTable {
  return file({ hooks: { managed_dir: '/usr/share', [event]: [group] } });
}

function prefixRule(rule: Plain): DataTable {
  return file({ rules: { prefix_rules: [{ pattern: [{ token: 'example' }], decision: 'prompt', ...rule }] } });
}

function identity(command_: Plain): DataTable {
  return file({ mcp_servers: { example: { identity: command_ } } });
}

/** A file that breaks a rule, by the rule's subject. What no file on one Linux machine shows has none. */
export const ruleFiles: Readonly<Record<string, () => DataTable>> = {
  'rule:application-domain-form': () => file({ application: { network: { domains: { '*.example.com': 'allow' } } } }),
  'rule:command-windows-twice': () =>
    hook({ hooks: [{ ...command, command_windows: 'example.exe', commandWindows: 'example.exe' }] }),
  'rule:config-server-https': () =>
    file({
      config_server: {
        base_url: 'http://config.example.com/',
        oauth: {
          authorization_url: 'https://login.example.com/authorize',
          token_url: 'https://login.example.com/token',
          client_id: 'example',
        },
      },
    }),
  'rule:default-permissions-missing': () => file({ allowed_permission_profiles: { ':workspace': true } }),
  'rule:default-permissions-not-allowed': () =>
    file({ default_permissions: ':workspace', allowed_permission_profiles: { ':read-only': true } }),
  'rule:features-twice': () => file({ features: { shell_tool: true }, feature_requirements: { shell_tool: true } }),
  'rule:handler-refused': () =>
    hook({ hooks: [{ type: 'mcp_tool', server: 'example', tool: 'example' }] }, 'SessionEnd'),
  'rule:justification-blank': () => prefixRule({ justification: '  ' }),
  'rule:match-expression-refused': () => identity({ url: { match: 'regex', expression: '(?!example)' } }),
  'rule:match-without-value': () => identity({ url: { match: 'exact' } }),
  'rule:matcher-refused': () => hook({ matcher: '^(?!Bash)', hooks: [command] }),
  'rule:mitm-action-empty': () =>
    file({
      default_permissions: 'example',
      allowed_permission_profiles: { example: true, ':read-only': true },
      permissions: { example: { network: { mitm: { actions: { example: { strip_request_headers: [] } } } } } },
    }),
  'rule:network-all-domains': () => file({ experimental_network: { domains: { '*': 'deny' } } }),
  'rule:network-domains-twice': () =>
    file({ experimental_network: { domains: { 'example.com': 'allow' }, denied_domains: ['example.org'] } }),
  'rule:network-sockets-twice': () =>
    file({
      experimental_network: { unix_sockets: { '/run/a.sock': 'allow' }, allow_unix_sockets: ['/run/b.sock'] },
    }),
  'rule:network-twice': () => file({ experimental_network: { enabled: true }, network_proxy: { enabled: true } }),
  'rule:permission-profile-undefined': () =>
    file({ default_permissions: ':workspace', allowed_permission_profiles: { ':workspace': true, ghost: true } }),
  'rule:profiles-without-default': () => file({ permissions: { example: { extends: ':workspace' } } }),
  'rule:provider-aws-elsewhere': () => file({ model_providers: { example: { name: 'example', aws: {} } } }),
  'rule:provider-built-in-changed': () => file({ model_providers: { 'amazon-bedrock': { name: 'example' } } }),
  'rule:provider-name-missing': () => file({ model_providers: { example: { name: '' } } }),
  'rule:token-missing': () => prefixRule({ pattern: [{ example: 'example' }] }),
  'rule:token-and-any-of': () => prefixRule({ pattern: [{ token: 'example', any_of: ['sample'] }] }),
};
