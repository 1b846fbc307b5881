import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { advise } from '../../src/contract/advice.ts';
import type { Placing } from '../../src/contract/findings.ts';
import { statementsOf } from '../../src/contract/statements.ts';
import type { CodexVersion } from '../../src/contract/version.ts';
import { emptyTable } from '../../src/source/document.ts';
import { parseToml } from '../../src/source/toml.ts';
import { type ValidateOptions, validate } from '../../src/validate.ts';
import { packageData } from '../support/policies.ts';

const newest = packageData.contract.releases.at(-1)?.version as CodexVersion;

function advice(text: string, options: ValidateOptions = {}): string[] {
  const { diagnostics } = validate({ name: 'x', text }, [newest], packageData.contract, options);
  return diagnostics.map(({ location, code }) => `${location.line}:${location.column} ${code}`);
}

function helps(text: string): (string | undefined)[] {
  return validate({ name: 'x', text }, [newest], packageData.contract).diagnostics.map(({ help }) => help);
}

const pin = '[features]\nhooks = true\n';

/** Line 5 is the first line of the handler's own. */
function hook(lines: string, event = 'PreToolUse'): string {
  return `${pin}[[hooks.${event}]]\n[[hooks.${event}.hooks]]\n${lines}\ntype = "command"\n`;
}

test.each([
  ['~/bin/hook', 'advice/command-home'],
  ['python3 ~/hook.py', 'advice/command-home'],
  ['"$HOME"/hook', undefined],
  ['$HOME/hook', 'advice/command-home'],
  ['$HOOKS/hook', 'advice/command-variable'],
  ['%ProgramData%/hook', 'advice/command-variable'],
  ['./hook', 'advice/command-relative'],
  ['.codex/hook.sh --flag', 'advice/command-relative'],
  ['node hook.js', 'advice/command-relative'],
  ['sh hooks/a.sh', 'advice/command-relative'],
  ['sh /etc/codex/hooks/a.sh', 'advice/command-unguarded'],
  ['/bin/bash /etc/codex/hooks/a.sh PreToolUse', 'advice/command-unguarded'],
  ['/etc/codex/hooks/a.sh', undefined],
  ['python3 /etc/codex/hooks/a.py', undefined],
  ['python3 -m acme.hook', undefined],
  ['acme-hook --event PreToolUse', undefined],
  ['[ -r /x ] || exit 0; exec /bin/sh /x', undefined],
  ['/bin/sh -c \'exec /x "$0"\'', undefined],
  ["'/bin/sh' '-c' '. \"$0\"' '/x'", undefined],
])('the command %s', (command, code) => {
  expect(advice(hook(`command = ${JSON.stringify(command)}`))).toEqual(code === undefined ? [] : [`5:11 ${code}`]);
});

test.each([
  ['"C:\\Program Files\\a.exe" -x', 'advice/command-windows-quoted'],
  ["'C:\\a.ps1'", 'advice/command-windows-quoted'],
  ['& "C:\\a b\\a.exe"', undefined],
  ['powershell.exe -File "C:\\a b\\a.ps1"', undefined],
  ['/etc/codex/hooks/a.sh', 'advice/command-windows-posix'],
  ['sh C:/a.sh', 'advice/command-windows-posix'],
  ['a.exe > /dev/null', 'advice/command-windows-posix'],
  ['%ProgramData%\\a.exe', 'advice/command-windows-variable'],
  ['cmd /c %ProgramData%\\a.exe', undefined],
  ['py -3 C:\\a.py', undefined],
  ['cmd /c C:\\a.cmd', undefined],
  ['\\\\server\\share\\a.exe', undefined],
  ['//server/share/a.exe', undefined],
])('the Windows command %s', (command, code) => {
  const text = hook(`command_windows = ${JSON.stringify(command)}\ncommand = "/a"`);
  expect(advice(text)).toEqual(code === undefined ? [] : [`5:19 ${code}`]);
});

test('one command in many handlers is named once, with the other places beside it', () => {
  const text = hook('command = "sh /a"') + hook('command = "sh /a"', 'Stop').replace(pin, '');
  const { diagnostics } = validate({ name: 'x', text }, [newest], packageData.contract);
  expect(diagnostics.map(({ code, related }) => [code, related.map(({ location }) => location.line)])).toEqual([
    ['advice/command-unguarded', [9]],
  ]);
});

test('a POSIX command without `command_windows` is a matter of Windows alone', () => {
  const text = hook('command = "/a"');
  expect(advice(text)).toEqual([]);
  expect(advice(text, { platforms: ['linux', 'macos'] })).toEqual([]);
  expect(advice(text, { platforms: ['windows'] })).toEqual(['5:11 advice/command-windows-missing']);
});

test.each([
  ['PreToolUse', 'Bash', true],
  ['PreToolUse', 'bash', false],
  ['PreToolUse', 'Read|Bash', true],
  ['PreToolUse', 'Edit|Write', true],
  ['PreToolUse', 'MultiEdit', false],
  ['PreToolUse', '^Ba', true],
  ['PreToolUse', 'as.', true],
  ['PreToolUse', '^shell$', false],
  ['PreToolUse', '^(shell|exec_command)$', false],
  ['PreToolUse', '^(shell|Bash)$', true],
  ['PreToolUse', 'Bash, Edit', false],
  ['PreToolUse', 'Bash(git:*)', true],
  ['PreToolUse', 'mcp__github', false],
  ['PreToolUse', 'mcp__github__.*', true],
  ['PreToolUse', 'mcp__github__create_issue', true],
  ['PreToolUse', '.*delete.*', true],
  ['PreToolUse', '^delete', false],
  ['PreToolUse', '(?i)bash', true],
  ['PreToolUse', 'view_image', true],
  ['PermissionRequest', 'Shell', false],
  ['PreToolUse', '(a+)+$', true],
  ['SessionStart', 'startup|resume', true],
  ['SessionStart', 'start', false],
  ['SessionStart', 'start$', false],
  ['SessionStart', '^start', true],
  ['SessionStart', 'mcp__a__b', false],
  ['PreCompact', 'manual', true],
  ['PreCompact', 'Manual', false],
  ['SubagentStart', 'anything', true],
])('at %s the matcher %s', (event, matcher, isFine) => {
  const text = hook('command = "/a"', event).replace(']]\n', `]]\nmatcher = ${JSON.stringify(matcher)}\n`);
  expect(advice(text)).toEqual(isFine ? [] : ['4:11 advice/matcher-matches-nothing']);
});

test('a matcher that matches nothing is answered with the one that was meant', () => {
  const meant = (matcher: string): unknown =>
    helps(hook('command = "/a"').replace(']]\n', `]]\nmatcher = ${JSON.stringify(matcher)}\n`))[0];
  expect(meant('shell')).toBe('write `Bash`');
  expect(meant('bash|MultiEdit')).toBe('write `Bash|apply_patch`');
  expect(meant('mcp__github')).toBe('write `mcp__github__.*`');
});

test('no matcher can keep the validator busy', () => {
  const matcher = `${'(a|a.*'.repeat(200)}${')'.repeat(200)}${'.*a'.repeat(2000)}b`;
  const start = performance.now();
  advice(hook('command = "/a"').replace(']]\n', `]]\nmatcher = '${matcher}'\n`));
  expect(performance.now() - start).toBeLessThan(2000);
});

test.each([
  ['600', []],
  ['601', ['write the seconds that a session may wait']],
  ['30000', ['write `30` if milliseconds were meant']],
])('a timeout of %s', (timeout, expected) => {
  expect(helps(hook(`command = "/a"\ntimeout = ${timeout}`))).toEqual(expected);
});

test('scripts outside of the managed directory are named once for each folder; programs of the system are none', () => {
  const text = `${pin}[hooks]\nmanaged_dir = "/etc/codex/hooks"\nStop = [{ hooks = [
  { type = "command", command = "/srv/a" }, { type = "command", command = "python3 /srv/b.py" },
  { type = "command", command = "/usr/bin/true" }, { type = "command", command = "/etc/codex/hooks/a" },
] }]\n`;
  expect(advice(text)).toEqual(['6:33 advice/managed-dir-elsewhere']);
});

test('on Windows letter case and the kind of slash do not tell folders apart', () => {
  const file = (path: string): string =>
    hook(`command = "/a"\ncommand_windows = 'powershell.exe -NoProfile -File ${path}'`);
  const at = (path: string): string[] => advice(`${file(path)}[hooks]\nwindows_managed_dir = 'C:\\Codex\\Hooks'\n`);
  expect(at('c:/codex/hooks/a.ps1')).toEqual([]);
  expect(at('C:\\Codex\\other\\a.ps1')).toEqual(['6:19 advice/managed-dir-elsewhere']);
});

const rule = (pattern: string, decision = 'forbidden'): string =>
  `[[rules.prefix_rules]]\npattern = [${pattern}]\ndecision = "${decision}"\n`;

test.each([
  ['{ token = "git" }', []],
  ['{ token = "rm -rf" }', ['2:22 advice/rule-word']],
  ['{ token = "git" }, { any_of = ["push", "push *", "*"] }', ['2:51 advice/rule-word', '2:61 advice/rule-word']],
  ['{ token = "head" }, { token = "|" }', ['2:42 advice/rule-word']],
  ['{ token = "FOO=1" }', ['2:22 advice/rule-word']],
  ['{ token = "dd" }, { token = "if=/dev/zero" }', []],
  ['{ token = "/usr/bin/git" }', ['2:22 advice/rule-absolute-path']],
  ['{ token = "cat" }, { token = "/etc/shadow" }', []],
])('the pattern %s', (pattern, expected) => {
  expect(advice(rule(pattern))).toEqual(expected);
});

test('a rule that another one covers changes nothing, wherever it stands', () => {
  const git = rule('{ token = "git" }');
  const push = rule('{ token = "git" }, { any_of = ["push", "commit"] }', 'prompt');
  expect(advice(git + push)).toEqual(['4:9 advice/shadowed-rule']);
  expect(advice(push + git)).toEqual(['1:9 advice/shadowed-rule']);
  expect(advice(git + git)).toEqual(['4:9 advice/shadowed-rule']);
  expect(advice(git.replace('forbidden', 'prompt') + push.replace('prompt', 'forbidden'))).toEqual([]);
  expect(advice(rule('{ any_of = ["a", "b"] }') + rule('{ token = "b" }, { token = "c" }'))).toEqual([
    '4:9 advice/shadowed-rule',
  ]);
});

const host = (patterns: string): string =>
  `[[remote_sandbox_config]]\nhostname_patterns = [${patterns}]\nallowed_sandbox_modes = ["read-only"]\n`;
const modes = 'allowed_sandbox_modes = ["read-only"]\n';

test('the first entry that matches a host decides', () => {
  expect(advice(modes + host('"*.a.com"') + host('"X.A.com"'))).toEqual(['5:3 advice/host-unreachable']);
  expect(advice(modes + host('"*.a.com"') + host('"x.a.com", "b"'))).toEqual(['6:22 advice/host-pattern-covered']);
  expect(advice(modes + host('"*"') + host('"?"'))).toEqual(['5:3 advice/host-unreachable']);
  expect(advice(modes + host('"?.a.com"') + host('"x.a.com"'))).toEqual(['5:3 advice/host-unreachable']);
  expect(advice(modes + host('"?.a.com"') + host('"*.a.com"'))).toEqual([]);
  expect(advice(modes + host('"a-*"') + host('"*-a"'))).toEqual([]);
});

test('lists that contradict, and domains that no request has', () => {
  const on = '[experimental_network]\nenabled = true\n';
  expect(advice(`${on}allowed_domains = ["A.com."]\ndenied_domains = ["a.com"]\n`)).toEqual([
    '3:20 advice/domain-contradiction',
  ]);
  expect(advice(`${on}[experimental_network.domains]\n"*.a.com" = "allow"\n"x.a.com" = "deny"\n`)).toEqual([]);
  expect(advice(`${on}[experimental_network.domains]\n"a.com:443" = "allow"\n`)).toEqual(['4:1 advice/domain-form']);
  expect(advice('[experimental_network]\nenabled = false\nallow_local_binding = true\n')).toEqual([]);
});

test('a secret is named, and never shown', () => {
  const token = `${'ghp_'}${'a1'.repeat(20)}`;
  const text = hook(`command = "/a"\nstatusMessage = "${token}"`);
  const found = JSON.stringify(validate({ name: 'x', text }, [newest], packageData.contract).diagnostics);
  expect(found).toContain('advice/secret');
  expect(found).not.toContain(token);
});

test.each([
  ['by itself', 'gh', 'p_'],
  ['by an escape', '\\u0067h', 'p_'],
  ['by a long escape', '\\U00000067h', 'p_'],
  ['by a short escape', '\\x67h', 'p_'],
  ['over two lines', 'gh\\\n  ', 'p_'],
])('a secret that is spelled %s is found', (_, first, second) => {
  const quote = '"'.repeat(first.includes('\n') ? 3 : 1);
  const text = `statusMessage = ${quote}${first}${second}${'a1'.repeat(20)}${quote}`;
  expect(advice(hook(`command = "/a"\n${text}`)).map((found) => found.split(' ')[1])).toContain('advice/secret');
});

test('where the judge has spoken, advice is silent', () => {
  expect(advice('[experimental_network]\nenabled = true\nallowed_domains = ["https://a.com"]\n')).toEqual([
    '3:20 contract/session-fails',
  ]);
});

test('thousands of rules and hosts cost little more than to judge them', () => {
  const rules = Array.from({ length: 3300 }, (_, at) => rule(`{ token = "git" }, { token = "sub${at % 3000}" }`));
  const hosts = Array.from({ length: 1300 }, (_, at) => host(`"host-${at}.example.com", "lab-${at}-*"`));
  const table = parseToml({ name: 'x', text: modes + rules.join('') + hosts.join('') }).value?.value ?? emptyTable();
  const place: Placing = (path) => ({ location: { file: 'x', line: 1, column: 1, endLine: 1, endColumn: 1 }, path });
  const start = process.cpuUsage();
  statementsOf(table, packageData.contract);
  const judged = process.cpuUsage(start);
  const before = process.cpuUsage();
  const found = advise(table, packageData.contract, { versions: [newest], found: [] }, place);
  const advised = process.cpuUsage(before);
  expect(found.filter(({ code }) => code === 'advice/shadowed-rule')).toHaveLength(300);
  expect(advised.user).toBeLessThan(judged.user * 3 + 500_000);
});

test('our own builds need no advice but what their policies ask for', () => {
  const found = readdirSync('dist-profiles').flatMap((name) => {
    const text = readFileSync(`dist-profiles/${name}/device/requirements.toml`, 'utf8');
    return advice(text).map((one) => `${name} ${one}`);
  });
  expect(found).toEqual([
    'ci-fleet 11:2 advice/mcp-none',
    'mintmcp 11:11 advice/command-unguarded',
    'mintmcp-managed-only 13:11 advice/command-unguarded',
  ]);
});
