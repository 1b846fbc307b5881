import type { Example } from './example.ts';

/** The base64 of `allowed_sandbox_modes = ["read-only"]` and of `allow_managed_hooks_only = true`, each with a line break. */
const readOnly = 'YWxsb3dlZF9zYW5kYm94X21vZGVzID0gWyJyZWFkLW9ubHkiXQo=';
const managedOnly = 'YWxsb3dfbWFuYWdlZF9ob29rc19vbmx5ID0gdHJ1ZQo=';
const key = 'requirements_toml_base64';
const setting = `<key>${key}</key>\n<string>${readOnly}</string>\n`;

/** The pairs inside a property list of the preference domain. */
function preferences(body: string): string {
  return `<plist version="1.0">\n<dict>\n${body}</dict>\n</plist>\n`;
}

/** An example in the preference file of Codex. */
function preference(bad: string, fixed = setting): Example {
  return { file: 'com.openai.codex.plist', bad: preferences(bad), fixed: preferences(fixed) };
}

interface Parts {
  readonly payloads: readonly string[];
  readonly scope?: string;
  readonly identifier?: string;
}

function profileText({ payloads, scope = 'System', identifier = 'com.example.codex' }: Parts): string {
  const identity = identifier === '' ? '' : `<key>PayloadIdentifier</key><string>${identifier}</string>\n`;
  return preferences(
    `<key>PayloadType</key><string>Configuration</string>
<key>PayloadVersion</key><integer>1</integer>
${identity}<key>PayloadUUID</key><string>C058806A-F4CF-5190-9B1C-C23680B0509E</string>
<key>PayloadScope</key><string>${scope}</string>
<key>PayloadContent</key>
<array>
${payloads.join('')}</array>
`,
  );
}

interface PayloadParts {
  readonly domain?: string;
  readonly state?: string;
  readonly settings?: string;
  readonly identifier?: string;
  readonly uuid?: string;
  readonly version?: string;
}

function payload(parts: PayloadParts = {}): string {
  return `<dict>
<key>PayloadType</key><string>com.apple.ManagedClient.preferences</string>
<key>PayloadVersion</key>${parts.version ?? '<integer>1</integer>'}
<key>PayloadIdentifier</key><string>${parts.identifier ?? 'com.example.codex.preferences'}</string>
<key>PayloadUUID</key><string>${parts.uuid ?? '33F654BA-5A6C-5D53-AC84-A773176FD4C7'}</string>
<key>PayloadContent</key>
<dict><key>${parts.domain ?? 'com.openai.codex'}</key>
<dict><key>${parts.state ?? 'Forced'}</key>
<array><dict><key>mcx_preference_settings</key>
<dict>
${parts.settings ?? setting}</dict></dict></array></dict></dict>
</dict>
`;
}

const directPayload = `<dict>
<key>PayloadType</key><string>com.openai.codex</string>
<key>PayloadVersion</key><integer>1</integer>
<key>PayloadIdentifier</key><string>com.example.codex.preferences</string>
<key>PayloadUUID</key><string>33F654BA-5A6C-5D53-AC84-A773176FD4C7</string>
${setting}</dict>
`;

const second = { identifier: 'com.example.codex.more', uuid: '8AF359CA-A105-517B-8A0D-D4E6016DA0DC' };

/** An example in a profile; corrected it is one good payload. */
function profile(bad: Parts, fixed: Parts = { payloads: [payload()] }): Example {
  return { file: 'codex.mobileconfig', bad: profileText(bad), fixed: profileText(fixed) };
}

/** The examples of the wrapper around the requirements on macOS. */
export const profileExamples = {
  'profile/base64': preference(`<key>${key}</key>\n<string>${readOnly.slice(0, 32)}\n${readOnly.slice(32)}</string>\n`),
  'profile/byte-order-mark': {
    ...preference(setting),
    bad: `\uFEFF${preferences(setting)}`,
    shown: 'A property list that an editor on Windows saved as "UTF-8 with BOM".',
  },
  'profile/config-beside': preference(
    `${setting}<key>config_toml_base64</key>\n<string>YXBwcm92YWxfcG9saWN5ID0gIm5ldmVyIgo=</string>\n`,
  ),
  'profile/direct-form': profile({ payloads: [directPayload] }),
  'profile/duplicate-identifier': profile(
    { payloads: [payload(), payload({ ...second, identifier: 'com.example.codex.preferences' })] },
    { payloads: [payload(), payload(second)] },
  ),
  'profile/duplicate-key': preference(`${setting}<key>${key}</key>\n<string>${managedOnly}</string>\n`),
  'profile/duplicate-uuid': profile(
    { payloads: [payload(), payload({ identifier: second.identifier })] },
    { payloads: [payload(), payload(second)] },
  ),
  'profile/missing-key': profile({ payloads: [payload()], identifier: '' }),
  'profile/misspelt-key': preference(`<key>requirements_toml</key>\n<string>${readOnly}</string>\n`),
  'profile/no-requirements': profile({ payloads: [] }),
  'profile/not-a-string': preference(`<key>${key}</key>\n<data>${readOnly}</data>\n`),
  'profile/not-der': {
    ...profile({ payloads: [payload()] }),
    bad: signedProfile(),
    shown: 'A profile that `openssl smime -sign -nodetach` signed without `-outform der`.',
  },
  'profile/not-forced': profile({ payloads: [payload({ state: 'Set-Once' })] }),
  'profile/scope': profile({ payloads: [payload()], scope: 'User' }),
  'profile/syntax': preference(`<key>${key}\n<string>${readOnly}</string>\n`),
  'profile/two-values': profile({
    payloads: [payload(), payload({ ...second, settings: `<key>${key}</key>\n<string>${managedOnly}</string>\n` })],
  }),
  'profile/unknown-key': preference(`${setting}<key>allow_managed_hooks_only</key>\n<true/>\n`),
  'profile/wrong-domain': profile({ payloads: [payload({ domain: 'com.openai.Codex' })] }),
  'profile/wrong-value': profile({ payloads: [payload({ version: '<string>1</string>' })] }),
} satisfies Record<string, Example>;

/** A SignedData of one length and no signers around a profile, as PEM. */
function signedProfile(): string {
  const element = (tag: number, ...parts: readonly Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    return Buffer.concat([Buffer.from([tag, 0x84]), length, body]);
  };
  const name = (last: number): Buffer => Buffer.from([0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, last]);
  const content = element(0x04, Buffer.from(profileText({ payloads: [payload()] })));
  const inner = element(0x30, name(1), element(0xa0, content));
  const message = element(0x30, Buffer.from([2, 1, 1]), element(0x31), inner, element(0x31));
  const pem = element(0x30, name(2), element(0xa0, message)).toString('base64');
  return `-----BEGIN PKCS7-----\n${pem}\n-----END PKCS7-----\n`;
}
