import { expect, test } from 'vitest';
import { codesOf, compileText, policyWith } from '../support/policies.ts';

/** Each mistake, alone in an otherwise good policy: its place and its code. Bodies begin on line 6. */
const mistakes: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  // The envelope.
  ['an unknown root key', policyWith('requirments: {}\n'), ['6:1 policy/unknown-key']],
  [
    'an unknown key below relay',
    policyWith('relay: { endpoint: "https://a.example", retries: 3 }\n'),
    ['6:41 policy/unknown-key'],
  ],
  [
    'an unknown key below files',
    policyWith('files: [{ source: a, name: b, mode: "0755" }]\n'),
    ['6:31 policy/unknown-key'],
  ],
  ['a number as text', policyWith('description: 17\n'), ['6:14 policy/wrong-type']],
  ['a boolean as text', policyWith('description: true\n'), ['6:14 policy/wrong-type']],
  ['a text as table', policyWith('requirements: none\n'), ['6:15 policy/wrong-type']],
  [
    'a format that does not exist',
    'version: 2\nname: t\norganization: { name: T, identifier: com.t }\nclients: "*"\nplatforms: [linux]\n',
    ['1:10 policy/wrong-type'],
  ],
  [
    'a float as format',
    'version: 1.0\nname: t\norganization: { name: T, identifier: com.t }\nclients: "*"\nplatforms: [linux]\n',
    ['1:10 policy/wrong-type'],
  ],
  ['a missing key', 'version: 1\nname: t\nclients: "*"\nplatforms: [linux]\n', ['1:1 policy/missing-key']],
  [
    'a name with capitals',
    'version: 1\nname: Test\norganization: { name: T, identifier: com.t }\nclients: ">=0.150.0"\nplatforms: [linux]\n',
    ['2:7 policy/wrong-format'],
  ],
  [
    'an identifier of one part',
    'version: 1\nname: t\norganization: { name: T, identifier: t }\nclients: ">=0.150.0"\nplatforms: [linux]\n',
    ['3:38 policy/wrong-format'],
  ],
  ['no platform', policyWith('', { platforms: '[]' }), ['5:12 policy/empty']],
  ['an unknown platform', policyWith('', { platforms: '[linux, osx]' }), ['5:20 policy/unknown-value']],
  ['a platform twice', policyWith('', { platforms: '[linux, linux]' }), ['5:20 policy/duplicate-item']],
  ['a range that is none', policyWith('', { clients: 'newest' }), ['4:10 policy/bad-range']],
  ['a range without a release', policyWith('', { clients: '>=9.0.0' }), ['4:10 policy/no-release']],
  ['a target that serves no platform', policyWith('targets: { jamf: {} }\n'), ['6:12 policy/target-platform']],
  ['an unknown target', policyWith('targets: { kandji: {} }\n'), ['6:12 policy/unknown-key']],
  ['text that a console replaces', policyWith('description: costs $5\n'), ['6:14 policy/console-substitution']],
  ['braces that a console replaces', policyWith('policy_version: "{{v}}"\n'), ['6:17 policy/console-substitution']],
  // YAML's surprises.
  ['yes as a boolean', policyWith('requirements: { allow_managed_hooks_only: yes }\n'), ['6:43 contract/wrong-type']],
  [
    'a leading zero',
    policyWith('requirements: { experimental_network: { http_port: 017 } }\n'),
    ['6:52 yaml/leading-zero'],
  ],
  [
    'an anchor and an alias',
    policyWith('description: &a x\npolicy_version: *a\n'),
    ['6:14 yaml/anchor', '7:17 yaml/alias'],
  ],
  ['a tag', policyWith('description: !!str x\n'), ['6:14 yaml/tag']],
  ['a second document', policyWith('---\nversion: 1\n'), ['6:1 yaml/second-document']],
  ['a key twice', policyWith('description: a\ndescription: b\n'), ['7:1 yaml/duplicate-key']],
  ['a tab as indentation', policyWith('requirements:\n\tallow_managed_hooks_only: true\n'), ['7:1 yaml/tab']],
  ['null', policyWith('description:\n'), ['6:1 yaml/null']],
  ['a NUL in a text', policyWith('description: "a\\0b"\n'), ['6:14 policy/nul']],
  ['an endless text', policyWith(`description: ${'x'.repeat(100_001)}\n`), ['6:14 policy/text-too-long']],
  // Codex's vocabulary.
  [
    'a misspelt requirement',
    policyWith('requirements: { allowed_sandbox_mode: [read-only] }\n'),
    ['6:17 contract/unknown-key'],
  ],
  [
    'a misspelt event',
    policyWith('requirements: { features: { hooks: true }, hooks: { PreToolUsed: [] } }\n'),
    ['6:53 contract/unknown-event'],
  ],
  ['a misspelt feature', policyWith('requirements: { features: { hoooks: true } }\n'), ['6:29 contract/unknown-flag']],
  ['an unknown value', policyWith('requirements: { enforce_residency: eu }\n'), ['6:36 contract/unknown-value']],
  ['a wrong type', policyWith('requirements: { allowed_sandbox_modes: read-only }\n'), ['6:40 contract/wrong-type']],
  [
    'no approval policy',
    policyWith('requirements: { allowed_approval_policies: [] }\n'),
    ['6:44 contract/file-refused'],
  ],
  ['no reviewer', policyWith('requirements: { allowed_approvals_reviewers: [] }\n'), ['6:46 contract/file-refused']],
  ['no login method', policyWith('requirements: { allowed_login_methods: [] }\n'), ['6:40 contract/start-refused']],
  [
    'no Windows sandbox',
    policyWith('requirements: { windows: { allowed_sandbox_implementations: [] } }\n'),
    ['6:61 contract/file-refused'],
  ],
  ['no sandbox mode', policyWith('requirements: { allowed_sandbox_modes: [] }\n'), ['6:40 contract/file-refused']],
  [
    'a sandbox list without read-only',
    policyWith('requirements: { allowed_sandbox_modes: [workspace-write] }\n'),
    ['6:40 contract/must-contain'],
  ],
  [
    'an allow rule',
    policyWith('requirements: { rules: { prefix_rules: [{ pattern: [ls], decision: allow }] } }\n'),
    ['6:68 contract/file-refused'],
  ],
  [
    'a rule without decision',
    policyWith('requirements: { rules: { prefix_rules: [{ pattern: [ls] }] } }\n'),
    ['6:41 contract/missing-key'],
  ],
  [
    'a pattern that is a text',
    policyWith('requirements: { rules: { prefix_rules: [{ pattern: ls, decision: forbidden }] } }\n'),
    ['6:52 policy/wrong-type'],
  ],
  [
    'a fractional timeout',
    policyWith(
      'requirements: { features: { hooks: true }, hooks: { Stop: [{ hooks: [{ type: command, command: /a, timeout: 1.5 }] }] } }\n',
    ),
    ['6:109 contract/wrong-type'],
  ],
  [
    'a timeout of zero',
    policyWith(
      'requirements: { features: { hooks: true }, hooks: { Stop: [{ hooks: [{ type: command, command: /a, timeout: 0s }] }] } }\n',
    ),
    ['6:109 policy/wrong-type'],
  ],
  [
    'a compound duration',
    policyWith(
      'requirements: { features: { hooks: true }, hooks: { Stop: [{ hooks: [{ type: command, command: /a, timeout: 1m30s }] }] } }\n',
    ),
    ['6:109 policy/wrong-type'],
  ],
  // Stricter than Codex.
  ['the whole of /etc', policyWith('requirements: { hooks: { managed_dir: /etc/ } }\n'), ['6:39 policy/shared-folder']],
  [
    'a folder where all may write',
    policyWith('requirements: { hooks: { managed_dir: /tmp/hooks } }\n'),
    ['6:39 policy/shared-folder'],
  ],
  [
    'the folder of Windows',
    policyWith('requirements: { hooks: { windows_managed_dir: "c:/windows/system32" } }\n'),
    ['6:47 policy/shared-folder'],
  ],
  [
    'a relative managed_dir',
    policyWith('requirements: { hooks: { managed_dir: hooks } }\n'),
    ['6:39 policy/path-not-absolute'],
  ],
  [
    'a managed_dir with ..',
    policyWith('requirements: { hooks: { managed_dir: /etc/../hooks } }\n'),
    ['6:39 policy/path-not-absolute'],
  ],
  [
    'hooks without the pin',
    policyWith('requirements: { hooks: { Stop: [{ hooks: [{ type: command, command: /a }] }] } }\n'),
    ['6:17 policy/hooks-not-pinned'],
  ],
  [
    'the pin set to false beside hooks',
    policyWith(
      'requirements: { features: { hooks: false }, hooks: { Stop: [{ hooks: [{ type: command, command: /a }] }] } }\n',
    ),
    ['6:36 policy/hooks-switched-off'],
  ],
  [
    'a matcher that is dropped',
    policyWith(
      'requirements: { features: { hooks: true }, hooks: { Stop: [{ matcher: x, hooks: [{ type: command, command: /a }] }] } }\n',
    ),
    ['6:62 policy/matcher-ignored'],
  ],
  [
    'no command_windows',
    policyWith(
      'requirements: { features: { hooks: true }, hooks: { Stop: [{ hooks: [{ type: command, command: /a }] }] } }\n',
      { platforms: '[linux, windows]' },
    ),
    ['6:70 policy/command-windows-missing'],
  ],
  [
    'an MCP identity with both',
    policyWith('requirements: { mcp_servers: { a: { identity: { command: a, url: "https://a.example" } } } }\n'),
    ['6:61 policy/mcp-identity-both'],
  ],
  [
    'a default that requirements decide',
    policyWith('requirements: { allow_login_shell: false }\ndefaults: { allow_login_shell: true }\n'),
    ['7:13 policy/defaults-key'],
  ],
  ['hooks as a default', policyWith('defaults: { hooks: {} }\n'), ['6:13 policy/defaults-key']],
  [
    'a wider host entry',
    policyWith(
      'requirements: { allowed_sandbox_modes: [read-only], remote_sandbox_config: [{ hostname_patterns: [a], allowed_sandbox_modes: [read-only, workspace-write] }] }\n',
    ),
    ['6:126 policy/remote-sandbox-wider'],
  ],
  [
    'a rule in the shadow of another',
    policyWith(
      'requirements: { rules: { prefix_rules: [{ pattern: [git], decision: forbidden }, { pattern: [git, push], decision: prompt }] } }\n',
    ),
    ['6:82 policy/shadowed-rule'],
  ],
  // Versions.
  [
    'a key that is too new',
    policyWith('requirements: { allow_managed_hooks_only: true }\n', { clients: '>=0.125.0' }),
    ['4:10 policy/clients-split', '6:17 contract/key-too-new'],
  ],
  [
    'a value that is too new',
    policyWith('requirements: { allowed_web_search_modes: [indexed] }\n', { clients: '>=0.141.0' }),
    ['4:10 policy/clients-split', '6:44 contract/value-too-new'],
  ],
  [
    'clients that read no file',
    policyWith('requirements: { allowed_sandbox_modes: [read-only] }\n', { clients: '0.75.0' }),
    ['4:10 contract/channel-too-new', '6:17 contract/key-too-new'],
  ],
  [
    'an acceptance of nothing',
    policyWith('accept: [{ finding: contract/key-too-new, path: requirements.features, reason: x }]\n'),
    ['6:10 policy/unused-accept'],
  ],
  [
    'an acceptance of a refused file',
    policyWith(
      'requirements: { allowed_web_search_modes: [indexed] }\naccept: [{ finding: contract/value-too-new, path: "requirements.allowed_web_search_modes[0]", reason: x }]\n',
      { clients: '>=0.141.0' },
    ),
    ['4:10 policy/clients-split', '6:44 contract/value-too-new', '7:10 policy/accept-impossible'],
  ],
  // The relay.
  ['no endpoint', policyWith('relay: {}\n'), ['6:1 policy/relay-needs']],
  [
    'an endpoint without TLS',
    policyWith('relay: { endpoint: "http://collector.example.com" }\n'),
    ['6:20 policy/bad-endpoint'],
  ],
  [
    'an event that does not exist',
    policyWith('relay: { endpoint: "https://a.example", events: { preToolUse: observe } }\n'),
    ['6:51 policy/relay-event'],
  ],
  [
    'enforce where it means nothing',
    policyWith('relay: { endpoint: "https://a.example", events: { SessionEnd: enforce } }\n'),
    ['6:63 policy/relay-mode'],
  ],
  [
    'closed without enforce',
    policyWith('relay: { endpoint: "https://a.example", events: { Stop: { mode: observe, on_failure: closed } } }\n'),
    ['6:86 policy/failure-without-enforce'],
  ],
  [
    'a matcher on an event without one',
    policyWith('relay: { endpoint: "https://a.example", events: { Stop: { mode: observe, matcher: x } } }\n'),
    ['6:74 policy/matcher-ignored'],
  ],
  [
    'a contradiction of the pin',
    policyWith('requirements: { features: { hooks: false } }\nrelay: { endpoint: "https://a.example" }\n'),
    ['6:36 policy/relay-contradiction'],
  ],
  [
    'a plain integer as duration',
    policyWith('relay: { endpoint: "https://a.example", timeout: 5 }\n'),
    ['6:50 policy/wrong-type'],
  ],
  [
    'an unknown setting',
    policyWith('relay: { endpoint: "https://a.example", settings: { KEY: x } }\n'),
    ['6:53 policy/setting-unknown'],
  ],
  [
    'a token in the endpoint without auth',
    policyWith('relay: { endpoint: "https://a.example/{token}" }\n'),
    ['6:20 policy/relay-needs'],
  ],
  [
    'no token file for Windows',
    policyWith('relay: { endpoint: "https://a.example", auth: { token_file: { posix: /t } } }\n', {
      platforms: '[windows]',
    }),
    ['6:49 policy/relay-needs'],
  ],
  [
    'a Windows folder that needs quotes',
    policyWith(
      'requirements: { hooks: { windows_managed_dir: "C:\\\\Program Files\\\\x" } }\nrelay: { endpoint: "https://a.example" }\n',
      { platforms: '[windows]' },
    ),
    ['6:47 policy/path-not-quotable'],
  ],
  [
    'a socket on Windows',
    policyWith('relay: { endpoint: "unix:/run/a.sock" }\n', { platforms: '[windows]' }),
    ['6:20 policy/socket-on-windows'],
  ],
  // Files and secrets.
  [
    'a message without a visible character',
    policyWith('relay: { endpoint: "https://a.example", user_message: " \\u00a0\\u200b" }\n'),
    ['6:55 policy/empty'],
  ],
  ['a file that is not there', policyWith('files: [{ source: a.sh, name: a.sh }]\n'), ['6:19 policy/file-missing']],
  [
    'a file outside',
    policyWith('files: [{ source: ../a.sh, name: a.sh }]\n'),
    ['6:19 policy/file-missing', '6:19 policy/source-path'],
  ],
  [
    'a name of ours',
    policyWith('files: [{ source: a, name: Requirements.toml }]\n'),
    ['6:19 policy/file-missing', '6:28 policy/duplicate-file'],
  ],
  ['a token', policyWith(`description: ghp_${'a'.repeat(36)}\n`), ['6:14 policy/secret']],
  [
    'a password in a URL',
    policyWith('requirements: { chatgpt_base_url: "https://u:pw@a.example" }\n'),
    ['6:35 policy/secret'],
  ],
];

test.each(mistakes)('%s', async (_name, text, expected) => {
  expect(await codesOf(text)).toEqual(expected);
});

test('mistakes of the policy and of its requirements are told together', async () => {
  const text = policyWith('requirments: {}\nrequirements: { enforce_residency: eu }\n', { clients: 'newest' });
  expect(await codesOf(text)).toEqual(['6:1 policy/unknown-key', '7:36 contract/unknown-value']);
});

test('no message repeats a secret', async () => {
  const secret = `ghp_${'b'.repeat(36)}`;
  for (const body of [
    `proxy: ${secret}`,
    `relay: { endpoint: "https://u:${secret}@a.example" }`,
    `requirements: { ${secret}: 1, enforce_residency: ${secret} }`,
  ]) {
    const { diagnostics } = await compileText(policyWith(`${body}\n`));
    expect(diagnostics.length).toBeGreaterThan(1);
    for (const { message, help } of diagnostics) expect(`${message} ${help}`).not.toContain(secret);
  }
});

test('an empty web-search list and an empty MCP table are legitimate', async () => {
  expect(await codesOf(policyWith('requirements: { allowed_web_search_modes: [], mcp_servers: {} }\n'))).toEqual([]);
});

test('a clients range where no single file is right names the versions to split at', async () => {
  const { diagnostics } = await compileText(
    policyWith('requirements: { features: { hooks: true } }\n', { clients: '>=0.120.0' }),
  );
  const split = diagnostics.find(({ code }) => code === 'policy/clients-split');
  expect(split?.message).toContain('0.124.0, 0.129.0');
});
