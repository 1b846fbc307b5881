import { describe, expect, test } from 'vitest';
import { type PlistValue, plist, plistText } from '../../src/artifacts/plist.ts';
import { hostileTexts } from '../support/bundle.ts';
import { readWithPlistlib, xmllintFaults } from '../support/plist-readers.ts';
import { testWith } from '../support/programs.ts';

const value: PlistValue = {
  texts: [...hostileTexts, '', ' outer blanks ', '\ttab'],
  'key <&> "': { flag: true, off: false, numbers: [0, 1, -5, 9007199254740991] },
  empty: {},
  none: [],
};

test('keys keep their order; tabs, LF and one newline at the end', () => {
  expect(plist({ b: 1, a: [true] })).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
      '<plist version="1.0">',
      '\t<dict>',
      '\t\t<key>b</key>',
      '\t\t<integer>1</integer>',
      '\t\t<key>a</key>',
      '\t\t<array>',
      '\t\t\t<true/>',
      '\t\t</array>',
      '\t</dict>',
      '</plist>',
      '',
    ].join('\n'),
  );
});

describe('what the package would drop, change or refuse without a place throws with its place', () => {
  test.each<[unknown, RegExp]>([
    [{ a: [1, null] }, /null at plist\.a\[1\]/],
    [{ a: undefined }, /undefined at plist\.a/],
    [{ a: Number.NaN }, /NaN at plist\.a/],
    [{ a: 1.5 }, /1\.5 at plist\.a/],
    [{ a: 'x\u0001' }, /plist\.a/],
    [{ a: '\ud800' }, /plist\.a/],
    [{ a: 'x\ry' }, /plist\.a/],
    [{ 'x\u0000': 1 }, /a key of plist/],
    [{ a: new Uint8Array(1) }, /plist\.a/],
    [{ a: new Map() }, /plist\.a/],
  ])('%j', (bad, where) => {
    expect(() => plist(bad as PlistValue)).toThrow(where);
  });
});

test('plistText replaces what XML cannot carry and keeps everything else', () => {
  expect(plistText('a\u0000b\rc\ud800d\ufffee\u007f')).toBe('a\ufffdb\ufffdc\ufffdd\ufffde\u007f');
  for (const text of hostileTexts) expect(plistText(text)).toBe(text);
});

testWith(['xmllint'], 'xmllint finds it valid, and finds a missing value', () => {
  expect(xmllintFaults(plist(value))).toBe('');
  expect(xmllintFaults(plist({ a: 1 }).replace('<integer>1</integer>', ''))).toContain('dict');
});

testWith(['python3'], 'plistlib reads back every value', () => {
  expect(readWithPlistlib(plist(value))).toEqual(value);
});
