import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CliError } from '../cli-error.ts';

/** A TLS server's key and its self-signed certificate, both PEM. Whoever shall trust it takes `cert` as its CA. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A throw-away certificate for a host name or an IPv4 address, good for a day. Needs the program openssl. */
export async function throwAwayCertificate(host: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'codex-mdm-'));
  try {
    const name = `${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`;
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
    ];
    const output = [
      '-subj',
      `/CN=${host}`,
      '-addext',
      `subjectAltName=${name}`,
      '-keyout',
      join(folder, 'key'),
      '-out',
      join(folder, 'cert'),
    ];
    await promisify(execFile)('openssl', [...request, ...output]).catch((error: unknown) => {
      throw new CliError(
        `a throw-away certificate needs the program openssl: ${error instanceof Error ? error.message : ''}`,
      );
    });
    return { key: await readFile(join(folder, 'key'), 'utf8'), cert: await readFile(join(folder, 'cert'), 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
