import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { emptyTable, valueAt } from '../src/source/document.ts';
import { parseToml } from '../src/source/toml.ts';
import { compileText, policyWith, scratch, tomlOf } from './support/policies.ts';

/** Text that breaks out wherever quoting is weak, and any other text. YAML carries no lone surrogates, our policies no NUL. */
const text = fc
  .oneof(
    fc.constantFrom(
      "it's",
      '"',
      '$HOME',
      '`id`',
      '$(id)',
      '{{ x }}',
      '{% x %}',
      ']]>',
      '\n',
      '\\',
      '😀',
      '\u2028',
      '%PATH%',
      '#{x}',
      '\u007f',
      "'''",
      '"""',
    ),
    fc.string({ unit: 'grapheme', minLength: 1 }),
  )
  .filter((one) => !/\0|\p{Cs}|[\ufffe\uffff]/u.test(one))
  // Codex refuses a command and a word of a rule that are nothing but blanks.
  .filter((one) => !/^[\p{White_Space}\ufeff]*$/u.test(one));

test('any text of a policy arrives in requirements.toml as it was written', async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (one, two) => {
      const [a, b] = [JSON.stringify(one), JSON.stringify(two)];
      const toml = await tomlOf(
        policyWith(
          `requirements:\n  additional_developer_instructions: ${a}\n  features: { hooks: true }\n  hooks: { Stop: [{ hooks: [{ type: command, command: ${a}, statusMessage: ${b} }] }] }\n  rules: { prefix_rules: [{ pattern: [x, ${b}], decision: forbidden }] }\ntargets: {}\n`,
        ),
      );
      const read = parse(toml) as {
        additional_developer_instructions: string;
        rules: { prefix_rules: [{ pattern: { token: string }[] }] };
      };
      expect(read.additional_developer_instructions).toBe(one);
      expect(read.rules.prefix_rules[0].pattern[1]?.token).toBe(two);
      const again = parseToml({ name: 'x', text: toml }).value?.value ?? {};
      expect(valueAt(again, ['hooks', 'Stop', 0, 'hooks', 0])).toEqual(
        Object.assign(emptyTable(), { type: 'command', command: one, statusMessage: two }),
      );
    }),
    { numRuns: 150 },
  );
});

test('a key of the policy such as __proto__ is an ordinary key', async () => {
  const toml = await tomlOf(
    policyWith(
      'requirements: { mcp_servers: { __proto__: { identity: { command: x } }, constructor: { identity: { url: y } } } }\ntargets: {}\n',
    ),
  );
  const servers = (parse(toml) as { mcp_servers: object }).mcp_servers;
  expect(Object.keys(servers).sort()).toEqual(['__proto__', 'constructor']);
});

test('the order of keys in the policy does not show', async () => {
  const one = policyWith(
    'requirements: { allow_managed_hooks_only: true, features: { hooks: true, apps: false } }\ntargets: {}\n',
  );
  const two = policyWith(
    'targets: {}\nrequirements: { features: { apps: false, hooks: true }, allow_managed_hooks_only: true }\n',
  );
  const bytes = async (source: string) =>
    (await compileText(source)).value?.artifacts.map(({ path, bytes: own }) => [
      path,
      Buffer.from(own).toString('hex'),
    ]);
  expect(await bytes(one)).toEqual(await bytes(two));
});

test.each([
  ['another time zone and locale', { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }],
  ['an empty environment', {}],
])('the built program gives the golden bytes under %s, in another folder', (_name, env) => {
  const cwd = join(scratch(), 'elsewhere');
  mkdirSync(cwd);
  const main = resolve('dist/main.cjs');
  for (const name of ['enterprise', 'ci-fleet'])
    execFileSync(
      process.execPath,
      [main, 'build', resolve(`templates/policies/${name}.yaml`), '--out', resolve('dist-profiles'), '--check'],
      { cwd, env },
    );
});
