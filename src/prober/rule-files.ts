import type { DataTable } from '../source/document.ts';
import { parseToml } from '../source/toml.ts';

// Files that break one rule each. They stand here and not in the tests because a new release is asked about them. One
// table, and so the longest file of the house: who adds a rule adds a line.

/** A file with one hook, whose command exists; lines beside the command, and lines of its group. */
function hook(beside: string, event = 'PreToolUse', group = ''): string {
  return handler(`type = "command"\ncommand = "/usr/bin/true"\n${beside}`, event, group);
}

function handler(lines: string, event = 'PreToolUse', group = ''): string {
  return `[hooks]\nmanaged_dir = "/usr/share"\n[[hooks.${event}]]\n${group}\n[[hooks.${event}.hooks]]\n${lines}`;
}

/** A file whose default is a profile of its own. */
function profile(lines: string): string {
  return `default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\n${lines}`;
}

/** A profile whose network has the hook `a`, which takes the action `a`. */
function action(lines: string): string {
  return profile(`network.mitm.version = 2
network.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }
${lines}`);
}

/** A model provider behind a gateway that gives tokens. */
function gateway(lines: string): string {
  return `[model_providers.mine]
name = "Mine"
base_url = "https://gateway.example.com"
[model_providers.mine.gateway_oauth]
authorization_url = "https://login.example.com/a"
token_url = "https://login.example.com/t"
${lines}`;
}

/** A file that breaks a rule, by the rule's subject. Rules about the folder of Codex itself have none: a room's is another. */
export const ruleFiles: Readonly<Record<string, string>> = {
  'rule:allowed-permission-undefined': 'allowed_permissions = [":workspace", "acme"]',
  'rule:application-domain-form': `[application.network]
domains = {"*.example.com" = "allow"}`,
  'rule:application-path-relative': `[application.storage]
default_project_parent = "~bob/x"`,
  'rule:codex-hooks-switched-off': hook(`[feature_requirements]
codex_hooks = false`),
  'rule:codex-hooks-switched-off-twice': `features = { codex_hooks = false, hooks = true }
[hooks]
managed_dir = "/h"
[[hooks.PreToolUse]]
[[hooks.PreToolUse.hooks]]
type = "command"
command = "/x"`,
  'rule:command-blank': handler(`type = "command"
command = " \\t"`),
  'rule:command-windows-twice': hook(`command_windows = "a"
commandWindows = "a"`),
  'rule:config-server-client-blank': `[config_server]
base_url = "https://config.example.com"
[config_server.oauth]
authorization_url = "https://login.example.com/a"
token_url = "https://login.example.com/t"
client_id = " "`,
  'rule:config-server-https': `[config_server]
base_url = "http://a.example"`,
  'rule:default-approval-missing': 'allowed_approval_policies = ["untrusted"]',
  'rule:default-permissions-missing': 'allowed_permission_profiles = {":read-only" = true}',
  'rule:default-permissions-not-allowed': 'default_permissions = ":read-only"',
  'rule:default-profile-excluded': `allowed_sandbox_modes = ["read-only"]
default_permissions = "acme"
allowed_permission_profiles = {acme = true}
[permissions.acme]
extends = ":workspace"`,
  'rule:default-profile-excluded-newer': `allowed_sandbox_modes = ["read-only"]
default_permissions = "acme"
allowed_permission_profiles = {acme = true}
[permissions.acme]
extends = ":workspace"`,
  'rule:deny-read-empty-class': `[permissions.filesystem]
deny_read = ["/srv/keys[]"]`,
  'rule:deny-read-form': `[permissions.filesystem]
deny_read = ["/a/{b,c}"]`,
  'rule:deny-read-granted': profile(`extends = ":workspace"
[permissions.acme.filesystem]
"/srv/keys/a" = "read"
[permissions.filesystem]
deny_read = ["/srv/keys"]`),
  'rule:deny-read-long-folder': `[permissions.filesystem]
deny_read = ["/srv/${'x'.repeat(256)}/*.key"]`,
  'rule:deny-read-lost-wildcard': `[permissions.filesystem]
deny_read = ["/srv/*/.."]`,
  'rule:deny-read-pattern': `[permissions.filesystem]
deny_read = ["/srv/*.{pem,key"]`,
  'rule:deny-read-root-pattern': `[permissions.filesystem]
deny_read = ["/**/*.env"]`,
  'rule:deny-read-unbounded': `default_permissions = ":danger-full-access"
allowed_permission_profiles = { ":danger-full-access" = true }
[permissions.filesystem]
deny_read = ["/srv/keys"]`,
  'rule:deny-read-unbounded-workspace': profile(`extends = ":workspace"
[permissions.acme.filesystem]
":root" = "write"
[permissions.filesystem]
deny_read = ["/srv/keys"]`),
  'rule:exporter-twice': `[otel.exporter]
otlp-http = { endpoint = "https://a.example", protocol = "json" }
otlp-grpc = { endpoint = "https://a.example" }`,
  'rule:features-twice': `[features]
hooks = true
[feature_requirements]
apps = false`,
  'rule:field-dropped': hook('additionalContextLimit = 10', 'Stop'),
  'rule:flag-code-mode-needed': `[features]
code_mode = false
code_mode_only = true`,
  'rule:flag-hooks-named-twice': `[features]
hooks = true
codex_hooks = false`,
  'rule:flag-images-named-twice': `[features]
imagegenext = true
image_generation = false`,
  'rule:flag-js-repl-needed': `[features]
js_repl_tools_only = true`,
  'rule:flag-multi-agent-needed': `[features]
collab = false
enable_fanout = true`,
  'rule:flag-named-twice': `[features]
apps = false
connectors = true`,
  'rule:flag-patch-named-twice': `[features]
include_apply_patch_tool = false
apply_patch_freeform = true`,
  'rule:gateway-address-form': gateway(`client_id = "codex"
device_authorization_url = "https://me@login.example.com"`),
  'rule:gateway-address-missing': `[model_providers.mine]
name = "Mine"
gateway_oauth.credential_export.command = "/x"`,
  'rule:gateway-client-blank': gateway('client_id = " "'),
  'rule:gateway-cookie-scheme': gateway(`client_id = "codex"
delivery = { kind = "cookie", name = "gateway", scheme = "Bearer" }`),
  'rule:gateway-delivery-form': gateway(`client_id = "codex"
delivery = { kind = "header", name = "X Gateway" }`),
  'rule:gateway-header-authorization': gateway(`client_id = "codex"
delivery = { kind = "header", name = "Authorization" }`),
  'rule:gateway-header-reserved': gateway(`client_id = "codex"
delivery = { kind = "header", name = "X-Codex-Gateway" }`),
  'rule:gateway-header-twice': `[model_providers.mine]
name = "Mine"
base_url = "https://gateway.example.com"
http_headers = { x-gateway = "a" }
[model_providers.mine.gateway_oauth]
authorization_url = "https://login.example.com/a"
token_url = "https://login.example.com/t"
client_id = "codex"
delivery = { kind = "header", name = "X-Gateway" }`,
  'rule:gateway-source-missing': gateway(''),
  'rule:gateway-two-sources': gateway(`client_id = "codex"
credential_export = { command = "/x" }`),
  'rule:handler-refused': `[[hooks.SessionEnd]]
[[hooks.SessionEnd.hooks]]
type = "mcp_tool"
server = "a"
tool = "b"`,
  'rule:hooks-switched-off': hook(`[features]
hooks = false`),
  'rule:identity-command-ignored': `[mcp_servers.a.identity]
command = { executable = "x", args = [] }
url = "https://a.example.com/"`,
  'rule:identity-empty': '[mcp_servers.a.identity]',
  'rule:identity-url-ignored': `[mcp_servers.a.identity]
command = "x"
url = "https://a.example"`,
  'rule:identity-with-stranger': `[mcp_servers.a.identity]
command = { executable = "x", args = [] }
name = "x"`,
  'rule:instructions-too-long': `additional_developer_instructions = "${'x'.repeat(39832)}"`,
  'rule:justification-blank': `[rules]
prefix_rules = [{pattern=[{token="a"}], decision="forbidden", justification=" "}]`,
  'rule:log-dir-impossible': 'log_dir = "/a\\u0000b"',
  'rule:log-dir-too-long': `log_dir = "${'/team'.repeat(98)}x"`,
  'rule:login-impossible': `allowed_login_methods = ["chatgpt"]
allowed_chatgpt_workspaces = []`,
  'rule:login-without-workspace': `allowed_login_methods = ["chatgpt", "api"]
allowed_chatgpt_workspaces = []`,
  'rule:managed-dir-missing': `[[hooks.Stop]]
[[hooks.Stop.hooks]]
type = "command"
command = "/x"`,
  'rule:managed-dir-relative': `[hooks]
managed_dir = "h"
[[hooks.PreToolUse]]
[[hooks.PreToolUse.hooks]]
type = "command"
command = "/x"`,
  'rule:match-expression-refused': `[mcp_servers.a.identity]
url = {match="regex", expression="("}`,
  'rule:match-with-foreign-member': `[mcp_servers.a.identity]
url = {match="exact", value="x", expression="x"}`,
  'rule:match-without-value': `[mcp_servers.a.identity]
url = {match="regex", value="x"}`,
  'rule:matcher-dropped': hook('', 'Stop', 'matcher = "x"'),
  'rule:matcher-refused': hook('', 'PreToolUse', 'matcher = "^(?!x)"'),
  'rule:mitm-action-empty': profile('network.mitm.actions.a.strip_request_headers = []'),
  'rule:mitm-action-secrets-alone': profile(
    'network.mitm.actions.a.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }',
  ),
  'rule:mitm-actions-twice': profile(`network.mitm.version = 2
network.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a", "b"] }
network.mitm.actions.a.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }
network.mitm.actions.b.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }`),
  'rule:mitm-header-form': action(
    'network.mitm.actions.a = { inject_request_headers = [{ name = "x-token", secret_file = "token" }] }',
  ),
  'rule:mitm-hook-form': profile(
    'network.mitm.hooks.a = { host = "a.example", methods = [], path_prefixes = ["/"], action = ["a"] }',
  ),
  'rule:mitm-placeholder-form': action(
    'network.mitm.actions.a = { inject_request_headers = [{ name = "x-token", secret_env_var = "A", placeholder = "" }] }',
  ),
  'rule:mitm-secret-form': action(
    'network.mitm.actions.a = { aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us east", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } } }',
  ),
  'rule:mitm-secret-twice': action(
    'network.mitm.actions.a = { aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B", file = "/b" } } }',
  ),
  'rule:mitm-user-agent': action(
    'network.mitm.actions.a = { inject_request_headers = [{ name = "User-Agent", secret_env_var = "A" }] }',
  ),
  'rule:mitm-version-missing': profile(
    'network.mitm.hooks.a = { ports = [443], host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }',
  ),
  'rule:model-catalog-folder': 'model_catalog_json = "/"',
  'rule:model-slug-form': `[auto_review]
required_on_models = ["openai/gpt-5"]`,
  'rule:network-all-domains': `[experimental_network]
domains = {"*" = "deny"}`,
  'rule:network-allowed-and-denied': `[experimental_network]
allowed_domains = ["b.example", "a.example"]
denied_domains = ["a.example"]`,
  'rule:network-domain-form': `[experimental_network]
enabled = true
[experimental_network.domains]
"https://a.com" = "allow"`,
  'rule:network-domain-pattern': `[experimental_network]
enabled = true
domains = { "a[b" = "allow" }`,
  'rule:network-domain-pattern-off': `[experimental_network]
domains = { "a}" = "allow" }`,
  'rule:network-domains-twice': `[experimental_network]
allowed_domains = ["a.example"]
domains = {"b.example" = "allow"}`,
  'rule:network-socket-relative': `[experimental_network]
enabled = true
allow_unix_sockets = ["a.sock"]`,
  'rule:network-socket-relative-off': `[experimental_network]
unix_sockets = { "a.sock" = "allow" }`,
  'rule:network-sockets-twice': `[experimental_network]
allow_unix_sockets = ["/a"]
unix_sockets = {"/b" = "allow"}`,
  'rule:network-taken-for-profile': `[permissions.network]
enabled = true`,
  'rule:network-taken-for-profile-alone': `[permissions.network]
enabled = true`,
  'rule:network-twice': `[experimental_network]
enabled = true
[network_proxy]
enabled = true`,
  'rule:otel-endpoint-form': `[otel.exporter.otlp-http]
endpoint = "https://otel example.com/v1"
protocol = "json"`,
  'rule:otel-endpoint-host': `[otel.trace_exporter.otlp-grpc]
endpoint = "https://[::1]:4317"`,
  'rule:permission-profile-undefined': `default_permissions = ":read-only"
allowed_permission_profiles = {":read-only" = true, acme = true}`,
  'rule:profile-base-refused': profile(`extends = "b"
[permissions.b]
extends = "acme"`),
  'rule:profile-depth-zero': profile('filesystem.glob_scan_max_depth = 0'),
  'rule:profile-empty-class': profile('filesystem."/srv/*[]x" = "deny"'),
  'rule:profile-name-reserved': `default_permissions = ":x"
allowed_permission_profiles = { ":x" = true }
[permissions.":x"]`,
  'rule:profile-named-network': `default_permissions = "network"
allowed_permission_profiles = { network = true }
[permissions.network]
extends = ":workspace"`,
  'rule:profile-long-folder': profile(`filesystem."/srv/${'x'.repeat(256)}/**" = "deny"`),
  'rule:profile-lost-wildcard': profile('filesystem."/srv/*/.." = "deny"'),
  'rule:profile-network-denies-all': profile('network = { domains = { "*" = "deny" } }'),
  'rule:profile-path-dotted': profile('filesystem = { ":workspace_roots" = { "docs/." = "deny" } }'),
  'rule:profile-path-drive': profile('filesystem."/C:/x" = "read"'),
  'rule:profile-path-form': profile('filesystem = { "a" = "read" }'),
  'rule:profile-path-nested': profile('filesystem = { ":tmpdir" = { "x" = "read" } }'),
  'rule:profile-path-nul': profile('filesystem."/srv/a\\u0000" = "read"'),
  'rule:profile-path-unknown': profile('filesystem = { ":cwd" = "read" }'),
  'rule:profile-pattern-access': profile('filesystem = { "/a/*" = "read" }'),
  'rule:profile-pattern-broken': profile('filesystem."/srv/*[z-a]" = "deny"'),
  'rule:profile-pattern-folder': profile('filesystem."/srv{" = { "*.x" = "deny" }'),
  'rule:profile-project-roots': profile('filesystem = { ":project_roots" = "read" }'),
  'rule:profile-root-pattern': profile('filesystem."/*.env" = "none"'),
  'rule:profile-windows-root': profile(`workspace_roots = { 'C:\\x' = true }`),
  'rule:profile-workspace-denied': profile(`extends = ":workspace"
[permissions.acme.filesystem]
":workspace_roots" = "deny"`),
  'rule:profiles-without-choice': `[permissions.acme]
extends = ":workspace"`,
  'rule:profiles-without-default': `[permissions.acme]
description = "x"`,
  'rule:provider-auth-twice': `[model_providers.mine]
name = "Mine"
env_key = "TOKEN"
auth.command = "/x"`,
  'rule:provider-aws-elsewhere': `[model_providers.mine]
name = "Mine"
[model_providers.mine.aws]
region = "eu-central-1"`,
  'rule:provider-built-in-changed': `[model_providers.amazon-bedrock]
request_max_retries = 3`,
  'rule:provider-catalog-host': `[model_providers.openai]
model_catalog_url = "https://models.example.com"`,
  'rule:provider-catalog-nowhere': `model_provider = "mine"
[model_providers.mine]
name = "Mine"
model_catalog_url = "models"`,
  'rule:provider-command-blank': `[model_providers.mine]
name = "Mine"
auth.command = " "`,
  'rule:provider-credential-file-relative': `[model_providers.gcp]
credential_file = "~/google.json"`,
  'rule:provider-export-with-profile': `[model_providers.amazon-bedrock]
aws = { profile = "a", credential_export = { command = "/x" } }`,
  'rule:provider-google-changed': `[model_providers.gcp]
request_max_retries = 3`,
  'rule:provider-google-nameless': `[model_providers.gcp]
base_url = "https://a.example"`,
  'rule:provider-google-undefined': 'model_provider = "gcp"',
  'rule:provider-name-blank': `[model_providers.a]
name = " "`,
  'rule:provider-name-missing': `[model_providers.mine]
base_url = "https://models.example.com/"`,
  'rule:provider-openai-changed': `[model_providers.openai]
supports_websockets = true`,
  'rule:provider-openai-defined': `[model_providers.openai]
supports_websockets = false`,
  'rule:provider-reserved': `[model_providers.ollama]
name = "Mine"`,
  'rule:provider-undefined': 'model_provider = "gateway"',
  'rule:sqlite-home-impossible': `sqlite_home = "/${'a'.repeat(256)}"`,
  'rule:timeout-cut': hook('timeout = 30', 'SessionEnd'),
  'rule:token-and-any-of': `[rules]
prefix_rules = [{pattern=[{token="a", any_of=["b"]}], decision="forbidden"}]`,
  'rule:token-blank': `[rules]
prefix_rules = [{pattern=[{any_of=["a", "\\t"]}], decision="forbidden"}]`,
  'rule:token-missing': `[rules]
prefix_rules = [{pattern=[{tokenn="a"}], decision="forbidden"}]`,
  'rule:tool-blank': handler(
    `type = "mcp_tool"
server = " "
tool = "b"`,
    'Stop',
  ),
  'rule:tool-input-form': handler(
    `type = "mcp_tool"
server = "a"
tool = "b"
input = { x = [nan] }`,
    'Stop',
  ),
};

/** The file that breaks a rule; undefined of a rule that has none. */
export function ruleFile(subject: string): DataTable | undefined {
  const text = ruleFiles[subject];
  return text === undefined ? undefined : parseToml({ name: subject, text }).value?.value;
}
