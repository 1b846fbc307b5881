import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Contract } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { decode } from '../source/decode.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Checked } from './check.ts';
import { displayName, isManagedConfig } from './files.ts';

const managedName = 'managed_config.toml';

/** A checked file under the name that the user gave. */
type Named = Checked & { readonly name: string };

/** What a managed_config.toml does to requirements, and the texts that were read for it alone. */
export interface Beside {
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceFile[];
}

/** Whether there may be a managed_config.toml for a file: only then is its text needed once it has been judged. */
export function mayStandBeside(names: readonly string[], cwd: string): (name: string) => boolean {
  const isNamed = names.some(isManagedConfig);
  const inFolder = new Map<string, boolean>();
  return (name) => {
    if (isNamed || name === '-') return isNamed;
    const folder = dirname(resolve(cwd, name));
    const isThere = inFolder.get(folder) ?? existsSync(resolve(folder, managedName));
    inFolder.set(folder, isThere);
    return isThere;
  };
}

/**
 * Pairs each requirements file with the managed_config.toml in its folder, whether named or not, or else with the only
 * one that was named: Codex reads both.
 */
export async function checkBeside(
  files: readonly Named[],
  versions: readonly CodexVersion[],
  contract: Contract,
  cwd: string,
): Promise<Beside> {
  const managed = files.filter(({ name, kind }) => kind === 'config' && isManagedConfig(name));
  const given = new Map(managed.flatMap(({ name, source }) => (source ? [[resolve(cwd, name), source]] : [])));
  const [only, another] = [...given.values()];
  const inFolder = new Map<string, SourceFile | undefined>();
  const pairs = files.flatMap(({ name, kind, source }) => {
    if (kind !== 'requirements' || !source) return [];
    const folder = name === '-' ? undefined : dirname(resolve(cwd, name));
    if (folder !== undefined && !inFolder.has(folder))
      inFolder.set(folder, given.get(resolve(folder, managedName)) ?? readBeside(name, folder));
    const config = (folder === undefined ? undefined : inFolder.get(folder)) ?? (another ? undefined : only);
    return config ? [{ config, source }] : [];
  });
  if (pairs.length === 0) return { diagnostics: [], sources: [] };
  const { validateBeside } = await import('../validate-config.ts');
  return {
    diagnostics: pairs.flatMap(({ config, source }) => validateBeside(config, source, versions, contract)),
    sources: pairs.map(({ config }) => config),
  };
}

/** The managed_config.toml in the folder of a file; undefined where there is none or it cannot be read. */
function readBeside(name: string, folder: string): SourceFile | undefined {
  const path = resolve(folder, managedName);
  if (!existsSync(path)) return undefined;
  try {
    const shown = displayName(name).replace(/[^/]*$/, managedName);
    return decode(shown, readFileSync(path)).value;
  } catch {
    return undefined;
  }
}
