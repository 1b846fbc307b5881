import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const catalog = join(import.meta.dirname, '../fixtures/plist-dtd/catalog.xml');

/** What xmllint says of a property list against the DTD, without a network: the empty string when it is valid. */
export function xmllintFaults(text: string): string {
  const env = { ...process.env, XML_CATALOG_FILES: catalog };
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--valid', '--nonet', '-'], {
    input: text,
    env,
    encoding: 'utf8',
  });
  return status === 0 ? '' : `exit ${status}: ${stderr}`;
}

/** The value that Python's plistlib reads; throws with its message when it refuses. */
export function readWithPlistlib(text: string): unknown {
  const program = 'import json, plistlib, sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))';
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], { input: text, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
