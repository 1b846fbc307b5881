import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodexVersion } from '../../src/contract/version.ts';
import { isSame } from '../../src/fix/change.ts';
import { type Fixed, fix } from '../../src/fix/fix.ts';
import { intended } from '../../src/fix/names.ts';
import type { DataTable } from '../../src/source/document.ts';
import { parseToml } from '../../src/source/toml.ts';
import { validate } from '../../src/validate.ts';
import { builtRequirements } from '../support/built.ts';
import { packageData } from '../support/policies.ts';

const { contract } = packageData;
const newest = contract.releases.slice(-1).map(({ version }) => version);

function errorsOf(text: string, versions: readonly CodexVersion[] = newest): number {
  return validate({ name: 'r.toml', text }, versions, contract).diagnostics.filter((one) => one.severity === 'error')
    .length;
}

function fixed(text: string, versions: readonly CodexVersion[] = newest): Fixed {
  const judge = (source: { name: string; text: string }) => validate(source, versions, contract).diagnostics;
  return fix({ name: 'r.toml', text }, { contract, versions, judge });
}

function dataOf(text: string): DataTable {
  const { value } = parseToml({ name: 'r.toml', text });
  if (!value) throw new Error(`does not parse: ${text}`);
  return value.value;
}

const hook = '[features]\nhooks = true\n\n[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "/a"\n';

describe('keys of the root behind a table', () => {
  test.each([
    [
      'move above the header and its comment, with their own comments',
      '# Managed\n\n# Pins\n[features]\nhooks = true # on\n# Who may\n#  approve\nallowed_approval_policies = ["never"] # nobody\n\n# end\n',
      '# Managed\n\n# Who may\n#  approve\nallowed_approval_policies = ["never"] # nobody\n\n# Pins\n[features]\nhooks = true # on\n\n# end\n',
    ],
    [
      'move behind the keys that stand there already',
      'enforce_residency = "us" # here\n\n[features]\nhooks = true\nallow_login_shell = false',
      'enforce_residency = "us" # here\nallow_login_shell = false\n\n[features]\nhooks = true\n',
    ],
    [
      'keep the blank lines between them',
      '[features]\nhooks = true\n\nallow_login_shell = false\n\n# Where\nenforce_residency = "us"\n\n[windows]\nallowed_sandbox_implementations = ["elevated"]\n',
      'allow_login_shell = false\n\n# Where\nenforce_residency = "us"\n\n[features]\nhooks = true\n\n[windows]\nallowed_sandbox_implementations = ["elevated"]\n',
    ],
    [
      'move out of several tables in their order',
      `${hook}enforce_residency = "us"\n\n[windows]\nallow_login_shell = false\n`,
      `enforce_residency = "us"\nallow_login_shell = false\n\n${hook}\n[windows]\n`,
    ],
    [
      'lose the indentation of the table, and a value of many lines keeps its own',
      '  [features]\n  hooks = true\n  allowed_sandbox_modes = [\n    "read-only", # least\n  ]\n  additional_developer_instructions = """\n  a\n  b"""\n',
      'allowed_sandbox_modes = [\n    "read-only", # least\n  ]\nadditional_developer_instructions = """\n  a\n  b"""\n\n  [features]\n  hooks = true\n',
    ],
    [
      'keep CRLF',
      '[features]\r\nhooks = true\r\nallow_login_shell = false\r\n',
      'allow_login_shell = false\r\n\r\n[features]\r\nhooks = true\r\n',
    ],
    [
      'also with dots in their names',
      '[hooks]\nmanaged_dir = "/a"\nfeatures.hooks = true\nfeatures.apps = false\n',
      'features.hooks = true\nfeatures.apps = false\n\n[hooks]\nmanaged_dir = "/a"\n',
    ],
    [
      'also out of a table of free names',
      '[mcp_servers]\ndocs = { identity = { command = "/d" } }\nallowed_sandbox_modes = ["read-only"]\n',
      'allowed_sandbox_modes = ["read-only"]\n\n[mcp_servers]\ndocs = { identity = { command = "/d" } }\n',
    ],
  ])('%s', (_, before, after) => {
    expect(fixed(before).text).toBe(after);
    expect(errorsOf(after)).toBe(0);
  });

  test.each([
    ['that stands at the root as well', 'enforce_residency = "us"\n[features]\nenforce_residency = "us"\n'],
    ['that two tables hold', '[features]\nenforce_residency = "us"\n[windows]\nenforce_residency = "us"\n'],
    ['that would be refused there', '[features]\nhooks = true\nallowed_sandbox_modes = ["workspace-write"]\n'],
    ['that would open a table which has a header', '[hooks]\nfeatures.hooks = true\n\n[features]\napps = false\n'],
  ])('nothing is done to a key %s', (_, text) => {
    expect(errorsOf(text)).toBeGreaterThan(0);
    expect(fixed(text)).toEqual({ text, done: [] });
  });
});

describe('names', () => {
  test.each([
    ['timeoutSec', `${hook}timeoutSec = 5 # s\n`, `${hook}timeout = 5 # s\n`],
    [
      'timeout_sec in braces',
      'hooks.Stop = [{hooks=[{type="command",command="/a","timeout_sec"=5}]}]\nfeatures.hooks=true\n',
      'hooks.Stop = [{hooks=[{type="command",command="/a","timeout"=5}]}]\nfeatures.hooks=true\n',
    ],
    ['status_message', `${hook}status_message = 'x'\n`, `${hook}statusMessage = 'x'\n`],
    ['an event in all its headers', hook.replaceAll('Stop', 'Sotp'), hook],
    ['an event and what it hides', `${hook.replaceAll('Stop', 'stop')}timeoutSec = 5\n`, `${hook}timeout = 5\n`],
    ['a flag', '[features]\nhoooks = true\n', '[features]\nhooks = true\n'],
    ['a table', '[feature]\nhooks = true\n', '[features]\nhooks = true\n'],
    [
      'a value, in its quotes',
      'allowed_sandbox_modes = [\'read-olny\', "workspace_write"]\n',
      'allowed_sandbox_modes = [\'read-only\', "workspace-write"]\n',
    ],
    ['a handler type', hook.replace('"command"', '"comand"'), hook],
    [
      'one of two spellings with one value',
      `${hook}command_windows = "b"\ncommandWindows = 'b'\n`,
      `${hook}command_windows = "b"\n`,
    ],
    [
      'the same in braces',
      'hooks.Stop = [{ hooks = [{ commandWindows = "b", type = "command", command = "/a", command_windows = "b" }] }]\nfeatures.hooks = true\n',
      'hooks.Stop = [{ hooks = [{ type = "command", command = "/a", command_windows = "b" }] }]\nfeatures.hooks = true\n',
    ],
    [
      'a byte order mark of its own is none of ours',
      '[features]\nhoks = true # \ud83d\ude00 \n',
      '[features]\nhooks = true # \ud83d\ude00 \n',
    ],
  ])('%s', (_, before, after) => {
    expect(fixed(before).text).toBe(after);
    expect(errorsOf(after)).toBe(0);
  });

  test.each([
    ['timeoutSec beside timeout', `${hook}timeout = 1\ntimeoutSec = 5\n`],
    ['both spellings with two values', `${hook}command_windows = "b"\ncommandWindows = "c"\n`],
    ['two slips away', '[features]\nhokks2 = true\n'],
    ['a number in the name', '[features]\nmulti_agent_v9 = true\n'],
    ['two events that would be one', `${hook}${hook.replaceAll('Stop', 'Sotp').replace(/^.*?\n\n/s, '')}`],
    ['no TOML', 'allowed_sandbox_modes = [\n'],
  ])('%s: that is for people', (_, text) => {
    expect(errorsOf(text)).toBeGreaterThan(0);
    expect(fixed(text)).toEqual({ text, done: [] });
  });

  test('a release that would not take the right name either keeps the wrong one', () => {
    const text = 'allow_managed_hook_only = true\n';
    const old = contract.releases.filter(({ version }) => version === '0.125.0').map(({ version }) => version);
    expect(fixed(text).text).toBe('allow_managed_hooks_only = true\n');
    expect(fixed(text, old)).toEqual({ text, done: [] });
  });

  test('what is right is done beside what cannot be', () => {
    const { text, done } = fixed('allowed_sandbox_modes = ["workspace-wirte"]\n[features]\nhoks = true\nother = 1\n');
    expect(text).toBe('allowed_sandbox_modes = ["workspace-wirte"]\n[features]\nhooks = true\nother = 1\n');
    expect(done).toEqual(['`features.hoks` is now `hooks`']);
  });

  test('one slip, and only one meaning', () => {
    expect(intended('CommandWindows', ['commandWindows', 'command_windows'])).toBe('commandWindows');
    expect(intended('command-windows', ['commandWindows', 'command_windows'])).toBe('command_windows');
    expect(intended('ab', ['abc'])).toBeUndefined();
    expect(intended('abce', ['abcd', 'abcf'])).toBeUndefined();
    expect(intended('gpt_5', ['gpt_6'])).toBeUndefined();
  });
});

describe('any file', () => {
  const pieces = [
    '[features]\n',
    '[hooks]\n',
    '[[hooks.Stop]]\n',
    '[[hooks.Stop.hooks]]\n',
    '[[hooks.Sotp]]\n',
    '[mcp_servers]\n',
    'hoks = true\n',
    'features.hoks = true\n',
    'allow_login_shell = false # c\n',
    'enforce_residency = "us"\n',
    "allowed_sandbox_modes = [\n  'read-olny', # c\n]\n",
    'type = "comand"\n',
    'command = "a"\n',
    'timeoutSec = 1\n',
    'timeout = 1\n',
    'commandWindows = "b"\n',
    'command_windows = "b"\n',
    'x = { timeoutSec = 1, commandWindows = "b", command_windows = "b" }\n',
    '# c\n',
    '  # d\r\n',
    '\n',
    '  ',
    '[windows]',
    '\r\n',
  ];
  test('whatever stands together: it ends, parses as before or better, and is done in one go', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (chosen) => {
        const text = chosen.join('');
        const result = fixed(text);
        if (result.done.length === 0) expect(result.text).toBe(text);
        else expect(errorsOf(result.text)).toBeLessThan(errorsOf(text));
        const comments = (of: string): string[] => [...of.matchAll(/# [cd]/g)].map(String).sort();
        expect(comments(result.text)).toEqual(comments(text));
        expect(fixed(result.text).done).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  const slips = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('swap', 'drop', 'double'));

  test.each([...builtRequirements])('%s: one slip is mended or left alone, never made worse', (_, good) => {
    expect(fixed(good)).toEqual({ text: good, done: [] });
    const words = [...good.matchAll(/[A-Za-z_]{5,}/g)];
    fc.assert(
      fc.property(slips, ([at, inside, kind]) => {
        const word = words[at % words.length];
        if (!word) return;
        const [old] = word;
        const place = inside % (old.length - 1);
        const [a = '', b = ''] = [old[place], old[place + 1]];
        const middle = { swap: b + a, drop: b, double: a + a + b }[kind];
        const wrong = old.slice(0, place) + middle + old.slice(place + 2);
        const text = good.slice(0, word.index) + wrong + good.slice(word.index + old.length);
        if (!parseToml({ name: 'r.toml', text }).value) return;
        const result = fixed(text);
        expect(errorsOf(result.text)).toBeLessThanOrEqual(errorsOf(text));
        if (result.done.length === 0) expect(result.text).toBe(text);
        else expect(isSame(dataOf(result.text), dataOf(good))).toBe(true);
        expect(fixed(result.text)).toEqual({ text: result.text, done: [] });
      }),
      { numRuns: 15 },
    );
  });
});
