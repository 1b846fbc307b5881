import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { builtRequirements } from '../support/built.ts';
import { examples } from '../support/examples.ts';
import { runCli } from '../support/memory-io.ts';
import { scratch } from '../support/policies.ts';
import { testWith } from '../support/programs.ts';
import { yamlDiagnostics } from './editors.ts';

const folder = scratch();
const goodFiles = [...builtRequirements.keys()].map((name) => `good-${name}.toml`);

async function schemaFor(what: 'requirements' | 'policy', ...flags: string[]): Promise<string> {
  const { exit, stdout } = await runCli(['schema', what, ...flags]);
  expect(exit).toBe(0);
  return stdout;
}

const hook = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "/a"\n';

/** Mistakes that a schema can show, each with the word that any editor must name. */
const mistakes: readonly (readonly [name: string, text: string, word: RegExp])[] = [
  ['an unknown key', 'allowed_sandbox_mode = ["read-only"]\n', /allowed_sandbox_mode\b/],
  ['an unknown value', 'allowed_sandbox_modes = ["read-only", "read-write"]\n', /read-write/],
  ['a wrong type', 'allow_managed_hooks_only = "yes"\n', /boolean|yes/i],
  ['an unknown event', '[[hooks.PreToolUsed]]\n', /PreToolUsed/],
  ['an unknown flag', '[features]\nhoooks = true\n', /hoooks/],
  ['an unknown key of a handler', `${hook}timeoutSec = 5\n`, /timeoutSec/],
  ['a handler without its command', '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\n', /command/],
  ['a handler that never runs', '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "prompt"\n', /prompt|type/],
  ['a list without what it must hold', 'allowed_sandbox_modes = ["workspace-write"]\n', /contain|valid/i],
  ['an empty list that is refused', 'allowed_approval_policies = []\n', /item|least|short/i],
  ['a member of an MCP identity', '[mcp_servers.docs.identity]\ncomand = "x"\n', /comand/],
  ['a swallowed root key', '[features]\nhooks = true\nenforce_residency = "us"\n', /enforce_residency/],
  ['a value that is gone', '[experimental_network]\nallowed_domains = ["*"]\n', /\*|not/],
  ['a flag that is gone', '[features]\nshell_zsh_fork = true\n', /shell_zsh_fork/],
  ['a key that is gone', 'guardian_developer_instructions = "x"\n', /guardian_developer_instructions/],
];

const badFiles = mistakes.map((_, at) => `bad-${at}.toml`);

describe('requirements', () => {
  test('is a schema, for every release and for one', async () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true });
    for (const word of ['x-taplo', 'markdownEnumDescriptions', 'x-tombi-toml-version', 'x-tombi-additional-key-label'])
      ajv.addKeyword(word);
    for (const flags of [[], ['--codex', '0.169.0'], ['--codex', '0.77.0'], ['--codex', '>=0.124.0 <0.140.0']])
      expect(ajv.compile(JSON.parse(await schemaFor('requirements', ...flags)))({})).toBe(true);
  });

  test('holds what the releases take, and says since when and whether it is gone', async () => {
    const all = JSON.parse(await schemaFor('requirements'));
    const newest = JSON.parse(await schemaFor('requirements', '--codex', '0.169.0'));
    const old = JSON.parse(await schemaFor('requirements', '--codex', '0.100.0'));
    expect(all.properties.allow_managed_hooks_only.description).toBe(
      'Whether hooks of users, projects and plugins are silenced. Codex 0.131.0 and later.',
    );
    expect(all.properties.allowed_permissions).toMatchObject({ deprecated: true });
    expect(all.properties.allowed_permissions.description).toMatch(/Codex 0\.133\.0–0\.137\.0 only\.$/);
    expect(newest.properties).not.toHaveProperty('allowed_permissions');
    expect(newest.properties.allow_managed_hooks_only).not.toHaveProperty('deprecated');
    expect(old.properties).not.toHaveProperty('hooks');
    expect(newest.properties.allowed_web_search_modes.items.enum).toContain('indexed');
    expect(old.properties.allowed_web_search_modes.items.enum).not.toContain('indexed');
    const handlers = newest.properties.hooks.properties.Stop.items.properties.hooks.items.anyOf;
    expect(handlers.map((one: { title: string }) => one.title)).toEqual([
      'A handler of type command',
      'A handler of type mcp_tool',
    ]);
    expect(newest.properties.features.properties.hooks.description).toMatch(/^Stage: stable, on by default\./);
    expect(newest.properties.mcp_servers.additionalProperties.type).toBe('object');
  });

  /** A folder with the schema, the examples' requirements and the mistakes, as a project has them. */
  async function project(name: string): Promise<string> {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'requirements.schema.json'), await schemaFor('requirements', '--codex', '0.169.0'));
    for (const [example, text] of builtRequirements) writeFileSync(join(cwd, `good-${example}.toml`), text);
    for (const [at, [, text]] of mistakes.entries()) writeFileSync(join(cwd, `bad-${at}.toml`), text);
    return cwd;
  }

  testWith(['taplo'], 'Taplo passes the examples and finds each mistake', async () => {
    const cwd = await project('taplo');
    // As docs/editors.md says.
    writeFileSync(
      join(cwd, '.taplo.toml'),
      `[[rule]]\ninclude = ["**/*.toml"]\n[rule.schema]\nurl = "${pathToFileURL(join(cwd, 'requirements.schema.json'))}"\n`,
    );
    const lint = (files: readonly string[]) =>
      spawnSync('taplo', ['lint', '--colors', 'never', ...files], { cwd, encoding: 'utf8' });
    const good = lint(goodFiles);
    expect([good.status, good.stderr]).toEqual([0, expect.stringContaining(`total=${goodFiles.length}`)]);
    const bad = lint(badFiles);
    expect(bad.status).toBe(1);
    const blocks = bad.stderr.split(/^(?=error: )/m);
    for (const [at, [name, , word]] of mistakes.entries()) {
      const told = blocks.filter((block) => block.includes(`bad-${at}.toml:`)).join('');
      expect([name, told]).toEqual([name, expect.stringMatching(word)]);
    }
  });

  testWith(['tombi'], 'Tombi passes the examples and finds each mistake', async () => {
    const cwd = await project('tombi');
    writeFileSync(
      join(cwd, 'tombi.toml'),
      '[[schemas]]\npath = "requirements.schema.json"\ninclude = ["good-*.toml", "bad-*.toml"]\n',
    );
    const lint = (files: readonly string[]) =>
      spawnSync('tombi', ['lint', '--offline', '--error-on-warnings', ...files], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
    const good = lint(goodFiles);
    expect([good.status, good.stdout, good.stderr]).toEqual([
      0,
      '',
      expect.stringContaining(`${goodFiles.length} files linted successfully`),
    ]);
    // One at a time: of several files it mixes the lines.
    for (const [at, [name, , word]] of mistakes.entries()) {
      const bad = lint([`bad-${at}.toml`]);
      expect([name, bad.status, `${bad.stdout}${bad.stderr}`]).toEqual([name, 1, expect.stringMatching(word)]);
    }
  });
});

describe('policy', () => {
  testWith(
    ['yaml-language-server'],
    'yaml-language-server passes the examples and finds mistakes at any depth',
    async () => {
      const cwd = join(folder, 'yaml');
      mkdirSync(cwd);
      writeFileSync(join(cwd, 'policy.schema.json'), await schemaFor('policy'));
      const modeline = '# yaml-language-server: $schema=./policy.schema.json\n';
      const whole =
        'version: 1\nname: a\norganization: { name: A, identifier: a.b }\nclients: "*"\nplatforms: [linux]\n';
      const slips = [
        ['requirments: {}', /requirments/],
        ['requirements: { allowed_sandbox_mode: [read-only] }', /allowed_sandbox_mode\b/],
        ['requirements: { allowed_sandbox_modes: [read-write] }', /read-write|read-only/],
        ['relay: { endpoint: "https://a.example", events: { Pretooluse: observe } }', /PreToolUse/],
      ] as const;
      const texts = [
        ...examples.map((name) => readFileSync(`templates/policies/${name}`, 'utf8')),
        ...slips.map(([body]) => `${whole}${body}\n`),
      ];
      const told = await yamlDiagnostics(
        new Map(texts.map((text, at) => [join(cwd, `policy-${at}.yaml`), `${modeline}${text}`])),
      );
      const found = texts.map((_, at) => told.get(join(cwd, `policy-${at}.yaml`)) ?? []);
      for (const [at, name] of examples.entries()) expect([name, found[at]]).toEqual([name, []]);
      for (const [at, [body, word]] of slips.entries()) {
        const mine = found[examples.length + at] ?? [];
        expect(mine.map(({ line }) => line)).toContain(7);
        expect([body, mine.map(({ message }) => message).join('\n')]).toEqual([body, expect.stringMatching(word)]);
      }
    },
    120_000,
  );
});
