import { describe, expect, test } from 'vitest';
import { decode, maxInputBytes } from '../../src/source/decode.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('decode', () => {
  test('the byte order mark goes, only once, and CRLF stays', () => {
    const result = decode('a.toml', Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes('a = "ü😀"\r\n')));
    expect(result).toEqual({ value: { name: 'a.toml', text: 'a = "ü😀"\r\n' }, diagnostics: [] });
  });

  test('white space is content', () => {
    expect(decode('a', bytes(' \r\n\t\n')).value?.text).toBe(' \r\n\t\n');
  });

  test('exactly 4 MiB is read', () => {
    expect(decode('a', new Uint8Array(maxInputBytes).fill(0x61)).diagnostics).toEqual([]);
  });

  test.each([
    ['nothing', new Uint8Array(), 'input/empty 1:1'],
    ['a mark alone', Uint8Array.of(0xef, 0xbb, 0xbf), 'input/empty 1:1'],
    ['one byte too much', new Uint8Array(maxInputBytes + 1).fill(0x61), 'input/too-large 1:1'],
    ['Latin-1', Uint8Array.of(...bytes('ä = 1\nb = "😀'), 0xfc, 0x22), 'input/not-utf8 2:8'],
    ['a surrogate in UTF-8', Uint8Array.of(0x61, 0xed, 0xa0, 0x80), 'input/not-utf8 1:2'],
    ['a character cut at the end', bytes('a\n€').subarray(0, 4), 'input/not-utf8 2:1'],
    ['UTF-16 with a mark', Uint8Array.of(0xff, 0xfe, 0x61, 0), 'input/not-utf8 1:1'],
    ['UTF-16 big-endian with a mark', Uint8Array.of(0xfe, 0xff, 0, 0x61), 'input/not-utf8 1:1'],
    ['UTF-16 without a mark', Uint8Array.of(0x61, 0, 0x3d, 0), 'input/not-utf8 1:1'],
    ['a NUL', bytes('a = 1\nb\0'), 'input/binary 2:2'],
    ['a program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0xff, 0, 0), 'input/binary 1:5'],
  ])('%s', (_, input, expected) => {
    const { value, diagnostics } = decode('f', input);
    expect(value).toBeUndefined();
    expect(diagnostics.map((d) => `${d.code} ${d.location.line}:${d.location.column}`)).toEqual([expected]);
  });

  test('UTF-16 is named', () => {
    expect(decode('f', Uint8Array.of(0xff, 0xfe, 0x61, 0)).diagnostics[0]?.message).toContain('UTF-16');
  });
});
