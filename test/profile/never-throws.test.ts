import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBinaryPlist } from '../../src/profile/binary-plist.ts';
import { cmsContent, unwrapText } from '../../src/profile/cms.ts';
import { readProfile } from '../../src/profile/profile.ts';
import { parseXmlPlist } from '../../src/profile/xml-plist.ts';
import { validateProfile } from '../../src/validate-profile.ts';
import { packageData } from '../support/policies.ts';
import { testWith } from '../support/programs.ts';
import { profile, signed, toBinary } from './support.ts';

const { contract } = packageData;
const newest = contract.releases.slice(-1).map(({ version }) => version);
/** 1 unless FUZZ_RUNS asks for more than the 150 runs that are usual. */
const factor = Math.max(1, Number(process.env['FUZZ_RUNS'] ?? 150) / 150);

/** Reads bytes and looks at every place that comes back. */
function survive(bytes: Uint8Array): void {
  const { source, diagnostics, texts } = readProfile('x.plist', bytes);
  for (const { message } of validateProfile('x.plist', bytes, newest, contract).diagnostics)
    expect(message).not.toMatch(/undefined|\[object/);
  const lines = source.text.split('\n');
  const placed = diagnostics.filter(({ code }) => code !== 'input/not-utf8' && code !== 'input/binary');
  for (const { location } of [...placed, ...texts.map(({ at }) => ({ location: at }))]) {
    expect(location.line).toBeLessThanOrEqual(lines.length);
    expect(location.column).toBeLessThanOrEqual((lines[location.line - 1] ?? '').length + 1);
  }
}

/** A file with some of its bytes changed, cut or doubled. */
function mutants(file: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: file.length - 1 });
  const edit = fc.tuple(at, fc.nat({ max: 255 }), fc.constantFrom('set', 'cut', 'double'));
  return fc.array(edit, { minLength: 1, maxLength: 6 }).map((edits) => {
    let bytes = Buffer.from(file);
    for (const [place, value, what] of edits) {
      if (what === 'set' && place < bytes.length) bytes[place] = value;
      if (what === 'cut') bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + value)]);
      if (what === 'double')
        bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(Math.max(0, place - value))]);
    }
    return bytes;
  });
}

describe('no bytes make a reader throw', () => {
  test('any bytes, behind any beginning', () => {
    const beginnings = [
      '',
      'bplist00',
      '<plist>',
      '<?xml',
      '\u0030\u0080',
      '-----BEGIN PKCS7-----\n',
      'Content-Type: ',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }), (begin, rest) => {
        const bytes = Buffer.concat([Buffer.from(begin, 'latin1'), rest]);
        survive(bytes);
        parseBinaryPlist(bytes);
        cmsContent(bytes);
        unwrapText(bytes.toString('latin1'));
        parseXmlPlist(bytes.toString('latin1'));
      }),
      { numRuns: 1000 * factor },
    );
  });

  test('any tokens of XML', () => {
    const tokens = [
      '<plist>',
      '</plist>',
      '<dict>',
      '</dict>',
      '<dict/>',
      '<key>',
      '</key>',
      '<string>',
      '</string>',
    ].concat(
      [
        '<array>',
        '</array>',
        '<true/>',
        '<integer>',
        '</integer>',
        '<data>',
        '</data>',
        'a',
        ' ',
        '&lt;',
        '&#x41;',
        '&',
        '<!--',
      ],
      [
        '-->',
        '<![CDATA[',
        ']]>',
        '<!DOCTYPE plist',
        '[',
        '>',
        '<?',
        '?>',
        '7',
        'PayloadContent',
        'PayloadType',
        'com.openai.codex',
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 40 }), (text) =>
        survive(Buffer.from(text.join(''))),
      ),
      { numRuns: 1000 * factor },
    );
  });

  test('mutants of a profile in XML', () => {
    fc.assert(fc.property(mutants(Buffer.from(profile())), survive), { numRuns: 200 * factor });
  });

  testWith(['python3', 'openssl'], 'mutants of a binary and of a signed profile', () => {
    const der = signed(profile(), ['cms', '-nodetach', '-binary', '-stream', '-outform', 'der']);
    fc.assert(fc.property(mutants(toBinary(profile())), survive), { numRuns: 600 * factor });
    fc.assert(fc.property(mutants(der), survive), { numRuns: 400 * factor });
  });
});

/** A binary property list of these objects, the first one on top. */
function binary(objects: readonly (readonly number[])[], refSize = 1): Uint8Array {
  const body = [...Buffer.from('bplist00')];
  const offsets = objects.map((object) => {
    const at = body.length;
    body.push(...object);
    return at;
  });
  const table = body.length;
  for (const offset of offsets) body.push(offset >> 8, offset & 255);
  const trailer = Buffer.alloc(32);
  trailer[6] = 2;
  trailer[7] = refSize;
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(table), 24);
  return Buffer.from([...body, ...trailer]);
}

describe('hostile binary property lists end at once', () => {
  const problemOf = (bytes: Uint8Array) => {
    const result = parseBinaryPlist(bytes);
    return 'fault' in result ? result.fault.problem : 'none';
  };

  test('a list that holds itself', () => {
    expect(problemOf(binary([[0xa1, 0]]))).toContain('holds itself');
    expect(
      problemOf(
        binary([
          [0xa1, 1],
          [0xa1, 0],
        ]),
      ),
    ).toContain('holds itself');
  });

  test('lists of the same list, a thousand million when written out', () => {
    const levels = Array.from({ length: 30 }, (_, at) => [0xa2, at + 1, at + 1]);
    expect(problemOf(binary([...levels, [0x09]]))).toContain('too many');
  });

  test('a chain without end', () => {
    const chain = Array.from({ length: 200 }, (_, at) => [0xa1, at + 1]);
    expect(problemOf(binary([...chain, [0x09]]))).toContain('too deep');
  });

  test('sizes and places beyond the file', () => {
    for (const object of [
      [0xaf, 0x13, 255, 255, 255, 255, 255, 255, 255, 255],
      [0xaf, 0x12, 0x7f, 255, 255, 255],
      [0x5f, 0x13, 0, 0, 0, 0, 255, 255, 255, 255],
      [0xd1, 200, 200],
      [0x1f],
      [0x2f],
      [0xff],
    ])
      expect(problemOf(binary([object]))).toContain('broken');
    const trailer = Buffer.from(binary([[0x09]]));
    trailer.fill(255, trailer.length - 24);
    expect(problemOf(trailer)).toContain('trailer');
  });
});

test('messages of nothing but beginnings end at once', () => {
  for (const bytes of [
    Buffer.alloc(2_000_000, Buffer.from([0x30, 0x80])),
    Buffer.alloc(2_000_000, Buffer.from([0x24, 0x80])),
    Buffer.concat([Buffer.from([0x30, 0x84, 255, 255, 255, 255]), Buffer.alloc(100)]),
  ])
    expect(cmsContent(bytes)).toHaveProperty('problem');
});

test.each([
  ['brackets', '<'.repeat(1_000_000)],
  ['ampersands', `<string>${'&'.repeat(1_000_000)}</string>`],
  ['blanks', `<plist>${' '.repeat(2_000_000)}`],
  ['attributes', `<plist ${'a="b" '.repeat(300_000)}`],
  ['comments', '<!-- -->'.repeat(300_000)],
  ['headers', 'a:\n'.repeat(500_000)],
])('a megabyte of %s is read in time', (_name, text) => {
  const start = performance.now();
  survive(Buffer.from(text));
  expect(performance.now() - start).toBeLessThan(5000);
});
