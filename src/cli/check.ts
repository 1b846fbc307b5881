import { dirname, resolve } from 'node:path';
import { CliError, isCliError } from '../cli-error.ts';
import type { Channel, Platform } from '../contract/channels.ts';
import type { Contract } from '../contract/contract.ts';
import type { CodexVersion } from '../contract/version.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { loadPackageData } from '../package-data.ts';
import { byteFindings } from '../source/bytes.ts';
import { decode } from '../source/decode.ts';
import type { SourceFile } from '../source/source-file.ts';
import { type ValidateOptions, type Validation, validateClean } from '../validate-document.ts';
import {
  displayName,
  type FileKind,
  isManagedConfig,
  kindOf,
  modeFinding,
  readSources,
  readWithMode,
} from './files.ts';
import type { Io } from './io.ts';

/** A file as it was read. */
export interface Input {
  /** As the user wrote it; `-` is standard input. */
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  /** Who may read it; standard input has none. */
  readonly mode: number | undefined;
}

/** What it is judged for. */
export interface Asked {
  readonly versions: readonly CodexVersion[];
  readonly channel: Channel | undefined;
  readonly platforms: readonly Platform[];
}

export interface Checked {
  readonly kind: FileKind;
  readonly source: SourceFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What each release makes of the requirements in the file; none of other kinds. */
  readonly ranges: Validation['ranges'];
}

/** What every file of a run is checked with. */
export interface Job {
  /** What all of them are, if the user says so. */
  readonly as: FileKind | undefined;
  readonly asked: Asked;
}

/** What became of a name: a file that was checked, or why it could not be. */
export type Outcome = (Checked & { readonly name: string }) | { readonly name: string; readonly failure: string };

/** Reads and judges one file. With `correct` it is judged as it lies there then. */
export async function checkName(
  name: string,
  { as, asked }: Job,
  contract: Contract,
  io: Io,
  correct?: (input: Input) => Promise<Uint8Array>,
): Promise<Outcome> {
  try {
    const given = await readWithMode(name, io);
    const input: Input = { name, kind: as ?? kindOf(name, given.bytes), ...given };
    const bytes = correct ? await correct(input) : given.bytes;
    return { name, ...(await checkFile({ ...input, bytes }, asked, contract, io.cwd)) };
  } catch (error) {
    if (!isCliError(error)) throw error;
    return { name, failure: error.message };
  }
}

/** Judges one file by its kind. What only some kinds need is loaded for them alone. */
async function checkFile(input: Input, asked: Asked, contract: Contract, cwd: string): Promise<Checked> {
  const { name, kind, bytes, mode } = input;
  const shown = displayName(name);
  if (kind === 'profile') {
    if (asked.channel !== undefined && asked.channel !== 'profile')
      throw new CliError(`\`${shown}\` is a profile: it does not reach Codex by --channel ${asked.channel}`);
    if (asked.platforms.length > 0 && !asked.platforms.includes('macos'))
      throw new CliError(`\`${shown}\` is a profile: only macos has profiles, not ${asked.platforms.join(', ')}`);
    const { validateProfile } = await import('../validate-profile.ts');
    return { kind, ...validateProfile(shown, bytes, asked.versions, contract) };
  }
  const { value: source, diagnostics } = decode(shown, bytes);
  if (!source) return { kind, source, diagnostics, ranges: [] };
  switch (kind) {
    case 'policy':
      return { kind, source, diagnostics: await checkPolicy(name, source, cwd), ranges: [] };
    case 'config': {
      const { validateConfig } = await import('../validate-config.ts');
      const found = validateConfig(source, isManagedConfig(name));
      return { kind, source, diagnostics: [...byteFindings(source, bytes), ...found], ranges: [] };
    }
    case 'requirements': {
      const { channel, platforms } = asked;
      const options: ValidateOptions = { platforms, ...(channel === undefined ? {} : { channel }) };
      const { diagnostics: found, ranges } =
        validateClean(source, asked.versions, contract, options) ??
        (await import('../validate.ts')).validate(source, asked.versions, contract, options);
      const isOnWindows = platforms.length > 0 && platforms.every((one) => one === 'windows');
      const aboutFile = [...byteFindings(source, bytes), ...(isOnWindows ? [] : modeFinding(name, mode))];
      return { kind, source, diagnostics: [...aboutFile, ...found], ranges };
    }
    default:
      return kind satisfies never;
  }
}

/** The compiler, YAML and all. */
async function checkPolicy(name: string, source: SourceFile, cwd: string): Promise<readonly Diagnostic[]> {
  const { compile, sourcesOf } = await import('../compile.ts');
  const data = loadPackageData();
  const home = name === '-' ? cwd : dirname(resolve(cwd, name));
  return (await compile(source, await readSources(home, sourcesOf(source, data)), data)).diagnostics;
}
