import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalog } from '../src/diagnostics/catalog.ts';
import { presets } from '../src/policy/presets.ts';
import { targets } from '../src/targets/index.ts';

const schema = JSON.parse(readFileSync('schemas/policy.schema.json', 'utf8'));

test("the targets are those of the schema and of the command line's --target", async () => {
  const names = targets.map(({ name }) => name).sort();
  expect(Object.keys(schema.properties.targets.properties).sort()).toEqual(names);
  const { commands } = await import('../src/cli/options.ts');
  expect(commands.build.options.target.choices).toEqual(names);
});

test('each preset that this release builds is one of the schema', () => {
  const known: readonly string[] = schema.$defs.relay.properties.preset.enum;
  for (const name of Object.keys(presets)) expect(known).toContain(name);
});

test('each code has a family, and a sentence of why', () => {
  for (const [code, { why, severity }] of Object.entries(catalog)) {
    expect(code).toMatch(
      /^(?:input|yaml|toml|policy|profile|config|contract|advice|target)\/[a-z0-9]+(?:-[a-z0-9]+)*$/,
    );
    expect(why).toMatch(/^(?:[A-Z`]|macOS ).*\.$/s);
    expect(['error', 'warning', 'note']).toContain(severity);
  }
});

test('the package ships what it reads, and starts as a program', () => {
  const { files, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(files).toEqual(expect.arrayContaining(['dist', 'schemas', 'templates']));
  expect(readFileSync(bin['codex-mdm'], 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});
