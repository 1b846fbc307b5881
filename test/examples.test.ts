import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { compareBundle, writeBundle } from '../src/write.ts';
import { compileExample, examples } from './support/examples.ts';

const update = process.env['UPDATE_GOLDEN'] === '1';
if (update && process.env['CI']) throw new Error('UPDATE_GOLDEN=1 has no place in CI');

const isBundle = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync('schemas/bundle.schema.json', 'utf8')),
);

test('dist-profiles/ holds the builds of the examples and nothing else', () => {
  expect(readdirSync('dist-profiles').sort()).toEqual(examples.map((name) => name.replace('.yaml', '')).sort());
});

test('two examples leave `targets` at its default', () => {
  const silent = examples.filter((name) => !/^targets:/m.test(readFileSync(`templates/policies/${name}`, 'utf8')));
  expect(silent).toEqual(['enterprise.yaml', 'managed-hooks-only.yaml']);
});

describe.each(examples)('%s', (name) => {
  const folder = `dist-profiles/${name.replace('.yaml', '')}`;

  test('builds without a word to the bytes below dist-profiles/', async () => {
    const { value, diagnostics } = await compileExample(name);
    expect(diagnostics).toEqual([]);
    const artifacts = value?.artifacts ?? [];
    if (update) await writeBundle(folder, artifacts);
    expect(await compareBundle(folder, artifacts)).toEqual([]);
  });

  test('bundle.json and SHA256SUMS say what is there', () => {
    const bundle = JSON.parse(readFileSync(`${folder}/bundle.json`, 'utf8'));
    expect([isBundle(bundle), isBundle.errors]).toEqual([true, null]);
    const sums = new Map<string, string>();
    for (const line of readFileSync(`${folder}/SHA256SUMS`, 'utf8').trim().split('\n'))
      sums.set(line.slice(66), line.slice(0, 64));
    const hash = (path: string) =>
      createHash('sha256')
        .update(readFileSync(`${folder}/${path}`))
        .digest('hex');
    for (const { path, sha256 } of bundle.files)
      expect([path, sums.get(path), sha256]).toEqual([path, hash(path), hash(path)]);
    expect([...sums.keys()].sort()).toEqual(
      [...bundle.files.map(({ path }: { path: string }) => path), 'bundle.json'].sort(),
    );
    for (const [file, sha256] of Object.entries(bundle.device)) expect(hash(`device/${file}`)).toBe(sha256);
  });
});
