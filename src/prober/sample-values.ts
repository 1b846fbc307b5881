import { type Data, type DataTable, emptyTable } from '../source/document.ts';

/** A table of plain members, such as the judge and the TOML writer take. */
export function tableOf(members: Readonly<Record<string, Data>>): DataTable {
  return Object.assign(emptyTable(), members);
}

/** Where the actions of a profile's network stand. */
export const mitmActions = 'permissions.<profile>.network.mitm.actions.<name>';

/** Values whose form Codex checks beyond the type, by subject. */
export const sampleValues: Readonly<Record<string, () => Data>> = {
  allowed_approval_policies: () => ['on-request', 'untrusted'],
  'allowed_permission_profiles.<profile>': () => true,
  allowed_permission_profiles: () => tableOf({ ':workspace': true, ':read-only': true }),
  'allowed_permissions[]': () => ':read-only',
  allowed_permissions: () => [':read-only', ':workspace'],
  allowed_login_methods: () => ['api', 'chatgpt'],
  'apps.<id>.tools.<tool>.analytics_result_source.format': () => 'json_pointer',
  'apps.<id>.tools.<tool>.analytics_result_source.type': () => 'structured_content',
  chatgpt_base_url: () => 'https://chatgpt.example.com/backend-api/',
  'config_server.base_url': () => 'https://config.example.com/',
  'config_server.oauth.authorization_url': () => 'https://login.example.com/authorize',
  'config_server.oauth.device_authorization_url': () => 'https://login.example.com/device',
  'config_server.oauth.resource': () => 'https://config.example.com/',
  'config_server.oauth.token_url': () => 'https://login.example.com/token',
  default_permissions: () => ':workspace',
  'experimental_network.allowed_domains[]': () => 'example.com',
  'experimental_network.denied_domains[]': () => 'example.org',
  'experimental_network.review_domains[]': () => 'example.net',
  'experimental_network.header_injections[].host': () => 'api.example.com',
  'experimental_network.header_injections[].methods[]': () => 'GET',
  'experimental_network.header_injections[].path_prefixes[]': () => '/v1',
  'hooks.<Event>[].hooks[](command).command': () => '/usr/bin/true',
  'hooks.<Event>[].matcher': () => 'Bash',
  'hooks.managed_dir': () => '/usr/share',
  'marketplaces.allowed_sources.<name>.url': () => 'https://git.example.com/plugins.git',
  'marketplaces.allowed_sources.<name>.host_pattern': () => '^git[.]example[.]com$',
  model_catalog_json: () => '/room/models.json',
  model_provider: () => 'openai',
  'model_providers.<id>.base_url': () => 'https://models.example.com/v1',
  'model_providers.<id>.model_catalog_url': () => 'https://models.example.com/catalog',
  'model_providers.<id>.capabilities': () => tableOf({}),
  'model_providers.<id>.gateway_oauth.authorization_url': () => 'https://login.example.com/authorize',
  'model_providers.<id>.gateway_oauth.device_authorization_url': () => 'https://login.example.com/device',
  'model_providers.<id>.gateway_oauth.token_url': () => 'https://login.example.com/token',
  'models.new_thread.model_reasoning_effort': () => 'high',
  'permissions.<profile>.extends': () => ':workspace',
  'permissions.<profile>.network.mitm.actions': () => tableOf({}),
  'permissions.<profile>.network.mitm.hooks': () => tableOf({}),
  'permissions.network': () => tableOf({ enabled: true }),
  'permissions.<profile>.network.mitm.version': () => 2n,
  [`${mitmActions}.body_secret_substitution.replacements[].placeholder`]: () => 'EXAMPLE_PLACEHOLDER',
  'permissions.<profile>.network.mitm.hooks.<name>.schemes[]': () => 'https',
  'permissions.<profile>.network.mitm.hooks.<name>.ports[]': () => 443n,
  'permissions.<profile>.network.proxy_url': () => 'http://127.0.0.1:43128',
  'permissions.<profile>.network.socks_url': () => 'http://127.0.0.1:48081',
  'remote_sandbox_config[].hostname_patterns[]': () => '*',
  sqlite_home: () => '/room/sqlite',
  log_dir: () => '/room/log',
};
