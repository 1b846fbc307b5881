import { describe, expect, test } from 'vitest';
import { type ProfileReading, readProfile } from '../../src/profile/profile.ts';
import { readWithPlistlib, xmllintFaults } from '../support/plist-readers.ts';
import { testWith } from '../support/programs.ts';
import { base64, payload, preferences, profile, profileOf, signed, toBinary, toml } from './support.ts';

const read = (content: string | Uint8Array): ProfileReading =>
  readProfile('x.mobileconfig', typeof content === 'string' ? new TextEncoder().encode(content) : content);

/** Findings as `line:column code`. */
const found = (content: string | Uint8Array): string[] =>
  read(content).diagnostics.map(({ location, code }) => `${location.line}:${location.column} ${code}`);

const key = 'requirements_toml_base64';

describe('the requirements come out of', () => {
  const texts = (content: string | Uint8Array) =>
    read(content).texts.map(({ key: name, source }) => [name, source.text]);
  const expected = [[key, toml]];
  const plain = preferences(`<key>${key}</key><string>${base64(toml)}</string>\n`);

  test('a profile, its key at its place', () => {
    const reading = read(profile());
    expect(reading.texts.map(({ source }) => source.text)).toEqual([toml]);
    expect(reading.texts[0]?.at).toEqual({ file: 'x.mobileconfig', line: 17, column: 22, endLine: 17, endColumn: 46 });
    expect(reading.diagnostics).toEqual([]);
  });

  test('a bare preference file, and the pairs alone that Intune takes', () => {
    expect(texts(plain)).toEqual(expected);
    expect(texts(`<key>${key}</key>\n<string>${base64(toml)}</string>\n`)).toEqual(expected);
  });

  test('a payload of the direct form', () => {
    const direct = `<dict><key>PayloadType</key><string>com.openai.codex</string><key>PayloadVersion</key><integer>1</integer><key>PayloadUUID</key><string>A</string><key>PayloadIdentifier</key><string>b</string><key>${key}</key><string>${base64(toml)}</string></dict>`;
    expect(texts(profileOf([direct]))).toEqual(expected);
    expect(found(profileOf([direct]))).toEqual(['7:29 profile/direct-form']);
  });

  test('text with entities, CDATA, comments, CR LF and white space around the base64', () => {
    const value = `<string><!-- one -->\r\n ${base64(toml).slice(0, 8)}<![CDATA[${base64(toml).slice(8, 12)}]]>&#x${'='.charCodeAt(0).toString(16)};</string>`;
    const short = `<string>\n  ${base64(toml)}\r\n</string>`;
    expect(texts(preferences(`<key>requirements&#95;toml_base64</key>${short}`))).toEqual(expected);
    expect(found(preferences(`<key>${key}</key>${value}`))).toEqual(['5:6 profile/base64']);
  });

  testWith(['python3'], 'a binary property list, all at 1:1', () => {
    for (const xml of [profile(), plain, profile({ value: base64(`# ä€😀\n${toml}`) })]) {
      const binary = toBinary(xml);
      expect(binary.subarray(0, 8).toString()).toBe('bplist00');
      expect(read(binary).texts.map(({ source }) => source.text.includes(toml))).toEqual([true]);
      expect(read(binary).texts[0]?.at).toMatchObject({ line: 1, column: 1, endLine: 1, endColumn: 1 });
      expect(found(binary)).toEqual([]);
    }
  });

  const forms: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['DER', ['smime', '-nodetach', '-binary', '-outform', 'der'], []],
    ['DER of openssl cms', ['cms', '-nodetach', '-binary', '-outform', 'der'], []],
    ['BER of indefinite length', ['cms', '-nodetach', '-binary', '-stream', '-outform', 'der'], []],
    ['DER with line ends as mail wants them', ['smime', '-nodetach', '-outform', 'der'], []],
    ['PEM', ['cms', '-nodetach', '-binary', '-outform', 'pem'], ['1:1 profile/not-der']],
    ['S/MIME', ['smime', '-nodetach', '-binary'], ['1:1 profile/not-der']],
  ];
  for (const [name, command, findings] of forms)
    testWith(['openssl'], `a signed profile, ${name}`, () => {
      const file = signed(profile(), command);
      expect(texts(file)).toEqual(expected);
      expect(found(file)).toEqual(findings);
      expect(read(file).texts[0]?.at).toMatchObject({ line: 1, column: 1 });
    });

  testWith(['openssl', 'python3'], 'a signed binary property list of a megabyte, in pieces', () => {
    const large = `${toml}# ${'x'.repeat(1_000_000)}\n`;
    const file = signed(toBinary(profile({ value: base64(large) })), [
      'cms',
      '-nodetach',
      '-binary',
      '-stream',
      '-outform',
      'der',
    ]);
    expect(texts(file)).toEqual([[key, large]]);
  });
});

testWith(['openssl'], 'a signature without its content, and an encrypted message', () => {
  expect(read(signed(profile(), ['cms', '-binary', '-outform', 'der'])).diagnostics[0]?.message).toBe(
    'the signature does not hold the profile that it signs',
  );
});

testWith(['xmllint', 'python3'], 'what the tests call a good profile is one for other readers', () => {
  expect(xmllintFaults(profile())).toBe('');
  expect(readWithPlistlib(profile())).toMatchObject({ PayloadType: 'Configuration' });
});

describe('the wrapper', () => {
  test.each([
    ['another domain', profile({ domain: 'com.openai.Codex' }), ['10:14 profile/wrong-domain']],
    ['a domain like it', profile({ domain: 'com.openai.codex.cli' }), ['10:14 profile/wrong-domain']],
    ['a strange domain with our key', profile({ domain: 'org.example' }), ['10:14 profile/wrong-domain']],
    ['a strange domain', profile({ domain: 'org.example', key: 'other' }), ['4:1 profile/no-requirements']],
    ['a key in other letters', profile({ key: 'Requirements_TOML_base64' }), ['17:22 profile/misspelt-key']],
    ['a key without its end', profile({ key: 'requirements_toml' }), ['17:22 profile/misspelt-key']],
    ['a slip of the pen', profile({ key: 'requirement_toml_base64' }), ['17:22 profile/misspelt-key']],
    ['data', profile({ element: `<data>${base64(toml)}</data>` }), ['17:22 profile/not-a-string']],
    ['a dictionary', profile({ element: '<dict/>' }), ['17:22 profile/not-a-string']],
    ['lines', profile({ value: `${base64(toml).slice(0, 20)}\n${base64(toml).slice(20)}` }), ['17:22 profile/base64']],
    [
      'blank space',
      profile({ value: `${base64(toml).slice(0, 20)} ${base64(toml).slice(20)}` }),
      ['17:22 profile/base64'],
    ],
    ['the URL alphabet', profile({ value: 'YT8_Pz8-' }), ['17:22 profile/base64']],
    ['no padding', profile({ value: 'YQ' }), ['17:22 profile/base64']],
    ['bits left over', profile({ value: 'YR==' }), ['17:22 profile/base64']],
    ['no base64 at all', profile({ value: 'allowed = []' }), ['17:22 profile/base64']],
    ['an empty value', profile({ value: '' }), ['17:22 input/empty']],
    ['UTF-16', profile({ value: Buffer.from(toml, 'utf16le').toString('base64') }), ['17:22 input/not-utf8']],
    ['Latin-1', profile({ value: Buffer.from('# \u00fc\n', 'latin1').toString('base64') }), ['17:22 input/not-utf8']],
    ['Set-Once', profile({ state: 'Set-Once' }), ['12:16 profile/not-forced']],
    ['a user scope', profile({ scope: 'User' }), ['37:3 profile/scope']],
    ['another scope', profile({ scope: 'Device' }), ['37:3 profile/wrong-value']],
    ['a second key', profile({ more: '<key>other</key><true/>' }), ['18:91 profile/unknown-key']],
    [
      'the key twice',
      profile({ more: `<key>${key}</key><string>${base64('a = 1\n')}</string>` }),
      [`18:91 profile/duplicate-key`, `18:91 profile/two-values`],
    ],
    [
      'two payloads with different values',
      profileOf([payload(), payload({ value: base64('a = 1\n'), payloadUuid: 'B', payloadIdentifier: 'b' })]),
      ['43:22 profile/two-values'],
    ],
    [
      'two payloads with one identity',
      profileOf([payload(), payload()]),
      ['51:7 profile/duplicate-identifier', '55:7 profile/duplicate-uuid'],
    ],
    ['no payload', profileOf([]), ['4:1 profile/no-requirements']],
    [
      'no envelope',
      preferences('<key>PayloadContent</key><dict/>'),
      [
        '4:1 profile/missing-key',
        '4:1 profile/missing-key',
        '4:1 profile/missing-key',
        '4:1 profile/missing-key',
        '4:1 profile/no-requirements',
        '4:1 profile/scope',
        '5:6 profile/wrong-value',
      ],
    ],
    [
      'a version in a text',
      profile().replaceAll('<integer>1</integer>', '<string>1</string>'),
      ['30:12 profile/wrong-value', '42:8 profile/wrong-value'],
    ],
    [
      'a preference file without the key',
      preferences('<key>a</key><true/>'),
      ['4:1 profile/no-requirements', '5:6 profile/unknown-key'],
    ],
    ['a byte order mark', `\uFEFF${profile()}`, ['1:1 profile/byte-order-mark']],
  ])('%s', (_name, content, findings) => {
    expect(found(content).sort(byPlace)).toEqual(findings.toSorted(byPlace));
  });

  test('two payloads that agree are not worth a word', () => {
    expect(found(profileOf([payload(), payload({ payloadUuid: 'B', payloadIdentifier: 'b' })]))).toEqual([]);
  });
});

const byPlace = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

describe('a broken property list', () => {
  test.each([
    ['an unclosed array', '<plist><array><true/></plist>', '1:15', 'no'],
    ['a key without a value', '<plist><dict><key>a</key></dict></plist>', '1:19', 'has no value'],
    ['two keys', '<plist><dict><key>a</key><key>b</key></dict></plist>', '1:19', 'has no value'],
    ['a value without a key', '<plist><dict><true/></dict></plist>', '1:14', 'expected `<key>`'],
    ['an unknown element', '<plist><dict><key>a</key><boolean/></dict></plist>', '1:26', '`<boolean>`'],
    [
      'a word for a number',
      '<plist><dict><key>a</key><integer>one</integer></dict></plist>',
      '1:26',
      'no whole number',
    ],
    ['a bare ampersand', '<plist><dict><key>a&b</key><true/></dict></plist>', '1:20', '`&`'],
    ['an entity of its own', '<!DOCTYPE plist [<!ENTITY a "b">]><plist><true/></plist>', '1:1', 'entities of its own'],
    ['an unknown entity', '<plist><dict><key>&a;</key><true/></dict></plist>', '1:19', '`&`'],
    ['an open comment', '<plist><!-- <dict/></plist>', '1:8', 'no end'],
    ['an open text', '<plist><dict><key>a</key><string>b', '1:26', 'no end'],
    ['more behind the end', '<plist><dict/></plist><dict/>', '1:23', 'behind the end'],
    ['two values', '<plist><dict/><dict/></plist>', '1:15', 'expected `</plist>`'],
    ['no plist', '<html></html>', '1:1', '`<html>`'],
    ['a list', '<plist><array/></plist>', '1:8', 'the property list is `<array>`'],
    ['the end', '<plist>', '1:8', 'too early'],
  ])('%s', (_name, text, place, words) => {
    const { diagnostics, texts } = read(text);
    expect(texts).toEqual([]);
    const [one] = diagnostics.filter(({ severity }) => severity === 'error');
    expect(one?.message).toContain(words === 'no' ? '`</plist>`' : words);
    if (words !== 'no') expect(`${one?.location.line}:${one?.location.column}`).toBe(place);
  });

  test('too deep, too many', () => {
    const deep = `<plist>${'<array>'.repeat(200)}${'</array>'.repeat(200)}</plist>`;
    expect(read(deep).diagnostics.map(({ code }) => code)).toEqual(['input/too-deep']);
    const many = `<plist><array>${'<true/>'.repeat(500_001)}</array></plist>`;
    expect(read(many).diagnostics.map(({ code }) => code)).toEqual(['input/too-complex']);
    expect(read(new Uint8Array(5_000_000)).diagnostics.map(({ code }) => code)).toEqual(['input/too-large']);
  });
});
