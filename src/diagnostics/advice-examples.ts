import { type Example, requirements } from './example.ts';

const pin = '[features]\nhooks = true\n\n';

/** A pinned group of one handler, with lines of its own. */
function hook(handler: string, event = 'PreToolUse', group = ''): string {
  return `${pin}[[hooks.${event}]]\n${group}[[hooks.${event}.hooks]]\ntype = "command"\n${handler}`;
}

const script = 'command = "/etc/codex/hooks/audit.sh"\n';

function rule(pattern: string, decision = 'forbidden'): string {
  return `[[rules.prefix_rules]]\npattern = [${pattern}]\ndecision = "${decision}"\n`;
}

function host(pattern: string, modes = '"read-only"'): string {
  return `[[remote_sandbox_config]]\nhostname_patterns = [${pattern}]\nallowed_sandbox_modes = [${modes}]\n`;
}

const readOnly = 'allowed_sandbox_modes = ["read-only"]\n\n';
const network = '[experimental_network]\nenabled = true\n';
const server = (identity: string): string => `[mcp_servers.docs.identity]\n${identity}\n`;
const profiles = '[allowed_permission_profiles]\n":workspace" = true\n":danger-full-access" = true\n';

/** The examples of what Codex takes as it is, and that is hardly ever meant. */
export const adviceExamples = {
  'advice/nothing-said': {
    ...requirements('# allowed_sandbox_modes = ["read-only"]\n', 'allowed_sandbox_modes = ["read-only"]\n'),
    shown: 'A requirements.toml in which every line is a comment.',
  },
  'advice/command-home': requirements(hook('command = "~/hooks/audit.sh"\n'), hook(script)),
  'advice/command-relative': requirements(hook('command = "python3 hooks/audit.py"\n'), hook(script)),
  'advice/command-unguarded': requirements(
    hook('command = "sh /etc/codex/hooks/audit.sh"\n'),
    hook('command = "[ -r /etc/codex/hooks/audit.sh ] || exit 0; exec /bin/sh /etc/codex/hooks/audit.sh"\n'),
  ),
  'advice/command-variable': requirements(hook('command = "$HOOKS/audit.sh"\n'), hook(script)),
  'advice/command-windows-missing': {
    ...requirements(
      hook(script),
      hook(
        `${script}command_windows = "powershell.exe -NoProfile -File C:/ProgramData/OpenAI/Codex/hooks/audit.ps1"\n`,
      ),
    ),
    options: ['--platform', 'windows'],
  },
  'advice/command-windows-posix': requirements(
    hook(`${script}command_windows = "sh C:/hooks/audit.sh"\n`),
    hook(`${script}command_windows = "powershell.exe -NoProfile -File C:/hooks/audit.ps1"\n`),
  ),
  'advice/command-windows-quoted': requirements(
    hook(`${script}command_windows = '"C:\\Program Files\\Acme\\audit.exe"'\n`),
    hook(`${script}command_windows = "C:/Acme/audit.exe"\n`),
  ),
  'advice/command-windows-variable': requirements(
    hook(`${script}command_windows = '%ProgramData%\\Acme\\audit.exe'\n`),
    hook(`${script}command_windows = 'C:\\ProgramData\\Acme\\audit.exe'\n`),
  ),
  'advice/default-unrestricted': requirements(
    `default_permissions = ":danger-full-access"\n\n${profiles}`,
    `default_permissions = ":workspace"\n\n${profiles}`,
  ),
  'advice/deny-read-relative': requirements(
    '[permissions.filesystem]\ndeny_read = ["secrets/**"]\n',
    '[permissions.filesystem]\ndeny_read = ["/srv/secrets/**"]\n',
  ),
  'advice/deny-read-variable': requirements(
    '[permissions.filesystem]\ndeny_read = ["$HOME/.ssh/**"]\n',
    '[permissions.filesystem]\ndeny_read = ["~/.ssh/**"]\n',
  ),
  'advice/domain-contradiction': requirements(
    `${network}allowed_domains = ["api.example.com"]\ndenied_domains = ["API.example.com"]\n`,
    `${network}denied_domains = ["api.example.com"]\n`,
  ),
  'advice/domain-form': requirements(
    `${network}allowed_domains = ["api.example.com:443"]\n`,
    `${network}allowed_domains = ["api.example.com"]\n`,
  ),
  'advice/hook-group-empty': requirements(`${pin}[[hooks.Stop]]\nhooks = []\n`, hook(script, 'Stop')),
  'advice/hooks-not-pinned': requirements(hook(script, 'Stop').replace(pin, ''), hook(script, 'Stop')),
  'advice/host-pattern': requirements(
    readOnly + host('"https://build.example.com"'),
    readOnly + host('"build.example.com"'),
  ),
  'advice/host-pattern-covered': requirements(
    `${readOnly}${host('"*.example.com"')}\n${host('"ci.example.com", "ci.example.org"')}`,
    `${readOnly}${host('"*.example.com"')}\n${host('"ci.example.org"')}`,
  ),
  'advice/host-patterns-empty': requirements(readOnly + host(''), readOnly + host('"ci.example.com"')),
  'advice/host-unreachable': requirements(
    `${readOnly}${host('"*.example.com"')}\n${host('"ci.example.com"')}`,
    `${readOnly}${host('"ci.example.com"')}\n${host('"*.example.com"')}`,
  ),
  'advice/host-wider': requirements(
    readOnly + host('"*.ci.example.com"', '"read-only", "workspace-write"'),
    readOnly + host('"*.ci.example.com"'),
  ),
  'advice/hosts-without-default': requirements(host('"*.ci.example.com"'), readOnly + host('"*.ci.example.com"')),
  'advice/managed-dir-elsewhere': requirements(
    hook('command = "/srv/hooks/audit.sh"\n').replace('[[', '[hooks]\nmanaged_dir = "/etc/codex/hooks"\n\n[['),
    hook(script).replace('[[', '[hooks]\nmanaged_dir = "/etc/codex/hooks"\n\n[['),
  ),
  'advice/managed-dir-relative': requirements(
    hook(script).replace('[[', '[hooks]\nmanaged_dir = "hooks"\n\n[['),
    hook(script).replace('[[', '[hooks]\nmanaged_dir = "/etc/codex/hooks/"\n\n[['),
  ),
  'advice/matcher-matches-nothing': requirements(
    hook(script, 'PreToolUse', 'matcher = "shell"\n\n'),
    hook(script, 'PreToolUse', 'matcher = "Bash"\n\n'),
  ),
  'advice/mcp-blank': requirements(server('url = ""'), server('url = "https://mcp.example.com/docs"')),
  'advice/mcp-command-arguments': requirements(
    server('command = "docs-mcp serve"'),
    server('command = { executable = "docs-mcp", args = [{ match = "exact", value = "serve" }] }'),
  ),
  'advice/mcp-none': requirements('[mcp_servers]\n', server('command = "docs-mcp"')),
  'advice/mcp-url-scheme': requirements(server('url = "mcp.example.com"'), server('url = "https://mcp.example.com"')),
  'advice/mcp-url-slash': requirements(
    server('url = "https://mcp.example.com/docs/"'),
    server('url = "https://mcp.example.com/docs"'),
  ),
  'advice/network-off': requirements(
    '[experimental_network]\nallowed_domains = ["api.example.com"]\n',
    '[experimental_network]\nenabled = true\nallowed_domains = ["api.example.com"]\n',
  ),
  'advice/profiles-without-modes': requirements(
    `default_permissions = ":workspace"\n\n${profiles}`,
    `default_permissions = ":workspace"\nallowed_sandbox_modes = ["read-only", "workspace-write"]\n\n${profiles}`,
  ),
  'advice/root-key-in-table': requirements(
    '[otel.span_attributes]\nteam = "platform"\nlog_dir = "/var/log/codex"\n',
    'log_dir = "/var/log/codex"\n\n[otel.span_attributes]\nteam = "platform"\n',
  ),
  'advice/rule-absolute-path': requirements(rule('{ token = "/usr/bin/curl" }'), rule('{ token = "curl" }')),
  'advice/rule-word': requirements(rule('{ token = "git push" }'), rule('{ token = "git" }, { token = "push" }')),
  'advice/secret': requirements(
    `additional_developer_instructions = "Sign in with ${'ghp_'}${'0123456789'.repeat(4)}"\n`,
    'additional_developer_instructions = "Sign in with the token of the vault"\n',
  ),
  'advice/shadowed-rule': requirements(
    `${rule('{ token = "git" }')}\n${rule('{ token = "git" }, { token = "push" }', 'prompt')}`,
    rule('{ token = "git" }'),
  ),
  'advice/socket-relative': requirements(
    '[experimental_network]\nenabled = false\nallow_unix_sockets = ["docker.sock"]\n',
    '[experimental_network]\nenabled = false\nallow_unix_sockets = ["/var/run/docker.sock"]\n',
  ),
  'advice/timeout-long': requirements(hook(`${script}timeout = 30000\n`), hook(`${script}timeout = 30\n`)),
} satisfies Readonly<Record<string, Example>>;

/** The examples of names that belong elsewhere. */
export const misplacedExamples = {
  'contract/config-key': requirements(
    'approval_policy = "on-request"\n',
    'allowed_approval_policies = ["on-request"]\n',
  ),
  'contract/handler-field': requirements(hook(`${script}timeoutSec = 30\n`), hook(`${script}timeout = 30\n`)),
  'contract/handler-in-group': requirements(
    `${pin}[[hooks.PreToolUse]]\nmatcher = "Bash"\ntype = "command"\n${script}`,
    `${pin}[[hooks.PreToolUse]]\nmatcher = "Bash"\n\n[[hooks.PreToolUse.hooks]]\ntype = "command"\n${script}`,
  ),
  'contract/root-key-after-table': requirements(
    '[features]\napps = false\n\n[hooks]\nmanaged_dir = "/etc/codex/hooks"\nallowed_sandbox_modes = ["read-only"]\n',
    'allowed_sandbox_modes = ["read-only"]\n\n[features]\napps = false\n\n[hooks]\nmanaged_dir = "/etc/codex/hooks"\n',
  ),
  'contract/table-key-at-root': requirements(
    'managed_dir = "/etc/codex/hooks"\n',
    '[hooks]\nmanaged_dir = "/etc/codex/hooks"\n',
  ),
} satisfies Readonly<Record<string, Example>>;
