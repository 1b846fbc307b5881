import { type Example, policy, policyText, requirements } from './example.ts';

const good = 'allow_managed_hooks_only = true\n';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The examples of bytes and syntax. */
export const sourceExamples = {
  'input/binary': {
    ...requirements('', good),
    bad: bytes(`${good}\0`),
    shown: 'A requirements.toml that holds a NUL byte, such as an archive or a program under that name.',
  },
  'input/byte-order-mark': {
    ...requirements(`\uFEFF${good}`, good),
    shown: 'A requirements.toml that an editor on Windows saved as "UTF-8 with BOM".',
  },
  'input/crlf': {
    ...requirements(good.replace('\n', '\r\n'), good),
    shown: 'A requirements.toml with the line ends of Windows.',
  },
  'input/not-world-readable': {
    ...requirements('allowed_sandbox_modes = ["read-only"]\n', 'allowed_sandbox_modes = ["read-only"]\n'),
    mode: 0o600,
    shown: 'A requirements.toml of mode 0600, which only its owner may read.',
  },
  'input/empty': { ...requirements('', good), shown: 'A requirements.toml of no bytes.' },
  'input/not-utf8': {
    ...requirements('', good),
    bad: Uint8Array.from(`\u00ff\u00fe${[...good].join('\0')}\0`, (unit) => unit.charCodeAt(0)),
    shown: 'A requirements.toml that Windows PowerShell wrote with `>`, which makes it UTF-16.',
  },
  'input/too-complex': {
    ...requirements(`a = [${'1,'.repeat(500_001)}]\n`, good),
    shown: 'A requirements.toml with a list of half a million items.',
  },
  'input/too-deep': {
    ...requirements(`a = ${'['.repeat(70)}${']'.repeat(70)}\n`, good),
    shown: 'A requirements.toml in which 70 lists stand in one another.',
  },
  'input/too-large': {
    ...requirements(`# ${'x'.repeat(5_000_000)}\n`, good),
    shown: 'A requirements.toml of 5 MB.',
  },
  'toml/duplicate-key': requirements(
    '[features]\nhooks = true\n\n[features]\napps = false\n',
    '[features]\nhooks = true\napps = false\n',
  ),
  'toml/number-range': requirements(
    '[experimental_network]\nhttp_port = 99999999999999999999\n',
    '[experimental_network]\nhttp_port = 8080\n',
  ),
  'toml/syntax': requirements(
    'allowed_sandbox_modes = ["read-only", "workspace-write"\n',
    'allowed_sandbox_modes = ["read-only", "workspace-write"]\n',
  ),
  'toml/text-too-long': {
    ...requirements(`additional_developer_instructions = "${'x'.repeat(300_000)}"\nsandbox_mode = "read-only"\n`, good),
    shown: 'A requirements.toml with a text of more than 100,000 characters and a mistake beside it.',
  },
  'yaml/alias': policy(
    'requirements:\n  allowed_sandbox_modes: &modes [read-only]\n  remote_sandbox_config:\n    - { hostname_patterns: ["*.example.com"], allowed_sandbox_modes: *modes }\n',
    'requirements:\n  allowed_sandbox_modes: [read-only]\n  remote_sandbox_config:\n    - { hostname_patterns: ["*.example.com"], allowed_sandbox_modes: [read-only] }\n',
  ),
  'yaml/anchor': policy('description: &text For all machines\n', 'description: For all machines\n'),
  'yaml/directive': { ...policy('', ''), bad: `%YAML 1.1\n---\n${policyText('')}` },
  'yaml/duplicate-key': policy('description: First\ndescription: Second\n', 'description: Second\n'),
  'yaml/key': policy('requirements:\n  ? [a, b]\n  : true\n', 'requirements:\n  allow_managed_hooks_only: true\n'),
  'yaml/leading-zero': policy(
    'requirements:\n  experimental_network: { http_port: 017 }\n',
    'requirements:\n  experimental_network: { http_port: 17 }\n',
  ),
  'yaml/lone-surrogate': policy('description: "\\ud83d"\n', 'description: "\\ud83d\\ude00"\n'),
  'yaml/merge-key': policy(
    'requirements:\n  features:\n    <<: { hooks: true }\n    apps: false\n',
    'requirements:\n  features:\n    hooks: true\n    apps: false\n',
  ),
  'yaml/not-a-mapping': { ...policy('', ''), bad: '- version: 1\n- name: example\n' },
  'yaml/not-finite': policy(
    'requirements:\n  experimental_network: { http_port: .inf }\n',
    'requirements:\n  experimental_network: { http_port: 8080 }\n',
  ),
  'yaml/null': policy('description:\n', 'description: For all machines\n'),
  'yaml/number-base': policy(
    'requirements:\n  experimental_network: { http_port: 0x1F90 }\n',
    'requirements:\n  experimental_network: { http_port: 8080 }\n',
  ),
  'yaml/number-range': policy(
    'requirements:\n  experimental_network: { http_port: 99999999999999999999 }\n',
    'requirements:\n  experimental_network: { http_port: 8080 }\n',
  ),
  'yaml/second-document': policy('---\ndescription: For all machines\n', 'description: For all machines\n'),
  'yaml/syntax': policy('description: "For all machines\n', 'description: "For all machines"\n'),
  'yaml/tab': policy(
    'requirements:\n\tallow_managed_hooks_only: true\n',
    'requirements:\n  allow_managed_hooks_only: true\n',
  ),
  'yaml/tag': policy('description: !text For all machines\n', 'description: For all machines\n'),
} satisfies Record<string, Example>;
