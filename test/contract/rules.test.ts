import { expect, test } from 'vitest';
import { keepsSecrets } from '../../src/contract/rules/http-forms.ts';
import { rareFamilies } from '../../src/contract/rules/rare.ts';
import { usualFamilies } from '../../src/contract/rules/usual.ts';
import type { CodexVersion } from '../../src/contract/version.ts';
import { validate } from '../../src/validate.ts';
import { packageData } from '../support/policies.ts';

function codesOn(toml: string, version = '0.169.0'): string[] {
  const { diagnostics } = validate({ name: 'x', text: toml }, [version as CodexVersion], packageData.contract);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.map(({ location, code }) => `${location.line}:${location.column} ${code}`);
}

const hook = (lines: string, event = 'PreToolUse', group = ''): string =>
  `[hooks]\nmanaged_dir = "/h"\n[[hooks.${event}]]\n${group}[[hooks.${event}.hooks]]\ntype = "command"\ncommand = "/x"\n${lines}`;

const tool = (lines: string): string =>
  `[hooks]\nmanaged_dir = "/h"\n[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "mcp_tool"\n${lines}`;

const profile = (lines: string): string =>
  `default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\n${lines}`;

/** A file that breaks the rule, where that shows, and the same file set right. Each was given to the real binary. */
const cases: readonly (readonly [
  subject: string,
  broken: string,
  expected: string,
  right: string,
  version?: string,
])[] = [
  [
    'rule:features-twice',
    '[features]\nhooks = true\n[feature_requirements]\napps = false\n',
    '1:2 contract/file-refused',
    '[feature_requirements]\napps = false\n',
  ],
  [
    'rule:model-catalog-folder',
    'model_catalog_json = "models/.."\n',
    '1:1 contract/file-refused',
    'model_catalog_json = "/etc/codex/models.json"\n',
  ],
  [
    'rule:deny-read-long-folder',
    `[permissions.filesystem]\ndeny_read = ["/srv/${'x'.repeat(256)}/*.key"]\n`,
    '2:14 contract/session-fails',
    `[permissions.filesystem]\ndeny_read = ["/srv/${'x'.repeat(255)}/*.key", "/srv/${'x'.repeat(256)}", "/srv/*/${'x'.repeat(256)}"]\n`,
  ],
  [
    'rule:deny-read-lost-wildcard',
    '[permissions.filesystem]\ndeny_read = ["/srv/*/../keys"]\n',
    '2:14 contract/session-fails',
    '[permissions.filesystem]\ndeny_read = ["/srv/*/../*.key", "/srv/x/../keys"]\n',
  ],
  [
    'rule:profile-long-folder',
    profile(`filesystem = { "/srv/${'é'.repeat(128)}/**" = "deny" }\n`),
    '4:16 contract/session-fails',
    profile(`filesystem = { "/srv/${'é'.repeat(127)}/**" = "deny", "/srv/${'é'.repeat(128)}/**" = "read" }\n`),
  ],
  [
    'rule:profile-lost-wildcard',
    profile('filesystem = { "/srv/*/.." = "deny" }\n'),
    '4:16 contract/session-fails',
    profile('filesystem = { "/srv/*/x" = "deny" }\n'),
  ],
  [
    'rule:profile-path-nul',
    profile('filesystem = { "/srv/a\\u0000" = "read" }\n'),
    '4:16 contract/file-refused',
    profile('filesystem = { "/srv/a\\u0001" = "read" }\n'),
  ],
  [
    'rule:deny-read-granted',
    `${profile('extends = ":workspace"\n[permissions.acme.filesystem]\n"/srv/keys/a" = "read"\n')}[permissions.filesystem]\ndeny_read = ["/srv/keys"]\n`,
    '6:1 contract/start-refused',
    `${profile('extends = ":workspace"\n[permissions.acme.filesystem]\n"/srv/keys/a" = "deny"\n')}[permissions.filesystem]\ndeny_read = ["/srv/keys"]\n`,
  ],
  [
    'rule:deny-read-unbounded',
    'default_permissions = ":danger-full-access"\nallowed_permission_profiles = { ":danger-full-access" = true }\n[permissions.filesystem]\ndeny_read = ["/srv/keys"]\n',
    '1:1 contract/weakened',
    'default_permissions = ":workspace"\nallowed_permission_profiles = { ":workspace" = true }\n[permissions.filesystem]\ndeny_read = ["/srv/keys"]\n',
  ],
  [
    'rule:deny-read-unbounded-workspace',
    `${profile('extends = ":workspace"\n[permissions.acme.filesystem]\n":root" = "write"\n')}[permissions.filesystem]\ndeny_read = ["/srv/keys"]\n`,
    '1:1 contract/weakened',
    `${profile('extends = ":workspace"\n[permissions.acme.filesystem]\n":root" = "read"\n')}[permissions.filesystem]\ndeny_read = ["/srv/keys"]\n`,
  ],
  [
    'rule:profile-named-network',
    'default_permissions = "network"\nallowed_permission_profiles = { network = true }\n[permissions.network]\nextends = ":workspace"\n',
    '3:14 contract/file-refused',
    'default_permissions = "net"\nallowed_permission_profiles = { net = true }\n[permissions.net]\nextends = ":workspace"\n',
  ],
  [
    'rule:network-taken-for-profile',
    '[permissions.network]\nenabled = true\n',
    '1:14 contract/file-refused',
    '[experimental_network]\nenabled = true\n',
    '0.136.0',
  ],
  [
    'rule:network-taken-for-profile-alone',
    '[permissions.network]\nenabled = true\n',
    '1:14 contract/file-refused',
    '[experimental_network]\nenabled = true\n',
    '0.141.0',
  ],
  [
    'rule:default-profile-excluded-newer',
    'allowed_sandbox_modes = ["read-only"]\ndefault_permissions = "acme"\nallowed_permission_profiles = {acme = true}\n[permissions.acme]\nextends = ":workspace"\n',
    '2:1 contract/weakened',
    'allowed_sandbox_modes = ["read-only"]\ndefault_permissions = "acme"\nallowed_permission_profiles = {acme = true}\n[permissions.acme]\nextends = ":read-only"\n',
  ],
  [
    'rule:profile-workspace-denied',
    profile('extends = ":workspace"\n[permissions.acme.filesystem]\n":workspace_roots" = "deny"\n'),
    '6:1 contract/session-fails',
    profile('extends = ":workspace"\n[permissions.acme.filesystem]\n":workspace_roots" = "read"\n'),
  ],
  [
    'rule:network-allowed-and-denied',
    '[experimental_network]\nallowed_domains = ["b.example", "a.example"]\ndenied_domains = ["a.example"]\n',
    '2:33 contract/weakened',
    '[experimental_network]\nallowed_domains = ["b.example"]\ndenied_domains = ["a.example"]\n',
  ],
  [
    'rule:exporter-twice',
    '[otel.exporter]\notlp-http = { endpoint = "https://a.example", protocol = "json" }\notlp-grpc = { endpoint = "https://a.example" }\n',
    '3:1 contract/file-refused',
    '[otel.exporter]\notlp-grpc = { endpoint = "https://a.example" }\n',
  ],
  [
    'rule:instructions-too-long',
    `additional_developer_instructions = "${'x'.repeat(39_832)}"\n`,
    '1:1 contract/start-refused',
    `additional_developer_instructions = "${'x'.repeat(39_831)}"\n`,
  ],
  [
    'rule:codex-hooks-switched-off-twice',
    `features = { codex_hooks = false, hooks = true }\n${hook('')}`,
    '1:14 contract/hook-skipped',
    `features = { codex_hooks = true }\n${hook('')}`,
    '0.128.0',
  ],
  [
    'rule:flag-named-twice',
    '[features]\napps = false\nconnectors = true\n',
    '2:1 contract/weakened',
    '[features]\napps = false\nconnectors = false\n',
  ],
  [
    'rule:flag-hooks-named-twice',
    '[features]\nhooks = true\ncodex_hooks = false\n',
    '3:1 contract/weakened',
    '[features]\nhooks = true\n',
  ],
  [
    'rule:flag-images-named-twice',
    '[features]\nimagegenext = true\nimage_generation = false\n',
    '3:1 contract/weakened',
    '[features]\nimagegenext = false\nimage_generation = false\n',
  ],
  [
    'rule:flag-patch-named-twice',
    '[features]\ninclude_apply_patch_tool = false\napply_patch_freeform = true\n',
    '3:1 contract/weakened',
    '[features]\ninclude_apply_patch_tool = false\n',
    '0.128.0',
  ],
  [
    'rule:flag-code-mode-needed',
    '[features]\ncode_mode = false\ncode_mode_only = true\n',
    '2:1 contract/start-refused',
    '[features]\ncode_mode_only = true\n',
  ],
  [
    'rule:flag-multi-agent-needed',
    '[features]\ncollab = false\nenable_fanout = true\n',
    '2:1 contract/start-refused',
    '[features]\ncollab = true\nenable_fanout = true\n',
    '0.141.0',
  ],
  [
    'rule:flag-js-repl-needed',
    '[features]\njs_repl_tools_only = true\n',
    '2:1 contract/start-refused',
    '[features]\njs_repl = true\njs_repl_tools_only = true\n',
    '0.123.0',
  ],
  [
    'rule:command-windows-twice',
    hook('command_windows = "a"\ncommandWindows = "a"\n'),
    '7:1 contract/file-refused',
    hook('commandWindows = "a"\n'),
  ],
  [
    'rule:matcher-refused',
    hook('', 'PreToolUse', 'matcher = "^(?!x)"\n'),
    '4:1 contract/session-fails',
    hook('', 'PreToolUse', 'matcher = "^(?:x)"\n'),
  ],
  [
    'rule:timeout-cut',
    hook('timeout = 30\n', 'SessionEnd'),
    '7:1 contract/weakened',
    hook('timeout = 3\n', 'SessionEnd'),
  ],
  [
    'rule:timeout-unsigned',
    hook('timeout = 0x8000000000000000\n'),
    '7:1 contract/session-fails',
    hook('timeout = 0x7FFFFFFFFFFFFFFF\n'),
    '0.130.0',
  ],
  [
    'rule:field-dropped',
    hook('additionalContextLimit = 10\n', 'Stop'),
    '7:1 contract/weakened',
    hook('additionalContextLimit = 10\n', 'SessionStart'),
  ],
  [
    'rule:handler-refused',
    '[[hooks.SessionEnd]]\n[[hooks.SessionEnd.hooks]]\ntype = "mcp_tool"\nserver = "a"\ntool = "b"\n',
    '3:1 contract/session-fails',
    '[[hooks.SessionStart]]\n[[hooks.SessionStart.hooks]]\ntype = "mcp_tool"\nserver = "a"\ntool = "b"\n',
  ],
  [
    'rule:network-twice',
    '[experimental_network]\nenabled = true\n[network_proxy]\nenabled = true\n',
    '3:2 contract/file-refused',
    '[network_proxy]\nenabled = true\n',
  ],
  [
    'rule:token-and-any-of',
    '[rules]\nprefix_rules = [{pattern=[{token="a", any_of=["b"]}], decision="forbidden"}]\n',
    '2:39 contract/file-refused',
    '[rules]\nprefix_rules = [{pattern=[{token="a"}], decision="forbidden"}]\n',
  ],
  [
    'rule:justification-blank',
    '[rules]\nprefix_rules = [{pattern=[{token="a"}], decision="forbidden", justification=" "}]\n',
    '2:63 contract/file-refused',
    '[rules]\nprefix_rules = [{pattern=[{token="a"}], decision="forbidden", justification="x"}]\n',
  ],
  [
    'rule:network-domains-twice',
    '[experimental_network]\nallowed_domains = ["a.example"]\ndomains = {"b.example" = "allow"}\n',
    '3:1 contract/file-refused',
    '[experimental_network]\ndomains = {"b.example" = "allow"}\n',
  ],
  [
    'rule:network-sockets-twice',
    '[experimental_network]\nallow_unix_sockets = ["/a"]\nunix_sockets = {"/b" = "allow"}\n',
    '3:1 contract/file-refused',
    '[experimental_network]\nunix_sockets = {"/b" = "allow"}\n',
  ],
  [
    'rule:network-all-domains',
    '[experimental_network]\ndomains = {"*" = "deny"}\n',
    '2:12 contract/file-refused',
    '[experimental_network]\ndomains = {"*.example.com" = "deny"}\n',
  ],
  [
    'rule:default-permissions-not-allowed',
    'default_permissions = ":read-only"\n',
    '1:1 contract/file-refused',
    'default_permissions = ":read-only"\nallowed_permission_profiles = {":read-only" = true}\n',
  ],
  [
    'rule:permission-profile-undefined',
    'default_permissions = ":read-only"\nallowed_permission_profiles = {":read-only" = true, acme = true}\n',
    '2:53 contract/file-refused',
    'default_permissions = ":read-only"\nallowed_permission_profiles = {":read-only" = true, acme = true}\n[permissions.acme]\nextends = ":workspace"\n',
  ],
  [
    'rule:default-permissions-missing',
    'allowed_permission_profiles = {":read-only" = true}\n',
    '1:1 contract/file-refused',
    'allowed_permission_profiles = {":read-only" = true, ":workspace" = true}\n',
  ],
  [
    'rule:profiles-without-default',
    '[permissions.acme]\ndescription = "x"\n',
    '1:14 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = {acme = true}\n[permissions.acme]\nextends = ":workspace"\n',
  ],
  [
    'rule:application-domain-form',
    '[application.network]\ndomains = {"*.example.com" = "allow"}\n',
    '2:12 contract/file-refused',
    '[application.network]\ndomains = {"example.com" = "allow"}\n',
  ],
  [
    'rule:config-server-https',
    '[config_server]\nbase_url = "http://a.example"\n',
    '2:1 contract/file-refused',
    '[config_server]\nbase_url = "https://a.example"\n',
  ],
  [
    'rule:match-without-value',
    '[mcp_servers.a.identity]\nurl = {match="regex", value="x"}\n',
    '2:1 contract/file-refused',
    '[mcp_servers.a.identity]\nurl = {match="regex", expression="x"}\n',
  ],
  [
    'rule:match-expression-refused',
    '[mcp_servers.a.identity]\nurl = {match="regex", expression="("}\n',
    '2:23 contract/file-refused',
    '[mcp_servers.a.identity]\nurl = {match="regex", expression="()"}\n',
  ],
  ['rule:command-blank', hook('').replace('/x', ' \\t'), '6:1 contract/session-fails', hook('')],
  ['rule:hooks-switched-off', `${hook('')}[features]\nhooks = false\n`, '8:1 contract/hook-skipped', hook('')],
  [
    'rule:codex-hooks-switched-off',
    `${hook('')}[feature_requirements]\ncodex_hooks = false\n`,
    '8:1 contract/hook-skipped',
    `${hook('')}[feature_requirements]\ncodex_hooks = true\n`,
  ],
  ['rule:managed-dir-relative', hook('').replace('/h', 'h'), '2:1 contract/hook-skipped', hook(''), '0.130.0'],
  [
    'rule:matcher-dropped',
    hook('', 'Stop', 'matcher = "x"\n'),
    '4:1 contract/weakened',
    hook('', 'Stop', 'matcher = "*"\n'),
  ],
  [
    'rule:default-profile-excluded',
    'allowed_sandbox_modes = ["read-only"]\ndefault_permissions = "acme"\nallowed_permission_profiles = {acme = true}\n[permissions.acme]\nextends = ":workspace"\n',
    '2:1 contract/weakened',
    'allowed_sandbox_modes = ["read-only"]\ndefault_permissions = "acme"\nallowed_permission_profiles = {acme = true}\n[permissions.acme]\nextends = ":read-only"\n',
    '0.141.0',
  ],
  [
    'rule:network-domain-form',
    '[experimental_network]\nenabled = true\n[experimental_network.domains]\n"https://a.com" = "allow"\n',
    '4:1 contract/session-fails',
    '[experimental_network]\nenabled = true\n[experimental_network.domains]\n"**.a.com" = "allow"\n"[::1]:80" = "deny"\n',
  ],
  [
    'rule:network-socket-relative',
    '[experimental_network]\nenabled = true\nallow_unix_sockets = ["a.sock"]\n',
    '3:23 contract/session-fails',
    '[experimental_network]\nenabled = true\nunix_sockets = { "a.sock" = "deny", "/a" = "allow" }\n',
  ],
  [
    'rule:network-socket-relative-off',
    '[experimental_network]\nunix_sockets = { "a.sock" = "allow" }\n',
    '2:18 contract/session-fails',
    '[experimental_network]\nunix_sockets = { "/a.sock" = "allow" }\n',
    '0.149.0',
  ],
  [
    'rule:default-approval-missing',
    'allowed_approval_policies = ["untrusted"]\n',
    '1:1 contract/start-refused',
    'allowed_approval_policies = ["untrusted", "on-request"]\n',
    '0.94.0',
  ],
  [
    'rule:model-slug-form',
    '[auto_review]\nrequired_on_models = ["openai/gpt-5"]\n',
    '2:23 contract/file-refused',
    '[auto_review]\nrequired_on_models = ["gpt-5"]\n',
  ],
  [
    'rule:provider-catalog-nowhere',
    'model_provider = "a"\n[model_providers.a]\nname = "A"\nmodel_catalog_url = "models"\n',
    '4:1 contract/session-fails',
    'model_provider = "a"\n[model_providers.a]\nname = "A"\nmodel_catalog_url = "https://a.example/models"\n',
  ],
  [
    'rule:provider-name-blank',
    '[model_providers.a]\nname = " "\n',
    '2:1 contract/file-refused',
    '[model_providers.a]\nname = "A"\n',
  ],
  [
    'rule:profile-windows-root',
    profile("workspace_roots = { 'C:\\x' = true }\n"),
    '4:21 contract/file-refused',
    profile("workspace_roots = { '/x' = true }\n"),
  ],
  [
    'rule:identity-empty',
    '[mcp_servers.a.identity]\n',
    '1:16 contract/file-refused',
    '[mcp_servers.a.identity]\nurl = "https://a.example"\n',
  ],
  [
    'rule:identity-url-ignored',
    '[mcp_servers.a.identity]\ncommand = "x"\nurl = "https://a.example"\n',
    '3:1 contract/weakened',
    '[mcp_servers.a.identity]\ncommand = "x"\n',
  ],
  [
    'rule:match-with-foreign-member',
    '[mcp_servers.a.identity]\nurl = {match="exact", value="x", expression="x"}\n',
    '2:34 contract/file-refused',
    '[mcp_servers.a.identity]\nurl = {match="exact", value="x"}\n',
  ],
  [
    'rule:tool-blank',
    tool('server = " "\ntool = "b"\n'),
    '6:1 contract/session-fails',
    tool('server = "a"\ntool = "b"\n'),
  ],
  [
    'rule:tool-input-form',
    tool('server = "a"\ntool = "b"\ninput = { x = [nan] }\n'),
    '8:16 contract/file-refused',
    tool('server = "a"\ntool = "b"\ninput = { x = [1.5, 1979-05-27] }\n'),
  ],
  [
    'rule:token-blank',
    '[rules]\nprefix_rules = [{pattern=[{any_of=["a", "\\t"]}], decision="forbidden"}]\n',
    '2:41 contract/file-refused',
    '[rules]\nprefix_rules = [{pattern=[{any_of=["a", "b"]}], decision="forbidden"}]\n',
  ],
  [
    'rule:deny-read-form',
    '[permissions.filesystem]\ndeny_read = ["/a/{b,c}"]\n',
    '2:14 contract/file-refused',
    '[permissions.filesystem]\ndeny_read = ["/a/*.{b,c}", "~/x", "./x"]\n',
  ],
  [
    'rule:deny-read-own-folder',
    '[permissions.filesystem]\ndeny_read = ["~/"]\n',
    '2:14 contract/file-refused',
    '[permissions.filesystem]\ndeny_read = ["~/.ssh"]\n',
  ],
  [
    'rule:deny-read-own-helpers-newer',
    '[permissions.filesystem]\ndeny_read = ["~/.codex/tmp/arg0-linux"]\n',
    '2:14 contract/file-refused',
    '[permissions.filesystem]\ndeny_read = ["~/.codex/tmp/arg0", "~/.codex/sessions"]\n',
  ],
  [
    'rule:profile-own-helpers-newer',
    profile('filesystem."/opt" = { "~/.codex/tmp/arg0-linux" = "deny" }\n'),
    '4:23 contract/session-fails',
    profile('filesystem."/opt" = { "~/.codex/tmp/arg0" = "deny" }\n'),
  ],
  [
    'rule:profile-pattern-broken',
    profile('filesystem."/srv/*[z-a]" = "deny"\n'),
    '4:12 contract/session-fails',
    profile('filesystem."/srv/*[a-z]" = "deny"\n'),
  ],
  [
    'rule:profile-pattern-folder',
    profile('filesystem."/srv{" = { "*.x" = "deny" }\n'),
    '4:24 contract/file-refused',
    profile('filesystem."/srv{" = { x = "deny" }\n'),
  ],
  ['rule:log-dir-impossible', 'log_dir = "/a\\u0000b"\n', '1:1 contract/weakened', 'log_dir = "/a b"\n'],
  [
    'rule:log-dir-too-long',
    `log_dir = "${'/team'.repeat(98)}x"\n`,
    '1:1 contract/start-refused',
    `log_dir = "${'/team'.repeat(98)}"\n`,
    '0.166.0',
  ],
  [
    'rule:deny-read-own-helpers',
    '[permissions.filesystem]\ndeny_read = ["~/.codex/tmp/arg0"]\n',
    '2:14 contract/session-fails',
    '[permissions.filesystem]\ndeny_read = ["~/.codex/tmp/arg0-linux", "~/.codex/sessions"]\n',
    '0.162.0',
  ],
  [
    'rule:profile-own-helpers',
    profile('filesystem."~" = { ".codex/tmp/arg0" = "deny" }\n'),
    '4:20 contract/session-fails',
    profile('filesystem."~" = { ".codex/tmp/arg0-linux" = "deny" }\n'),
    '0.162.0',
  ],
  [
    'rule:deny-read-empty-class',
    '[permissions.filesystem]\ndeny_read = ["/srv/keys[]"]\n',
    '2:14 contract/session-fails',
    '[permissions.filesystem]\ndeny_read = ["/srv/keys[][a-z]"]\n',
    '0.166.0',
  ],
  [
    'rule:profile-empty-class',
    profile('filesystem."/srv/*[]x" = "deny"\n'),
    '4:12 contract/session-fails',
    profile('filesystem."/srv/*[]x]" = "deny"\n'),
    '0.166.0',
  ],
  [
    'rule:sqlite-home-impossible',
    `sqlite_home = "/${'a'.repeat(256)}"\n`,
    '1:1 contract/start-refused',
    `sqlite_home = "/${'a'.repeat(255)}"\n`,
  ],
  [
    'rule:deny-read-root-pattern',
    '[permissions.filesystem]\ndeny_read = ["/**/*.env"]\n',
    '2:14 contract/session-fails',
    '[permissions.filesystem]\ndeny_read = ["/srv/**/*.env", "**/*.env"]\n',
  ],
  [
    'rule:profile-base-refused',
    profile('extends = "b"\n[permissions.b]\nextends = "acme"\n'),
    '6:1 contract/file-refused',
    profile('extends = "b"\n[permissions.b]\nextends = ":read-only"\n'),
  ],
  [
    'rule:profile-name-reserved',
    profile('').replaceAll('acme', '":x"').replace('""', '"').replace('""', '"'),
    '3:14 contract/file-refused',
    profile(''),
  ],
  [
    'rule:profile-path-form',
    profile('filesystem = { "a" = "read" }\n'),
    '4:16 contract/file-refused',
    profile('filesystem = { "~/a" = "read", ":workspace_roots" = { "." = "write", "a/b" = "deny" } }\n'),
  ],
  [
    'rule:profile-path-dotted',
    profile('filesystem = { ":workspace_roots" = { "docs/." = "deny" } }\n'),
    '4:39 contract/session-fails',
    profile('filesystem = { ":workspace_roots" = { "docs/.a" = "deny", "a/." = "read" } }\n'),
  ],
  [
    'rule:profile-path-nested',
    profile('filesystem = { ":tmpdir" = { "x" = "read" } }\n'),
    '4:30 contract/file-refused',
    profile('filesystem = { ":tmpdir" = { "." = "read" } }\n'),
  ],
  [
    'rule:profile-pattern-access',
    profile('filesystem = { "/a/*" = "read" }\n'),
    '4:16 contract/file-refused',
    profile('filesystem = { "/a/*" = "deny", "/a/**" = "read" }\n'),
  ],
  [
    'rule:profile-path-unknown',
    profile('filesystem = { ":cwd" = "read" }\n'),
    '4:16 contract/weakened',
    profile('filesystem = { ":minimal" = "read" }\n'),
  ],
  [
    'rule:profile-project-roots',
    profile('filesystem = { ":project_roots" = "read" }\n'),
    '4:16 contract/weakened',
    profile('filesystem = { ":workspace_roots" = "read" }\n'),
    '0.148.0',
  ],
  [
    'rule:profile-network-denies-all',
    profile('network = { domains = { "*" = "deny" } }\n'),
    '4:25 contract/file-refused',
    profile('network = { domains = { "*" = "allow" } }\n'),
  ],
  [
    'rule:login-impossible',
    'allowed_login_methods = ["chatgpt"]\nallowed_chatgpt_workspaces = []\n',
    '1:1 contract/start-refused',
    'allowed_login_methods = ["api"]\nallowed_chatgpt_workspaces = []\n',
  ],
  [
    'rule:login-without-workspace',
    'allowed_login_methods = ["chatgpt", "api"]\nallowed_chatgpt_workspaces = []\n',
    '1:1 contract/weakened',
    'allowed_login_methods = ["chatgpt", "api"]\nallowed_chatgpt_workspaces = ["a"]\n',
  ],
  [
    'rule:application-path-relative',
    '[application.storage]\ndefault_project_parent = "~bob/x"\n',
    '2:1 contract/file-refused',
    '[application.storage]\ndefault_project_parent = "~/x"\nprojectless_workspace_root = "~"\n',
  ],
  [
    'rule:provider-undefined',
    'model_provider = "gateway"\n',
    '1:1 contract/start-refused',
    'model_provider = "gateway"\n[model_providers.gateway]\nname = "Gateway"\n',
  ],
  [
    'rule:provider-reserved',
    '[model_providers.ollama]\nname = "Mine"\n',
    '1:18 contract/start-refused',
    '[model_providers.mine]\nname = "Mine"\n',
  ],
  [
    'rule:provider-name-missing',
    '[model_providers.mine]\nbase_url = "https://models.example.com/"\n',
    '1:18 contract/file-refused',
    '[model_providers.amazon-bedrock]\nbase_url = "https://models.example.com/"\n',
  ],
  [
    'rule:provider-built-in-changed',
    '[model_providers.amazon-bedrock]\nrequest_max_retries = 3\n',
    '2:1 contract/start-refused',
    '[model_providers.amazon-bedrock]\nname = ""\nhttp_headers = { x = "y" }\nwire_api = "responses"\n',
  ],
  [
    'rule:provider-aws-elsewhere',
    '[model_providers.mine]\nname = "Mine"\n[model_providers.mine.aws]\nregion = "eu-central-1"\n',
    '3:23 contract/file-refused',
    '[model_providers.amazon-bedrock-runtime.aws]\nregion = "eu-central-1"\n',
  ],
  [
    'rule:provider-google-undefined',
    'model_provider = "gcp"\n',
    '1:1 contract/start-refused',
    'model_provider = "openai"\n',
    '0.164.0',
  ],
  [
    'rule:provider-openai-defined',
    '[model_providers.openai]\nsupports_websockets = false\n',
    '1:18 contract/start-refused',
    '[model_providers.mine]\nname = "Mine"\n',
    '0.165.0',
  ],
  [
    'rule:provider-openai-changed',
    '[model_providers.openai]\nsupports_websockets = true\n',
    '2:1 contract/start-refused',
    '[model_providers.openai]\nsupports_websockets = false\n',
  ],
  [
    'rule:provider-catalog-host',
    '[model_providers.openai]\nmodel_catalog_url = "https://models.example.com"\n',
    '2:1 contract/start-refused',
    '[model_providers.openai]\nmodel_catalog_url = "https://chatgpt.com/models"\n',
  ],
  [
    'rule:provider-google-changed',
    '[model_providers.gcp]\nrequest_max_retries = 3\n',
    '2:1 contract/start-refused',
    '[model_providers.gcp]\nproject_id = "acme"\n',
  ],
  [
    'rule:provider-google-nameless',
    '[model_providers.gcp]\nbase_url = "https://a.example"\n',
    '1:18 contract/file-refused',
    '[model_providers.gcp]\nname = "Google"\n',
    '0.164.0',
  ],
  [
    'rule:provider-command-blank',
    '[model_providers.mine]\nname = "Mine"\nauth.command = " "\n',
    '3:6 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nauth.command = "/x"\n',
  ],
  [
    'rule:provider-auth-twice',
    '[model_providers.mine]\nname = "Mine"\nenv_key = "TOKEN"\nauth.command = "/x"\n',
    '3:1 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nrequires_openai_auth = false\nauth.command = "/x"\n',
  ],
  [
    'rule:provider-export-with-profile',
    '[model_providers.amazon-bedrock]\naws = { profile = "a", credential_export = { command = "/x" } }\n',
    '2:9 contract/file-refused',
    '[model_providers.amazon-bedrock]\naws = { region = "a", credential_export = { command = "/x" } }\n',
  ],
  [
    'rule:provider-credential-file-relative',
    '[model_providers.gcp]\ncredential_file = "~/google.json"\n',
    '2:1 contract/file-refused',
    '[model_providers.gcp]\ncredential_file = "/google.json"\n',
  ],
  [
    'rule:gateway-address-missing',
    '[model_providers.mine]\nname = "Mine"\ngateway_oauth.credential_export.command = "/x"\n',
    '3:1 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "http://localhost:80"\ngateway_oauth.credential_export.command = "/x"\n',
  ],
  [
    'rule:gateway-address-form',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndevice_authorization_url = "https://me@login.example.com"\n',
    '8:1 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndevice_authorization_url = "http://127.0.0.1:80/d"\n',
  ],
  [
    'rule:gateway-client-blank',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = " "\n',
    '7:1 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\n',
  ],
  [
    'rule:gateway-source-missing',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\n',
    '4:23 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\n',
  ],
  [
    'rule:gateway-two-sources',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ncredential_export = { command = "/x" }\n',
    '8:1 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\n',
  ],
  [
    'rule:gateway-cookie-scheme',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "cookie", name = "gateway", scheme = "Bearer" }\n',
    '8:49 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "cookie", name = "gateway" }\n',
  ],
  [
    'rule:gateway-delivery-form',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X Gateway" }\n',
    '8:31 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X-Gateway" }\n',
  ],
  [
    'rule:gateway-header-reserved',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X-Codex-Gateway" }\n',
    '8:31 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X-Gateway" }\n',
  ],
  [
    'rule:gateway-header-authorization',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "Authorization" }\n',
    '8:31 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X-Gateway" }\n',
    '0.165.0',
  ],
  [
    'rule:gateway-header-twice',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\nhttp_headers = { x-gateway = "a" }\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X-Gateway" }\n',
    '9:31 contract/file-refused',
    '[model_providers.mine]\nname = "Mine"\nbase_url = "https://gateway.example.com"\nhttp_headers = { x-other = "a" }\n[model_providers.mine.gateway_oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\ndelivery = { kind = "header", name = "X-Gateway" }\n',
  ],
  [
    'rule:mitm-actions-twice',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a", "b"] }\nnetwork.mitm.actions.a.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }\nnetwork.mitm.actions.b.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }\n',
    '5:88 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a", "b"] }\nnetwork.mitm.actions.a.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }\nnetwork.mitm.actions.b.strip_request_headers = ["x-trace"]\n',
  ],
  [
    'rule:mitm-action-secrets-alone',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.actions.a.aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } }\n',
    '4:22 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.actions.a.strip_request_headers = ["x-trace"]\n',
    '0.163.0',
  ],
  [
    'rule:mitm-header-form',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { inject_request_headers = [{ name = "x-token", secret_file = "token" }] }\n',
    '6:74 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { inject_request_headers = [{ name = "x-token", secret_file = "/token" }] }\n',
  ],
  [
    'rule:mitm-placeholder-form',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { inject_request_headers = [{ name = "x-token", secret_env_var = "A", placeholder = "" }] }\n',
    '6:96 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { inject_request_headers = [{ name = "x-token", secret_env_var = "A", placeholder = "TOKEN" }] }\n',
  ],
  [
    'rule:mitm-secret-form',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us east", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } } }\n',
    '6:78 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B" } } }\n',
  ],
  [
    'rule:mitm-secret-twice',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { env_var = "B", file = "/b" } } }\n',
    '6:151 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { aws_sigv4 = { placeholder_access_key_id = "AKIA", region = "us-east-1", service = "s3", access_key_id = { env_var = "A" }, secret_access_key = { file = "/b" } } }\n',
  ],
  [
    'rule:mitm-user-agent',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { inject_request_headers = [{ name = "User-Agent", secret_env_var = "A" }] }\n',
    '6:56 contract/file-refused',
    'default_permissions = "acme"\nallowed_permission_profiles = { acme = true }\n[permissions.acme]\nnetwork.mitm.version = 2\nnetwork.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\nnetwork.mitm.actions.a = { inject_request_headers = [{ name = "x-agent", secret_env_var = "A" }] }\n',
  ],
  [
    'rule:network-domain-pattern',
    '[experimental_network]\nenabled = true\ndomains = { "a[b" = "allow" }\n',
    '3:13 contract/session-fails',
    '[experimental_network]\nenabled = true\ndomains = { "a.example" = "allow" }\n',
    '0.162.0',
  ],
  [
    'rule:network-domain-pattern-off',
    '[experimental_network]\ndomains = { "a}" = "allow" }\n',
    '2:13 contract/session-fails',
    '[experimental_network]\ndomains = { "{a,b}" = "allow" }\n',
    '0.149.0',
  ],
  [
    'rule:otel-endpoint-form',
    '[otel.exporter.otlp-http]\nendpoint = "https://otel example.com/v1"\nprotocol = "json"\n',
    '2:1 contract/start-refused',
    '[otel.exporter.otlp-http]\nendpoint = "https://otel.example.com/v1"\nprotocol = "json"\n',
  ],
  [
    'rule:otel-endpoint-host',
    '[otel.trace_exporter.otlp-grpc]\nendpoint = "https://[::1]:4317"\n',
    '2:1 contract/start-refused',
    '[otel.trace_exporter.otlp-grpc]\nendpoint = "https://127.0.0.1:4317"\n',
  ],
  [
    'rule:config-server-client-blank',
    '[config_server]\nbase_url = "https://config.example.com"\n[config_server.oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = " "\n',
    '6:1 contract/file-refused',
    '[config_server]\nbase_url = "https://config.example.com"\n[config_server.oauth]\nauthorization_url = "https://login.example.com/a"\ntoken_url = "https://login.example.com/t"\nclient_id = "codex"\n',
  ],
  [
    'rule:managed-dir-missing',
    '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "/x"\n',
    '1:3 contract/hook-skipped',
    '[hooks]\nStop = []\n',
    '0.128.0',
  ],
  [
    'rule:mitm-action-empty',
    profile('network.mitm.actions.a.strip_request_headers = []\n'),
    '4:22 contract/file-refused',
    profile('network.mitm.actions.a.strip_request_headers = ["x-a"]\n'),
  ],
  [
    'rule:mitm-hook-form',
    profile('network.mitm.hooks.a = { host = "a.example", methods = [], path_prefixes = ["/"], action = ["a"] }\n'),
    '4:46 contract/file-refused',
    profile(
      'network.mitm.hooks.a = { host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\n',
    ),
  ],
  [
    'rule:mitm-version-missing',
    profile(
      'network.mitm.hooks.a = { ports = [443], host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\n',
    ),
    '4:26 contract/file-refused',
    profile(
      'network.mitm.version = 2\nnetwork.mitm.hooks.a = { schemes = ["https"], ports = [443], host = "a.example", methods = ["GET"], path_prefixes = ["/"], action = ["a"] }\n',
    ),
  ],
  [
    'rule:identity-command-ignored',
    '[mcp_servers.a.identity]\ncommand = { executable = "x", args = [] }\nurl = "https://a.example.com/"\n',
    '2:1 contract/weakened',
    '[mcp_servers.a.identity]\nurl = "https://a.example.com/"\n',
  ],
  [
    'rule:identity-with-stranger',
    '[mcp_servers.a.identity]\ncommand = { executable = "x", args = [] }\nname = "x"\n',
    '1:16 contract/file-refused',
    '[mcp_servers.a.identity]\ncommand = { executable = "x", args = [] }\n',
  ],
  [
    'rule:deny-read-pattern',
    '[permissions.filesystem]\ndeny_read = ["/a/*.{pem,key"]\n',
    '2:14 contract/file-refused',
    '[permissions.filesystem]\ndeny_read = ["/a/*.{pem,key}", "/a/*[", "/a/[a-z]*"]\n',
  ],
  [
    'rule:profile-own-folder',
    profile('filesystem."~/.codex" = "deny"\n'),
    '4:12 contract/session-fails',
    profile('filesystem."~/.codex/sessions" = "deny"\n'),
  ],
  [
    'rule:profile-root-pattern',
    profile('filesystem."/*.env" = "none"\n'),
    '4:12 contract/session-fails',
    profile('filesystem."/srv/*.env" = "none"\n'),
  ],
  [
    'rule:profile-path-drive',
    profile('filesystem."/C:/x" = "read"\n'),
    '4:12 contract/file-refused',
    profile('filesystem."/C/x" = "read"\n'),
  ],
  [
    'rule:profile-depth-zero',
    profile('filesystem.glob_scan_max_depth = 0\n'),
    '4:12 contract/file-refused',
    profile('filesystem.glob_scan_max_depth = 1\n'),
  ],
  [
    'rule:profiles-without-choice',
    '[permissions.acme]\nextends = ":workspace"\n',
    '1:14 contract/file-refused',
    'allowed_permissions = ["acme"]\n[permissions.acme]\nextends = ":workspace"\n',
    '0.137.0',
  ],
  [
    'rule:allowed-permission-undefined',
    'allowed_permissions = [":workspace", "acme"]\n',
    '1:38 contract/file-refused',
    'allowed_permissions = ["acme", ":read-only"]\n[permissions.acme]\nextends = ":workspace"\n',
    '0.137.0',
  ],
  [
    'rule:token-missing',
    '[rules]\nprefix_rules = [{pattern=[{tokenn="a"}], decision="forbidden"}]\n',
    '2:27 contract/file-refused',
    '[rules]\nprefix_rules = [{pattern=[{any_of=["a"]}], decision="forbidden"}]\n',
  ],
];

for (const [subject, broken, expected, right, version] of cases)
  test(subject, () => {
    expect(codesOn(broken, version)).toContain(expected);
    expect(codesOn(right, version)).toEqual([]);
  });

test('of three names of a flag, the last counts', () => {
  const pins = (last: boolean): string =>
    `[features]\ninclude_apply_patch_tool = ${last}\nexperimental_use_freeform_apply_patch = true\napply_patch_freeform = true\n`;
  expect(codesOn(pins(false), '0.130.0')).toEqual(['3:1 contract/weakened', '4:1 contract/weakened']);
  expect(codesOn(pins(true), '0.130.0')).toEqual([]);
});

test('a percent sign may name the zone of IPv6, and a name of DNS does not end in a number', () => {
  const http = (host: string): string =>
    `[otel.exporter.otlp-http]\nendpoint = "https://${host}/"\nprotocol = "json"\n`;
  expect(codesOn(http('[fe80::1%25eth0]'))).toEqual([]);
  expect(codesOn(http('%61.example.com'))).toEqual(['2:1 contract/start-refused']);
  const grpc = (host: string): string => `[otel.trace_exporter.otlp-grpc]\nendpoint = "https://${host}:4317"\n`;
  expect(codesOn(grpc('collector.1a'))).toEqual([]);
  expect(codesOn(grpc('collector.1'))).toEqual(['2:1 contract/start-refused']);
});

test.each([
  ['a pattern that is denied', 'filesystem', '"/srv/*" = "deny"', '"/srv/*" = "read"'],
  ['a depth', 'filesystem', 'glob_scan_max_depth = 2', 'glob_scan_max_depth = 0'],
  ['the folder of Codex', 'filesystem', '"~/.codex" = "read"', '"~/.codex" = "deny"'],
  ['a table over a text', 'filesystem', '":workspace_roots" = { "x" = "read" }', '":workspace_roots" = "deny"'],
  ['a text over a table', 'filesystem', '":workspace_roots" = "write"', '":workspace_roots" = { "../x" = "write" }'],
  ['a root that is off', 'workspace_roots', "'C:\\x' = false", "'C:\\x' = true"],
  ['a domain', 'network.domains', '"*" = "allow"', '"*" = "deny"'],
])('what a profile says takes the place of what its base says: %s', (_, table, right, wrong) => {
  const toml = (near: string, far: string): string =>
    `${profile('extends = "far"\n')}[permissions.acme.${table}]\n${near}\n[permissions.far]\nextends = ":workspace"\n[permissions.far.${table}]\n${far}\n`;
  expect(codesOn(toml(right, wrong))).toEqual([]);
  expect(codesOn(toml(wrong, right))).not.toEqual([]);
  expect(codesOn(toml('', wrong))).not.toEqual([]);
});

test('a path of Windows stands below the workspace, and not below a folder that is written out', () => {
  const paths = (base: string, sub: string): string[] =>
    codesOn(profile(`[permissions.acme.filesystem."${base}"]\n'${sub}' = "read"\n`));
  for (const sub of ['C:\\a', 'C:/a', '\\\\host\\a']) {
    expect(paths('/srv', sub)).toEqual(['5:1 contract/file-refused']);
    expect(paths(':workspace_roots', sub)).toEqual([]);
  }
  expect(paths('/srv', 'C:a')).toEqual([]);
});

test('a domain of the application is no longer than a name of DNS', () => {
  const domain = (name: string): string[] => codesOn(`[application.network.domains]\n"${name}" = "allow"\n`);
  expect(domain(`${'x'.repeat(63)}.com`)).toEqual([]);
  expect(domain(`${'x'.repeat(64)}.com`)).toEqual(['2:1 contract/file-refused']);
  const long = `${'x'.repeat(49)}.`.repeat(5);
  expect([`${long}com`, `${long}com.`].flatMap(domain)).toEqual([]);
  expect(domain(`${long}coms`)).toEqual(['2:1 contract/file-refused']);
});

test('an address with letters beyond ASCII is one however often it is asked', () => {
  expect(Array.from({ length: 20_000 }, () => keepsSecrets('https://über.example')).every(Boolean)).toBe(true);
});

test('each rule in code has a fact, each fact a rule and a case', () => {
  const facts = packageData.contract.facts.filter(({ kind }) => kind === 'rule').map(({ subject }) => subject);
  expect([...usualFamilies, ...rareFamilies].flatMap(({ rules }) => Object.keys(rules)).sort()).toEqual(facts);
  expect(cases.map(([subject]) => subject).sort()).toEqual(facts);
});
