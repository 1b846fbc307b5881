import { expect, test } from 'vitest';
import { isRefusedRegex } from '../../src/contract/regex.ts';
import { rules } from '../../src/contract/rules.ts';
import type { CodexVersion } from '../../src/contract/version.ts';
import { validate } from '../../src/validate.ts';
import { packageData } from '../support/policies.ts';

function codesOn(toml: string, version: string): string[] {
  const { diagnostics } = validate({ name: 'x', text: toml }, [version as CodexVersion], packageData.contract);
  return diagnostics.map(({ location, code }) => `${location.line}:${location.column} ${code}`);
}

const hook = (lines: string, event = 'PreToolUse', group = ''): string =>
  `[hooks]\nmanaged_dir = "/h"\n[[hooks.${event}]]\n${group}[[hooks.${event}.hooks]]\ntype = "command"\ncommand = "/x"\n${lines}`;

/** A file that breaks the rule, where that shows, and the same file set right. Each was given to the real binary. */
const cases: readonly (readonly [subject: string, broken: string, expected: string, right: string])[] = [
  [
    'rule:features-twice',
    '[features]\nhooks = true\n[feature_requirements]\napps = false\n',
    '1:2 contract/file-refused',
    '[feature_requirements]\napps = false\n',
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
];

test.each(cases)('%s', (_subject, broken, expected, right) => {
  expect(codesOn(broken, '0.169.0')).toContain(expected);
  expect(codesOn(right, '0.169.0')).toEqual([]);
});

test('each rule in code has a fact, each fact a rule and a case', () => {
  const facts = packageData.contract.facts.filter(({ kind }) => kind === 'rule').map(({ subject }) => subject);
  expect(Object.keys(rules).sort()).toEqual(facts);
  expect(cases.map(([subject]) => subject).sort()).toEqual(facts);
});

test.each([
  ['^(?!Bash)', true],
  ['(?<=a)b', true],
  ['(a)\\1', true],
  ['(', true],
  [')', true],
  ['[a', true],
  ['*a', true],
  ['a|*', true],
  ['a\\', true],
  ['(?:*)', true],
  ['^Bash$', false],
  ['Read|Bash', false],
  ['mcp__.*__write.*', false],
  ['(?i)bash', false],
  ['(?P<n>a)+', false],
  ['[]a]', false],
  ['[^]]', false],
  ['\\(', false],
  ['[(]', false],
  ['a{2,3}', false],
  ['a??', false],
  ['', false],
  ['[[:alpha:]]+', false],
])('the regular expression %s is refused: %s', (pattern, refused) => {
  expect(isRefusedRegex(pattern)).toBe(refused);
});
