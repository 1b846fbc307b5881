import { describe, expect, test } from 'vitest';
import { listedFlags } from '../../src/prober/codex.ts';
import { hintIn, plainMessage, typeOfExpected } from '../../src/prober/messages.ts';

const newer = (text: string) =>
  `Error: failed to load bootstrap configuration\n\nCaused by:\n    failed to parse requirements layer /etc/codex/requirements.toml: ${text}`;
const older = (text: string) =>
  `Error: Error parsing requirements file /etc/codex/requirements.toml: TOML parse error at line 1, column 21\n  |\n1 | enforce_residency = "bogus"\n  |                     ^^^^^^^\n${text}`;

describe('what Codex says of a refused file', () => {
  test('is the same words without layer, line and excerpt', () => {
    const said = 'unknown variant `bogus`, expected `us`';
    expect(plainMessage(older(said))).toBe(said);
    expect(plainMessage(newer(`${said}\n    in \`enforce_residency\``))).toBe(`${said} in \`enforce_residency\``);
  });

  test.each([
    [
      'unknown field `x`, expected one of `a`, `b` in `otel`',
      { kind: 'unknown-field', name: 'x', expected: ['a', 'b'] },
    ],
    ['unknown field `x`, expected `a` or `b`', { kind: 'unknown-field', name: 'x', expected: ['a', 'b'] }],
    ['unknown field `x`, there are no fields', { kind: 'unknown-field', name: 'x', expected: [] }],
    ['unknown variant `x`, expected `us`', { kind: 'unknown-variant', name: 'x', expected: ['us'] }],
    ['missing field `command` in `hooks`', { kind: 'missing-field', name: 'command' }],
    ['invalid type: integer `5`, expected a boolean in `a.b`', { kind: 'type', expected: 'a boolean' }],
    ['invalid type: string "text", expected u16', { kind: 'type', expected: 'u16' }],
    ['invalid type: sequence, expected struct Example in `a`', { kind: 'type', expected: 'struct Example' }],
    ['invalid length 0, expected struct Example with 7 elements', { kind: 'length', struct: 'Example', members: 7 }],
  ])('%s', (message, hint) => expect(hintIn(message)).toEqual(hint));

  test('names a type of the contract, or none', () => {
    expect(
      ['a boolean', 'a string', 'path string', 'u64', 'a sequence', 'a map', 'struct X', 'a unicorn'].map(
        typeOfExpected,
      ),
    ).toEqual(['boolean', 'string', 'path', 'integer', 'array', 'map', 'table', undefined]);
  });
});

test('the list of flags is read with its stages of two words', () => {
  expect([...listedFlags('apps    under development  false\nhooks   stable   true\n')]).toEqual([
    ['apps', { stage: 'under development', isOn: false }],
    ['hooks', { stage: 'stable', isOn: true }],
  ]);
});
