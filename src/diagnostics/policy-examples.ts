import { type Example, policy, policyText } from './example.ts';

const endpoint = 'relay:\n  endpoint: https://collector.example.com/events\n';

/** A hook group on Stop, with lines below the group and below its handler. */
function hook(group = '', handler = ''): string {
  return `requirements:\n  features: { hooks: true }\n  hooks:\n    Stop:\n      - ${group}hooks:\n          - type: command\n            command: /etc/codex/hooks/audit.sh\n${handler}`;
}

/** The examples of what can be wrong with policy.yaml itself. */
export const policyExamples = {
  'policy/accept-impossible': policy(
    'requirements:\n  allowed_web_search_modes: [indexed]\naccept:\n  - { finding: contract/value-too-new, path: "requirements.allowed_web_search_modes[0]", reason: Later }\n',
    'requirements:\n  allowed_web_search_modes: [cached]\n',
    { clients: '>=0.141.0' },
  ),
  'policy/bad-endpoint': policy('relay:\n  endpoint: http://collector.example.com/events\n', endpoint),
  'policy/bad-proxy': policy(
    `${endpoint}  proxy: proxy.example.com:3128\n`,
    `${endpoint}  proxy: http://proxy.example.com:3128\n`,
  ),
  'policy/bad-range': policyClients('newest'),
  'policy/clients-split': {
    ...policy('requirements:\n  features: { hooks: true }\n', '', { clients: '>=0.120.0' }),
    fixed: policyText('requirements:\n  features: { hooks: true }\n', { clients: '>=0.129.0' }),
  },
  'policy/command-windows-missing': policy(
    hook(),
    hook('', '            command_windows: C:\\ProgramData\\OpenAI\\Codex\\hooks\\audit.cmd\n'),
    { platforms: '[linux, windows]' },
  ),
  'policy/console-substitution': policy('description: Saves $5 a month\n', 'description: Saves 5 dollars a month\n'),
  'policy/defaults-key': policy(
    'requirements:\n  allow_login_shell: false\ndefaults:\n  allow_login_shell: true\n',
    'requirements:\n  allow_login_shell: false\n',
  ),
  'policy/duplicate-file': {
    ...policy(
      'files:\n  - { source: a.sh, name: audit.sh }\n  - { source: b.sh, name: Audit.sh }\n',
      'files:\n  - { source: a.sh, name: audit.sh }\n  - { source: b.sh, name: notify.sh }\n',
    ),
    beside: { 'a.sh': '#!/bin/sh\n', 'b.sh': '#!/bin/sh\n' },
  },
  'policy/duplicate-item': { ...policy('', ''), bad: policyText('', { platforms: '[linux, linux]' }) },
  'policy/empty': { ...policy('', ''), bad: policyText('', { platforms: '[]' }) },
  'policy/failure-without-enforce': policy(
    `${endpoint}  events:\n    PreToolUse: { mode: observe, on_failure: closed }\n`,
    `${endpoint}  events:\n    PreToolUse: { mode: enforce, on_failure: closed }\n`,
  ),
  'policy/file-holds-key': {
    ...policy('files:\n  - { source: key.pem, name: key.pem }\n', 'description: The key comes by another way\n'),
    beside: { 'key.pem': '-----BEGIN PRIVATE KEY-----\n' },
  },
  'policy/file-missing': {
    ...policy(
      'files:\n  - { source: audti.sh, name: audit.sh }\n',
      'files:\n  - { source: audit.sh, name: audit.sh }\n',
    ),
    beside: { 'audit.sh': '#!/bin/sh\n' },
  },
  'policy/hooks-not-pinned': policy(hook().replace('  features: { hooks: true }\n', ''), hook()),
  'policy/hooks-switched-off': policy(hook().replace('hooks: true', 'hooks: false'), hook()),
  'policy/matcher-ignored': policy(hook('matcher: Bash\n        '), hook()),
  'policy/mcp-identity-both': policy(
    'requirements:\n  mcp_servers:\n    docs: { identity: { command: /opt/docs, url: "https://docs.example.com" } }\n',
    'requirements:\n  mcp_servers:\n    docs: { identity: { command: /opt/docs } }\n',
  ),
  'policy/missing-key': {
    ...policy('', ''),
    bad: policyText('').replace('platforms: [linux]\n', ''),
  },
  'policy/no-release': policyClients('>=9.0.0'),
  'policy/nul': policy('description: "one\\0two"\n', 'description: one two\n'),
  'policy/number-out-of-range': policy(
    `${endpoint}  spool: { max_events: 0 }\n`,
    `${endpoint}  spool: { max_events: 100 }\n`,
  ),
  'policy/option-not-here': policy(
    `${endpoint}  command: { posix: /opt/relay }\n`,
    'relay:\n  preset: custom\n  command: { posix: /opt/relay }\n',
  ),
  'policy/path-not-absolute': policy(
    'requirements:\n  hooks: { managed_dir: hooks }\n',
    'requirements:\n  hooks: { managed_dir: /etc/codex/hooks }\n',
  ),
  'policy/path-not-quotable': policy(
    `requirements:\n  hooks: { windows_managed_dir: 'C:\\Program Files\\Codex' }\n${endpoint}`,
    `requirements:\n  hooks: { windows_managed_dir: 'C:\\ProgramData\\Codex' }\n${endpoint}`,
    { platforms: '[windows]' },
  ),
  'policy/preset-clients': {
    ...policy('relay:\n  preset: mintmcp\n  script: mintmcp.sh\n', '', { clients: '>=0.140.0' }),
    fixed: policyText('relay:\n  preset: mintmcp\n  script: mintmcp.sh\n', { clients: '>=0.141.0' }),
    beside: { 'mintmcp.sh': '#!/bin/sh\n' },
  },
  'policy/preset-platform': {
    ...policy('relay:\n  preset: mintmcp\n  script: mintmcp.sh\n', '', { platforms: '[linux, windows]' }),
    fixed: policyText('relay:\n  preset: mintmcp\n  script: mintmcp.sh\n', { platforms: '[linux]' }),
    beside: { 'mintmcp.sh': '#!/bin/sh\n' },
  },
  'policy/relay-contradiction': policy(
    `requirements:\n  features: { hooks: false }\n${endpoint}`,
    `requirements:\n  features: { hooks: true }\n${endpoint}`,
  ),
  'policy/relay-event': policy(
    `${endpoint}  events:\n    preToolUse: observe\n`,
    `${endpoint}  events:\n    PreToolUse: observe\n`,
  ),
  'policy/relay-mode': policy(
    `${endpoint}  events:\n    SessionEnd: enforce\n`,
    `${endpoint}  events:\n    SessionEnd: observe\n`,
    { clients: '>=0.169.0' },
  ),
  'policy/relay-needs': policy('relay:\n  timeout: 5s\n', `${endpoint}  timeout: 5s\n`),
  'policy/relay-timeout': policy(
    `${endpoint}  events:\n    SessionEnd: { mode: observe, timeout: 5s }\n`,
    `${endpoint}  events:\n    SessionEnd: observe\n`,
    { clients: '>=0.169.0' },
  ),
  'policy/remote-sandbox-wider': policy(
    'requirements:\n  allowed_sandbox_modes: [read-only]\n  remote_sandbox_config:\n    - { hostname_patterns: ["build-*"], allowed_sandbox_modes: [read-only, workspace-write] }\n',
    'requirements:\n  allowed_sandbox_modes: [read-only, workspace-write]\n  remote_sandbox_config:\n    - { hostname_patterns: ["laptop-*"], allowed_sandbox_modes: [read-only] }\n',
  ),
  'policy/secret': policy(
    'requirements:\n  chatgpt_base_url: https://user:password@proxy.example.com\n',
    'requirements:\n  chatgpt_base_url: https://proxy.example.com\n',
  ),
  'policy/setting-unknown': policy(`${endpoint}  settings: { RETRIES: "3" }\n`, endpoint),
  'policy/shadowed-rule': policy(
    'requirements:\n  rules:\n    prefix_rules:\n      - { pattern: [git], decision: forbidden }\n      - { pattern: [git, push], decision: prompt }\n',
    'requirements:\n  rules:\n    prefix_rules:\n      - { pattern: [git], decision: prompt }\n      - { pattern: [git, push], decision: forbidden }\n',
  ),
  'policy/shared-folder': policy(
    'requirements:\n  hooks: { managed_dir: /tmp/hooks }\n',
    'requirements:\n  hooks: { managed_dir: /etc/codex/hooks }\n',
  ),
  'policy/socket-on-windows': policy('relay:\n  endpoint: unix:/run/collector.sock\n', endpoint, {
    platforms: '[windows]',
  }),
  'policy/source-path': {
    ...policy(
      'files:\n  - { source: ../audit.sh, name: audit.sh }\n',
      'files:\n  - { source: audit.sh, name: audit.sh }\n',
    ),
    beside: { 'audit.sh': '#!/bin/sh\n' },
  },
  'policy/target-platform': policy('targets: { jamf: {} }\n', 'targets: { salt: {} }\n'),
  'policy/text-too-long': {
    ...policy(`description: ${'x'.repeat(100_001)}\n`, 'description: For all machines\n'),
    shown: 'A policy with a text of more than 100,000 characters.',
  },
  'policy/unknown-key': policy('requirments: {}\n', 'requirements: {}\n'),
  'policy/unknown-value': { ...policy('', ''), bad: policyText('', { platforms: '[linux, osx]' }) },
  'policy/unused-accept': policy(
    'accept:\n  - { finding: contract/key-too-new, path: requirements.features, reason: Old machines go in May }\n',
    '',
  ),
  'policy/wrong-format': {
    ...policy('', ''),
    bad: policyText('').replace('name: example', 'name: Example Fleet'),
  },
  'policy/wrong-type': policy('description: 17\n', 'description: "17"\n'),
} satisfies Record<string, Example>;

/** A policy whose `clients` are wrong. */
function policyClients(clients: string): Example {
  return { ...policy('', ''), bad: policyText('', { clients }) };
}
