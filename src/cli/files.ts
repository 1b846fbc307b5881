import { Buffer } from 'node:buffer';
import { closeSync, existsSync, fstatSync, openSync, promises, readFileSync, readSync } from 'node:fs';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CliError, isCliError } from '../cli-error.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import type { Io } from './io.ts';

/** The bytes of a file that the user named; `-` is standard input. Throws CliError with the reason in plain words. */
export async function readInput(name: string, io: Io): Promise<Uint8Array> {
  return (await readWithMode(name, io)).bytes;
}

/** The bytes, and the mode of the file they come from; standard input and pipes have none. Throws as `readInput`. */
export async function readWithMode(
  name: string,
  io: Io,
): Promise<{ readonly bytes: Uint8Array; readonly mode: number | undefined }> {
  if (name === '-') return { bytes: await io.stdin(), mode: undefined };
  try {
    // Not the asynchronous way: of a thousand files it spends more time on waiting than on reading.
    const file = openSync(resolve(io.cwd, name), 'r');
    try {
      const stats = fstatSync(file);
      return { bytes: readWhole(file, stats.size), mode: stats.isFile() ? stats.mode : undefined };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new CliError(`cannot read \`${name}\`: ${reason(error)}`);
  }
}

/** All bytes of an open file. A pipe, or a file that grows or shrinks meanwhile, is not as long as it says. */
function readWhole(file: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(size);
  const length = size === 0 ? 0 : readSync(file, bytes, 0, size, null);
  const isAll = length === size && size > 0;
  return isAll ? bytes : Buffer.concat([bytes.subarray(0, length), readFileSync(file)]);
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
  const home = await promises.realpath(folder);
  for (const source of sources) {
    try {
      const real = await promises.realpath(join(home, source));
      const inside = relative(home, real);
      if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
        throw new CliError(`\`${source}\` is a link that leads out of the policy's folder`);
      found.set(source, await promises.readFile(real));
    } catch (error) {
      if (isCliError(error)) throw error;
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR')
        throw new CliError(`cannot read \`${source}\`: ${reason(error)}`);
    }
  }
  return found;
}

/** What `validate` can judge. */
export const fileKinds = ['requirements', 'profile', 'config', 'policy'] as const;
export type FileKind = (typeof fileKinds)[number];

/** What a file is by its name, or else by its content; what neither tells is taken for requirements. */
export function kindOf(name: string, bytes: Uint8Array): FileKind {
  const last = basename(name.replaceAll('\\', '/')).toLowerCase();
  if (/\.ya?ml$/.test(last)) return 'policy';
  if (/\.(?:mobileconfig|plist)$/.test(last)) return 'profile';
  if (/^(?:.*\.|managed_)?config\.toml$/.test(last)) return 'config';
  return last.endsWith('.toml') ? 'requirements' : kindOfContent(bytes);
}

function kindOfContent(bytes: Uint8Array): FileKind {
  // DER: a SEQUENCE whose length takes more than one byte, or is left open.
  if (bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80) return 'profile';
  const head = new TextDecoder().decode(bytes.subarray(0, 64 * 1024)).trimStart();
  if (/^(?:bplist\d\d|<\?xml|<!DOCTYPE plist|<plist|<dict|<key>|-----BEGIN (?:PKCS|CMS))/.test(head)) return 'profile';
  if (/^[A-Za-z-]+:[^\n]*\n/.test(head) && /^content-type:\s*application\/(?:x-)?pkcs7-mime/im.test(head))
    return 'profile';
  const first = head.split('\n').find((line) => !/^\s*(?:#|---|$)/.test(line)) ?? '';
  return /^["']?[A-Za-z_-]+["']?[ \t]*:(?:\s|$)/.test(first) ? 'policy' : 'requirements';
}

/** Whether Codex takes a file of this name for the managed configuration beside requirements.toml. */
export function isManagedConfig(name: string): boolean {
  return /(?:^|[\\/])managed_config\.toml$/i.test(name);
}

/** Says when only the owner and the group may read a file. Windows has no such mode. */
export function modeFinding(name: string, mode: number | undefined): Diagnostic[] {
  if (mode === undefined || (mode & 0o004) !== 0 || sep !== '/') return [];
  const file = displayName(name);
  const location = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  return [diagnostic('input/not-world-readable', { location }, { mode: octal })];
}

/**
 * The files that the arguments name, each once: patterns that the shell did not expand become their files, sorted.
 * A name that exists is no pattern. One that matches nothing is handed to `missed`.
 */
export async function expandNames(
  names: readonly string[],
  cwd: string,
  missed: (name: string) => void,
): Promise<string[]> {
  const found = new Set<string>();
  for (const name of names) {
    if (name === '-' || !/[*?[\]{}]/.test(name) || existsSync(resolve(cwd, name))) {
      found.add(name);
      continue;
    }
    const { expandGlob } = await import('./glob.ts');
    const files = expandGlob(name, cwd);
    if (files.length === 0) missed(name);
    for (const file of files) found.add(file);
  }
  return [...found];
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
