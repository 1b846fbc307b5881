import { expect, test } from 'vitest';
import type { PartEffect } from '../../../src/codex/observe-report.ts';
import { parseVersion } from '../../../src/contract/version.ts';
import { packageData } from '../../support/policies.ts';
import { contradictions, type Outcome, ourVerdict } from './verdict.ts';

/** The comparison itself: it must see each kind of disagreement, and none where there is none. */
function compared(toml: string, version: string, theirs: Outcome): string[] {
  const release = parseVersion(version);
  if (!release) throw new Error(version);
  return contradictions(ourVerdict(Buffer.from(toml), release, packageData.contract), theirs);
}

const accepted = (parts: Readonly<Record<string, PartEffect>> = {}): Outcome => ({
  whole: 'accepted',
  parts: new Map(Object.entries(parts)),
});
const refused: Outcome = { whole: 'refused', parts: new Map() };
const fails: Outcome = { whole: 'session-fails', parts: new Map() };

const good = 'allowed_sandbox_modes = ["read-only"]\n';
const typo = `${good}allowed_sandbox_mode = ["read-only"]\n`;
const prompt = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "prompt"\n';
const newest = '0.169.0';

test.each<[what: string, toml: string, version: string, theirs: Outcome]>([
  ['enforced', good, newest, accepted()],
  ['a key that is not read', typo, newest, accepted({ allowed_sandbox_mode: 'ignored-with-warning' })],
  ['a table that is not read', '[hooks]\nx = 1\n', '0.77.0', accepted({ 'hooks.x': 'ignored' })],
  ['refused', 'allowed_sandbox_modes = ["all"]\n', newest, refused],
  ['sessions fail', prompt, newest, fails],
  ['a hook is skipped, whatever the reason', prompt, '0.133.0', accepted({ 'hooks.Stop[0].hooks[0]': 'hook-skipped' })],
  ['unreadable and refused', 'x = [\n', newest, refused],
])('agree: %s', (_, toml, version, theirs) => expect(compared(toml, version, theirs)).toEqual([]));

test.each<[what: string, toml: string, version: string, theirs: Outcome]>([
  ['we call clean what is ignored', good, newest, accepted({ allowed_sandbox_modes: 'ignored' })],
  ['we call clean what is refused', good, newest, refused],
  ['we call clean what stops sessions', good, newest, fails],
  ['an error on what is enforced', typo, newest, accepted()],
  ['another effect', typo, newest, accepted({ allowed_sandbox_mode: 'weakened' })],
  ['another part', typo, newest, accepted({ allowed_sandbox_modes: 'ignored-with-warning' })],
  [
    'one part more',
    typo,
    newest,
    accepted({ allowed_sandbox_mode: 'ignored-with-warning', allowed_sandbox_modes: 'ignored' }),
  ],
  ['refused in the place of failing', prompt, newest, refused],
  ['unreadable, but enforced', 'x = [\n', newest, accepted()],
])('contradict: %s', (_, toml, version, theirs) => expect(compared(toml, version, theirs)).not.toEqual([]));
