import type { SourceFile } from '../source/source-file.ts';
import { parseToml } from '../source/toml.ts';
import { mayBeNewer } from '../source/toml-plain.ts';
import type { Contract } from './contract.ts';
import { effectsOf } from './effects-of.ts';
import type { Statement } from './statement.ts';

/** What a readable text says by its syntax alone: that it is TOML 1.1, which the oldest releases refuse. */
export function dialectOf(file: SourceFile, { behaviours }: Contract): Statement[] {
  if (!mayBeNewer(file.text)) return [];
  const fact = behaviours.get('toml-1.1');
  const { diagnostics } = parseToml(file, { dialect: '1.0' });
  if (!fact || !diagnostics.some(({ severity }) => severity === 'error')) return [];
  const title = 'the syntax of TOML 1.1';
  const note = 'write inline tables on one line and without a last comma, no `\\e` and `\\x`, and times with seconds';
  return [{ path: [], reason: { kind: 'rule' }, fact: { ...fact, title, note }, effectOn: effectsOf(fact), inner: [] }];
}
