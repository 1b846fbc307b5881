import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { type Arguments, stdinMark } from '../../src/cli/options.ts';
import { parseFast } from '../../src/cli/run.ts';
import { runYargs } from '../../src/cli/yargs.ts';

const io: Io = {
  args: [],
  cwd: '/',
  env: {},
  stdin: async () => new Uint8Array(),
  stdout: () => {},
  stderr: () => {},
  isTerminal: false,
  width: 100,
};

/** Command lines without mistakes. */
const lines: readonly (readonly string[])[] = [
  ['build'],
  ['build', 'policy.yaml'],
  ['build', stdinMark],
  ['build', '--out', 'there', '--check', 'policy.yaml', '--zip'],
  ['build', '--out=a=b', '--format=json', '--quiet', '--no-color'],
  ['build', '--', '--odd.yaml'],
  ['--color', 'build', '--target', 'jamf'],
  ['validate', 'a.toml', 'b.toml', stdinMark],
  ['validate', '--codex', '0.169.0,0.141.0', 'a.toml', '--codex', '>=0.150'],
  ['validate', '--codex', '0.10', '--max-warnings', '0', '--severity', 'a/b=off', '017'],
  ['schema', 'policy'],
  ['codes', 'contract/key-too-new'],
  ['targets'],
  ['versions'],
];

test.each(lines)('yargs and the fast parser read alike: %s %s %s', async (...line) => {
  let slow: { name: string; args: Arguments } | undefined;
  const exit = await runYargs(line, io, async (name, args) => {
    slow = { name, args };
    return 0;
  });
  expect(exit).toBe(0);
  expect(parseFast(line)).toEqual(slow);
  expect(slow).toBeDefined();
});

test.each([
  [['build', '--fast']],
  [['build', 'a', 'b']],
  [['build', '--out']],
  [['build', '--out', 'a', '--out', 'b']],

  [['validate']],
  [['validate', '--max-warnings', 'many', 'a']],
  [['validate', '--format', 'xml', 'a']],
  [['policy.yaml']],
  [['build', '--help']],
  [[]],
])('a line with a mistake, or for help, is left to yargs: %s', (line) => {
  expect(parseFast(line)).toBeUndefined();
});
