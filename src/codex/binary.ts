import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.ts';
import { hasPlatformAliases } from '../contract/npm.ts';
import type { CodexVersion } from '../contract/version.ts';

const run = promisify(execFile);

/** Where binaries are kept between runs, outside the tree: about 300 MB per version, and nothing is ever pruned. */
export function codexCache(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return env['CODEX_MDM_CACHE'] || join(base, 'codex-mdm');
}

/** The path of the native Linux binary of a release, from the cache or else from npm. Throws CliError when npm refuses. */
export async function obtainCodex(version: CodexVersion, cache: string = codexCache()): Promise<string> {
  const arch = archOf(process.arch);
  const kept = join(cache, 'codex', `${version}-linux-${arch.npm}`);
  const triple = join('vendor', `${arch.cpu}-unknown-linux-musl`);
  if (!existsSync(kept)) await fetchInto(kept, version, arch.npm, triple);
  const binary = binaryBelow(join(kept, triple));
  if (!binary) throw new CliError(`the kept Codex ${version} has no binary; remove ${kept} and try again`);
  return binary;
}

async function fetchInto(kept: string, version: CodexVersion, npmArch: string, triple: string): Promise<void> {
  await mkdir(dirname(kept), { recursive: true });
  // Beside its final place, so that the last step is one rename: another process may be doing the same.
  const scratch = await mkdtemp(`${kept}.`);
  try {
    const tarball = await pack(version, npmArch, scratch);
    await run('tar', ['-xzf', join(scratch, tarball), '-C', scratch, join('package', triple)]).catch(() => {
      throw new CliError(`the npm package of Codex ${version} holds no Linux build for ${npmArch}`);
    });
    const unpacked = join(scratch, 'package', triple);
    const binary = binaryBelow(unpacked);
    if (!binary) throw new CliError(`the npm package of Codex ${version} holds no Linux binary for ${npmArch}`);
    // Sessions with deny_read or permission profiles need bwrap in its place relative to the binary; those with
    // shell_zsh_fork need zsh, which Codex finds by the description of its package.
    const needed = ['codex-package.json', 'codex-resources/bwrap', 'codex-resources/zsh'];
    for (const file of [binary, ...needed.map((name) => join(unpacked, name))].filter(existsSync))
      await cp(file, file.replace(join(scratch, 'package'), join(scratch, 'keep')), { recursive: true });
    await rename(join(scratch, 'keep'), kept).catch((error: unknown) => {
      if (!existsSync(kept)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The name of the tarball that npm left in the folder. */
async function pack(version: CodexVersion, npmArch: string, folder: string): Promise<string> {
  const spec = `@openai/codex@${version}${hasPlatformAliases(version) ? `-linux-${npmArch}` : ''}`;
  await run('npm', ['pack', spec, '--pack-destination', folder, '--silent'], { cwd: folder }).catch(
    (error: unknown) => {
      throw new CliError(
        `npm has no ${spec}, or cannot be reached: Codex ${version} was not obtained${npmCode(error)}`,
      );
    },
  );
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new CliError(`npm pack ${spec} left no file: Codex ${version} was not obtained`);
  return tarball;
}

function npmCode(error: unknown): string {
  const text = error instanceof Error ? `${error.message}` : '';
  const code = /\b(?:code )?(E[A-Z0-9]{3,})\b/.exec(text)?.[1];
  return code ? ` (${code})` : '';
}

/** Newer packages keep the binary in bin/, older ones in codex/. */
function binaryBelow(folder: string): string | undefined {
  return [join(folder, 'bin', 'codex'), join(folder, 'codex', 'codex')].find(existsSync);
}

function archOf(arch: string): { npm: string; cpu: string } {
  if (arch === 'x64') return { npm: 'x64', cpu: 'x86_64' };
  if (arch === 'arm64') return { npm: 'arm64', cpu: 'aarch64' };
  throw new CliError(`Codex has no Linux build for ${arch}`);
}
