import { type Example, policy, requirements } from './example.ts';

const pin = '[features]\nhooks = true\n\n';

/** A hook group that is fine but for the lines given, with the pin that it needs. */
function hook(handler: string, event = 'PreToolUse'): string {
  return `${pin}[[hooks.${event}]]\n\n[[hooks.${event}.hooks]]\n${handler}`;
}

const command = 'type = "command"\ncommand = "/etc/codex/hooks/audit.sh"\n';

/** The examples of what Codex does not accept, does not read, or reads otherwise. */
export const contractExamples = {
  'contract/channel-too-new': {
    ...policy('', ''),
    bad: policy('', '', { clients: '>=0.75.0' }).bad,
  },
  'contract/file-refused': requirements(
    'allowed_approval_policies = []\n',
    'allowed_approval_policies = ["on-request"]\n',
  ),
  'contract/flag-removed': requirements(
    '[features]\nhooks = true\nshell_zsh_fork = false\n',
    '[features]\nhooks = true\n',
  ),
  'contract/flag-too-new': requirements('[features]\nhooks = true\n', '[features]\ncodex_hooks = true\n', '0.125.0'),
  'contract/hook-skipped': requirements(hook(`${command}async = true\n`), hook(command), '0.147.0'),
  'contract/key-removed': requirements(
    '[windows]\nsandbox_private_desktop = true\nallowed_sandbox_implementations = ["elevated"]\n',
    '[windows]\nallowed_sandbox_implementations = ["elevated"]\n',
  ),
  'contract/key-too-new': requirements(
    'allow_managed_hooks_only = true\nallowed_sandbox_modes = ["read-only"]\n',
    'allowed_sandbox_modes = ["read-only"]\n',
    '0.125.0',
  ),
  'contract/missing-key': requirements(
    '[[rules.prefix_rules]]\npattern = [{ token = "curl" }]\n',
    '[[rules.prefix_rules]]\npattern = [{ token = "curl" }]\ndecision = "forbidden"\n',
  ),
  'contract/must-contain': requirements(
    'allowed_sandbox_modes = ["workspace-write"]\n',
    'allowed_sandbox_modes = ["read-only", "workspace-write"]\n',
  ),
  'contract/not-by-channel': {
    ...requirements(
      'chatgpt_base_url = "https://chat.example.com"\nallowed_sandbox_modes = ["read-only"]\n',
      'allowed_sandbox_modes = ["read-only"]\n',
    ),
    options: ['--channel', 'cloud'],
  },
  'contract/number-out-of-range': requirements(
    '[experimental_network]\nhttp_port = 99999\n',
    '[experimental_network]\nhttp_port = 8080\n',
  ),
  'contract/session-fails': requirements(hook('type = "prompt"\n'), hook(command)),
  'contract/start-refused': requirements('allowed_login_methods = []\n', 'allowed_login_methods = ["chatgpt"]\n'),
  'contract/unknown-event': requirements(hook(command, 'PreToolUsed'), hook(command)),
  'contract/unknown-flag': requirements('[features]\nhoooks = true\n', '[features]\nhooks = true\n'),
  'contract/unknown-key': requirements(
    'allowed_sandbox_mode = ["read-only"]\n',
    'allowed_sandbox_modes = ["read-only"]\n',
  ),
  'contract/unknown-value': requirements('enforce_residency = "eu"\n', 'enforce_residency = "us"\n'),
  'contract/value-removed': requirements(
    '[experimental_network]\nallowed_domains = ["*"]\n',
    '[experimental_network]\nallowed_domains = ["*.example.com"]\n',
  ),
  'contract/value-too-new': requirements(
    'allowed_web_search_modes = ["indexed"]\n',
    'allowed_web_search_modes = ["cached"]\n',
    '0.141.0',
  ),
  'contract/weakened': requirements(hook(`${command}timeout = 0\n`), hook(`${command}timeout = 10\n`)),
  'contract/wrong-type': requirements(
    'allowed_sandbox_modes = "read-only"\n',
    'allowed_sandbox_modes = ["read-only"]\n',
  ),
} satisfies Record<string, Example>;
