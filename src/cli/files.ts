import { readFile, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CliError, isCliError } from '../cli-error.ts';
import type { Io } from './io.ts';

/** The bytes of a file that the user named; `-` is standard input. Throws CliError with the reason in plain words. */
export async function readInput(name: string, io: Io): Promise<Uint8Array> {
  if (name === '-') return io.stdin();
  try {
    return await readFile(resolve(io.cwd, name));
  } catch (error) {
    throw new CliError(`cannot read \`${name}\`: ${reason(error)}`);
  }
}

/** The name of an input in messages: as the user wrote it, with '/'. */
export function displayName(name: string): string {
  return name === '-' ? '<stdin>' : name.replaceAll('\\', '/');
}

/**
 * The files that a policy names, by the paths it uses. An absent one is left out, for the compiler to report at its
 * place; one that a link leads out of the policy's folder is refused as absent too. Throws CliError for the unreadable.
 */
export async function readSources(
  folder: string,
  sources: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const home = await realpath(folder);
  for (const source of sources) {
    try {
      const real = await realpath(join(home, source));
      const inside = relative(home, real);
      if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
        throw new CliError(`\`${source}\` is a link that leads out of the policy's folder`);
      found.set(source, await readFile(real));
    } catch (error) {
      if (isCliError(error)) throw error;
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR')
        throw new CliError(`cannot read \`${source}\`: ${reason(error)}`);
    }
  }
  return found;
}

/** What a file is by its name: YAML is a policy, all else requirements. */
export function kindOf(name: string): 'policy' | 'requirements' {
  return /\.ya?ml$/i.test(basename(name)) ? 'policy' : 'requirements';
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function reason(error: unknown): string {
  const code = errorCode(error);
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'its links go round in a circle',
  };
  return known[code ?? ''] ?? code ?? String(error);
}
