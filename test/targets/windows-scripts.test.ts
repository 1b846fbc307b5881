import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/artifacts/artifact.ts';
import { detectScript, remediateScript, removalScript } from '../../src/targets/windows-scripts.ts';
import {
  enterpriseBundle,
  exampleBundle,
  hostileTexts,
  requirementsOnlyBundle,
  templatesFromDisk,
} from '../support/bundle.ts';
import { powershellFaults } from '../support/powershell.ts';

const makers = [detectScript, remediateScript, removalScript];

/** The marked block of values, where everything of the policy stands. */
function valuesOf(script: string): string {
  return /# codex-mdm: values begin\n(.*)# codex-mdm: values end\n/s.exec(script)?.[1] ?? '';
}

/** The text that a literal of ours stands for. */
function decoded(literal: string): string {
  const encoded = /^\[Text\.Encoding\]::UTF8\.GetString\(\[Convert\]::FromBase64String\('([A-Za-z0-9+/=]*)'\)\)$/.exec(
    literal,
  )?.[1];
  return encoded === undefined ? literal.replace(/^'([^']*)'$/, '$1') : Buffer.from(encoded, 'base64').toString('utf8');
}

interface Listed {
  readonly folder: string;
  readonly name: string;
  readonly hash: string;
  readonly rest: string;
}

function filesOf(script: string): Listed[] {
  return [...valuesOf(script).matchAll(/^ {4}@\{ Folder = (.*?); Name = (.*?); Hash = '([0-9A-F]{64})'(.*) \}$/gm)].map(
    ([, folder = '', name = '', hash = '', rest = '']) => ({
      folder: decoded(folder),
      name: decoded(name),
      hash,
      rest,
    }),
  );
}

function foldersOf(script: string): string[] {
  const block = /^\$folders = @\(\n((?: {4}.*\n)*)\)$/m.exec(valuesOf(script))?.[1] ?? '';
  return block
    .trim()
    .split('\n')
    .map((line) => decoded(line.trim()));
}

describe.each([
  [
    'exampleBundle',
    exampleBundle(),
    'C:\\ProgramData\\OpenAI\\Codex\\hooks',
    ['$codex', 'C:\\ProgramData\\OpenAI\\Codex\\hooks'],
  ],
  ['enterpriseBundle', enterpriseBundle(), 'C:\\enterprise\\hooks', ['C:\\enterprise\\hooks', '$codex']],
] as const)('%s', (_, bundle, dir, folders) => {
  const inOrder = [
    [dir, 'audit.ps1'],
    [dir, 'codex-relay-ca.pem'],
    [dir, 'codex-relay.ps1'],
    ['$codex', 'config.toml'],
    ['$codex', 'requirements.toml'],
  ];

  test('every Windows file with its exact bytes, the requirements last', () => {
    const files = filesOf(remediateScript(bundle));
    expect(files.map(({ folder, name }) => [folder, name])).toEqual(inOrder);
    for (const { name, hash, rest } of files) {
      const bytes = Buffer.from(/^; Base64 = '([A-Za-z0-9+/]*={0,2})'$/.exec(rest)?.[1] ?? '-', 'base64');
      expect(sha256(bytes).toUpperCase()).toBe(hash);
      expect(bundle.device.find((file) => file.name === name)?.sha256.toUpperCase()).toBe(hash);
    }
    expect(foldersOf(remediateScript(bundle))).toEqual(folders);
  });

  test('the detection looks at the same files and carries none of them', () => {
    const looked = filesOf(detectScript(bundle));
    expect(looked.map(({ folder, name, rest }) => [folder, name, rest])).toEqual(
      inOrder.map((place) => [...place, '']),
    );
    expect(looked.map(({ hash }) => hash)).toEqual(filesOf(remediateScript(bundle)).map(({ hash }) => hash));
    expect(foldersOf(detectScript(bundle))).toEqual(folders);
  });

  test('the removal begins with the requirements and takes folders from the inside out', () => {
    expect(filesOf(removalScript(bundle)).map(({ folder, name, rest }) => [folder, name, rest])).toEqual([
      ['$codex', 'requirements.toml', "; Rule = 'first'"],
      ['$codex', 'config.toml', "; Rule = 'known'"],
      [dir, 'codex-relay.ps1', "; Rule = 'own'"],
      [dir, 'codex-relay-ca.pem', "; Rule = 'own'"],
      [dir, 'audit.ps1', "; Rule = 'known'"],
    ]);
    expect(foldersOf(removalScript(bundle))).toEqual(folders.toReversed());
  });

  test('fit for Windows PowerShell 5.1, for consoles that substitute, and equal when made again', async () => {
    for (const make of makers) {
      expect(await powershellFaults(make(bundle))).toEqual([]);
      expect(make(bundle)).not.toMatch(/%|\{\{|\r/);
      expect(make(bundle)).toBe(make(bundle));
      expect(make(bundle).startsWith('#Requires -Version 5.1\n')).toBe(true);
    }
  });
});

test('the templates as they stand are fit for Windows PowerShell 5.1', async () => {
  const templates = [...templatesFromDisk()].filter(([name]) => name.startsWith('windows-'));
  expect(templates).toHaveLength(3);
  for (const [, text] of templates) expect(await powershellFaults(text)).toEqual([]);
});

test('detection and remediation judge rights by the same text', () => {
  const judged = ['$replace = ', '$write = ', 'function Test-Link', 'function Get-Intruder', 'function Get-Parent'].map(
    (begin) => [partFrom(detectScript(exampleBundle()), begin), partFrom(remediateScript(exampleBundle()), begin)],
  );
  for (const [detected, remediated] of judged) {
    expect(detected?.length).toBeGreaterThan(40);
    expect(remediated).toBe(detected);
  }
});

function partFrom(script: string, begin: string): string {
  const from = script.indexOf(`\n${begin}`);
  return script.slice(
    from,
    begin.startsWith('function') ? script.indexOf('\n}\n', from) : script.indexOf('\n', from + 1),
  );
}

test('hostile paths and versions stay text', async () => {
  for (const text of hostileTexts) {
    const dir = `C:\\x ' ${text.replaceAll(/[\n\\/:*?"<>|]/g, ' ')} %TEMP% {{x}} $env`;
    const bundle = exampleBundle({ dirs: { posix: undefined, windows: dir }, policy: { policyVersion: text } });
    for (const make of makers) {
      const script = make(bundle);
      expect(await powershellFaults(script)).toEqual([]);
      expect(script).not.toMatch(/%|\{\{/);
      expect(foldersOf(script)).toContain(dir);
      expect(filesOf(script)).toHaveLength(5);
    }
  }
});

test('letter case does not make a second folder of one', () => {
  const bundle = exampleBundle({ dirs: { posix: undefined, windows: 'c:\\programdata\\openai\\CODEX' } });
  expect(foldersOf(remediateScript(bundle))).toEqual(['$codex']);
});

test('a version alone changes the text, so that a platform script runs again', () => {
  const next = requirementsOnlyBundle({ policy: { policyVersion: '2' } });
  expect(remediateScript(next)).not.toBe(remediateScript(requirementsOnlyBundle()));
  expect(filesOf(remediateScript(next)).map(({ name }) => name)).toEqual(['requirements.toml']);
});
