import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const toml = 'allowed_sandbox_modes = ["read-only"]\n';

/** The base64 of a text, as a profile carries it. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export interface ProfileParts {
  readonly value?: string;
  /** The whole element behind the key, instead of a `<string>` with the value. */
  readonly element?: string;
  readonly key?: string;
  readonly domain?: string;
  readonly state?: string;
  readonly scope?: string;
  readonly payloadUuid?: string;
  readonly payloadIdentifier?: string;
  /** More keys beside ours. */
  readonly more?: string;
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

/** A payload in the ManagedClient form; line by line, so that places can be counted. */
export function payload(parts: ProfileParts = {}): string {
  const value = parts.element ?? `<string>${parts.value ?? base64(toml)}</string>`;
  return `    <dict>
      <key>PayloadContent</key>
      <dict>
        <key>${parts.domain ?? 'com.openai.codex'}</key>
        <dict>
          <key>${parts.state ?? 'Forced'}</key>
          <array>
            <dict>
              <key>mcx_preference_settings</key>
              <dict>
                <key>${parts.key ?? 'requirements_toml_base64'}</key>
                ${value}${parts.more ?? ''}
              </dict>
            </dict>
          </array>
        </dict>
      </dict>
      <key>PayloadIdentifier</key>
      <string>${parts.payloadIdentifier ?? 'com.example.codex.preferences'}</string>
      <key>PayloadType</key>
      <string>com.apple.ManagedClient.preferences</string>
      <key>PayloadUUID</key>
      <string>${parts.payloadUuid ?? '33F654BA-5A6C-5D53-AC84-A773176FD4C7'}</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
    </dict>
`;
}

/** A profile around payloads. */
export function profileOf(payloads: readonly string[], scope = '<string>System</string>'): string {
  return `${head}<dict>
  <key>PayloadContent</key>
  <array>
${payloads.join('')}  </array>
  <key>PayloadIdentifier</key>
  <string>com.example.codex</string>
  <key>PayloadScope</key>
  ${scope}
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadUUID</key>
  <string>C058806A-F4CF-5190-9B1C-C23680B0509E</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
</dict>
</plist>
`;
}

/** A profile with one payload. */
export function profile(parts: ProfileParts = {}): string {
  return profileOf([payload(parts)], parts.scope && `<string>${parts.scope}</string>`);
}

/** The plain preferences of the domain. */
export function preferences(body: string): string {
  return `${head}<dict>\n${body}</dict>\n</plist>\n`;
}

/** The same property list in binary, as Python's plistlib writes it. */
export function toBinary(xml: string): Buffer {
  const program =
    'import plistlib, sys; sys.stdout.buffer.write(plistlib.dumps(plistlib.loads(sys.stdin.buffer.read()), fmt=plistlib.FMT_BINARY))';
  return execFileSync('python3', ['-c', program], { input: xml, maxBuffer: 1 << 26 });
}

let signer: string | undefined;

/** A folder with a throw-away key and certificate. */
function signerFolder(): string {
  if (signer === undefined) {
    signer = mkdtempSync(join(tmpdir(), 'codex-mdm-sign-'));
    const made = spawnSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=Test'],
        ...['-keyout', 'key.pem', '-out', 'cert.pem'],
      ],
      { cwd: signer },
    );
    if (made.status !== 0) throw new Error(String(made.stderr));
  }
  return signer;
}

/** What openssl makes of a file, with further flags such as `-outform der`. */
export function signed(content: string | Uint8Array, command: readonly string[]): Buffer {
  const cwd = signerFolder();
  writeFileSync(join(cwd, 'in'), content);
  const args = [...command, '-sign', '-signer', 'cert.pem', '-inkey', 'key.pem', '-in', 'in', '-out', 'out'];
  const { status, stderr } = spawnSync('openssl', args, { cwd });
  if (status !== 0) throw new Error(String(stderr));
  return readFileSync(join(cwd, 'out'));
}
