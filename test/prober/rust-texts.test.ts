import { expect, test } from 'vitest';
import { membersOf, namesBeside, textLists } from '../../src/prober/rust-texts.ts';

/** A program of two segments: texts at 0x1000, and from 0x2000 on the slices that point at them. */
function program(lists: readonly (readonly string[])[]): Buffer {
  const bytes = Buffer.alloc(0x3000);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes[4] = 2;
  bytes.writeUInt32LE(64, 32);
  bytes.writeUInt16LE(2, 56);
  const segment = (at: number, flags: number, place: number): void => {
    bytes.writeUInt32LE(1, at);
    bytes.writeUInt32LE(flags, at + 4);
    for (const field of [8, 16]) bytes.writeUInt32LE(place, at + field);
    bytes.writeUInt32LE(0x1000, at + 32);
  };
  segment(64, 4, 0x1000);
  segment(64 + 56, 6, 0x2000);
  let text = 0x1000;
  let slice = 0x2008;
  for (const list of lists) {
    for (const name of list) {
      bytes.write(name, text, 'latin1');
      bytes.writeUInt32LE(text, slice);
      bytes.writeUInt32LE(name.length, slice + 8);
      text += name.length;
      slice += 16;
    }
    slice += 16;
  }
  return bytes;
}

test('names are read whole though the texts stand without anything between them', () => {
  const lists = textLists(program([['prefix_rules', 'canonical_matching'], ['allow']]));
  expect(lists).toEqual([['prefix_rules', 'canonical_matching'], ['allow']]);
});

test('the names beside known ones are candidates, those of other lists are not', () => {
  const lists = [['pattern', 'decision', 'brand_new'], ['pattern'], ['other', 'thing']];
  expect(namesBeside(lists, new Set(['pattern', 'decision']))).toEqual(['brand_new', 'decision', 'pattern']);
});

test('what is no 64-bit program has no lists', () => {
  expect(textLists(Buffer.from('#!/bin/sh\n'.repeat(20)))).toEqual([]);
  expect(textLists(Buffer.alloc(0))).toEqual([]);
});

test('a program says how many members a structure has', () => {
  const bytes = Buffer.from('struct Other with 2 elementsstruct Example with 11 elementsstruct X');
  expect([membersOf(bytes, 'Example'), membersOf(bytes, 'Missing')]).toEqual([11, undefined]);
});
