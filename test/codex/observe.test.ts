import { expect, test } from 'vitest';
import { formatted } from '../../src/codex/observe.ts';
import { judgeHooks } from '../../src/codex/observe-hooks.ts';
import { hostOf } from '../../src/codex/observe-hosts.ts';
import { leavesOf, readToml, retyped } from '../../src/codex/observe-leaves.ts';
import { toldOf } from '../../src/codex/observe-report.ts';

const file = `modes = ["a", "b"]
[t]
[h]
n = 5
"x.y" = true
[[h.g]]
m = "text"
`;

function tableOf(text: string) {
  const table = readToml(text);
  if (!table) throw new Error('not TOML');
  return table;
}

test('a file is taken apart into what has no parts of its own', () => {
  expect(leavesOf(tableOf(file)).map(({ path }) => formatted(path))).toEqual([
    'modes',
    't',
    'h.n',
    'h."x.y"',
    'h.g[0].m',
  ]);
});

test('a value of a wrong type stands where it shall, and everything else stays', () => {
  const table = tableOf(file);
  const leaves = leavesOf(table);
  const wrong = tableOf(retyped(table, [['h', 'g', 0, 'm'], ['t'], ['modes'], ['h', 'n']]));
  expect(wrong).toMatchObject({ modes: 5n, t: 5n, h: { n: 'wrong type', 'x.y': true, g: [{ m: true }] } });
  expect(leavesOf(table)).toEqual(leaves);
  expect(tableOf(retyped(table, []))).toEqual(table);
});

test.each([
  ['same', ['allowed_sandbox_modes'], ['b', 'a'], { allowedSandboxModes: ['a', 'b'] }],
  ['different', ['allowed_sandbox_modes'], ['a', 'b'], { allowedSandboxModes: ['a'] }],
  ['different', ['allowed_sandbox_modes'], ['a'], { allowedSandboxModes: ['a', 'b'] }],
  ['not told', ['allowed_sandbox_modes'], ['a'], { allowedSandboxModes: null }],
  ['same', ['allowed_web_search_modes'], ['live'], { allowedWebSearchModes: ['live', 'disabled'] }],
  ['different', ['allowed_web_search_modes'], ['live'], { allowedWebSearchModes: ['live', 'cached'] }],
  ['same', ['allowed_approvals_reviewers'], ['guardian_subagent'], { allowedApprovalsReviewers: ['auto_review'] }],
  ['same', ['log_dir'], 'logs', { logDir: 'file:///etc/codex/logs' }],
  ['same', ['sqlite_home'], '~/x', { sqliteHome: 'file:///room/user/x' }],
  ['different', ['log_dir'], 'logs', { logDir: 'file:///var/logs' }],
  ['not told', ['otel', 'headers', 'a'], 'b', { otel: { headers: { a: '[redacted]' } } }],
  ['same', ['hooks', 'Stop', 0, 'hooks', 0, 'timeout'], 5n, { hooks: { Stop: [{ hooks: [{ timeoutSec: 5 }] }] } }],
])('a report says %s of %j', (told, path, value, report) => expect(toldOf(report, path, value)).toBe(told));

const entry = (patterns: readonly string[]) => ({ hostname_patterns: [...patterns] });

test.each([
  ['dev-x', ['dev-*'], []],
  ['build.example.com', ['build.example.com'], []],
  ['dev-y', ['dev-*'], ['DEV-X*']],
  ['lab-x', ['dev-*', 'lab-?'], ['dev-*']],
  // Nothing is left: any host that it matches.
  ['dev-1x', ['dev-1*'], ['dev-*']],
  ['room', [' room. '], []],
  [undefined, ['', ' . '], []],
  [undefined, [], []],
  [undefined, ['x'.repeat(65)], []],
  [undefined, ['a\nb'], []],
  [`${'x'.repeat(60)}.example.com`, [`${'x'.repeat(60)}.example.com`], []],
])('the host %s is named by %j behind %j', (name, patterns, earlier) =>
  expect(hostOf(entry(patterns), [entry(earlier)])).toBe(name),
);

const blind = {
  requirements: { hooks: { Stop: [{}] } },
  hooks: undefined,
  warnings: [],
  thread: {},
  features: new Map<string, boolean>(),
};

const twoHooks = `[[hooks.Stop]]
matcher = "("
hooks = [{ type = "command", command = "a", async = true }, { type = "prompt" }]
`;

test.each<[said: readonly string[], skipped: readonly string[]]>([
  [[], []],
  [['skipping managed hooks from a: b'], ['hooks.Stop[0].hooks[0]', 'hooks.Stop[0].hooks[1]']],
  [['skipping async hook in a: b'], ['hooks.Stop[0].hooks[0]']],
  [['skipping prompt hook in a: b', 'something else'], ['hooks.Stop[0].hooks[1]']],
  [['invalid matcher "(" in a: b'], ['hooks.Stop[0].hooks[0]', 'hooks.Stop[0].hooks[1]']],
])('a release that cannot list hooks says %j', (saidOfHooks, skipped) => {
  const found = judgeHooks(tableOf(twoHooks), { ...blind, saidOfHooks });
  expect([...found].map(([path, effect]) => `${formatted(path)} ${effect}`)).toEqual(
    skipped.map((path) => `${path} hook-skipped`),
  );
});

test('a release that cannot list hooks speaks of one that is not there', () =>
  expect(() => judgeHooks(tableOf(twoHooks), { ...blind, saidOfHooks: ['skipping agent hook in a'] })).toThrow(
    'agent',
  ));
