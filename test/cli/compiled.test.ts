import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { codeFile, compiledBundle, requireCompiled, startBundle } from '../../src/cli/compiled.ts';

// A bundle starts with the code that V8 kept of it, and starts as well where that is absent, broken or of another text.

const folder = mkdtempSync(join(tmpdir(), 'codex-mdm-compiled-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bundle = join(folder, 'bundle.cjs');
const require = createRequire(bundle);
const text = "const { basename } = require('node:path'); exports.name = () => basename(__filename) + 1;";

beforeEach(() => {
  rmSync(codeFile(bundle), { force: true });
  writeFileSync(bundle, text);
});

function namedBy(exports: unknown): unknown {
  return (exports as { name: () => unknown }).name();
}

function writeCode(): Buffer {
  const script = compiledBundle(bundle, undefined);
  namedBy(startBundle(script, bundle, require));
  const code = script.createCachedData();
  writeFileSync(codeFile(bundle), code);
  return code;
}

test('V8 takes the code that it made of the same text', () => {
  const script = compiledBundle(bundle, writeCode());
  expect(script.cachedDataRejected).toBe(false);
  expect(namedBy(startBundle(script, bundle, require))).toBe('bundle.cjs1');
  expect(namedBy(requireCompiled(bundle, require))).toBe('bundle.cjs1');
});

test('without code the bundle is required', () => {
  expect(namedBy(requireCompiled(bundle, require))).toBe('bundle.cjs1');
});

test('broken code, or code of another text, does no harm', () => {
  const code = writeCode();
  writeFileSync(codeFile(bundle), code.subarray(0, 100));
  expect(namedBy(requireCompiled(bundle, require))).toBe('bundle.cjs1');
  writeFileSync(codeFile(bundle), code);
  writeFileSync(bundle, text.replace('+ 1', '+ "other"'));
  expect(compiledBundle(bundle, code).cachedDataRejected).toBe(true);
  expect(namedBy(requireCompiled(bundle, require))).toBe('bundle.cjsother');
});
