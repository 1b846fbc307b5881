import { expect, test } from 'vitest';
import { uuidOf, uuidV5 } from '../../src/artifacts/uuid.ts';

test('the vector of RFC 9562', () => {
  expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
    '2ED6657D-E927-568B-95E1-2665A8AEA6A2',
  );
});

test('identifiers keep their UUIDs for ever', () => {
  expect(uuidOf('com.acme.codex.acme-engineering')).toBe('E70BAE41-F241-57CE-9341-C21BF79CCFF8');
  expect(uuidOf('com.acme.codex.acme-engineering.preferences')).toBe('8AF359CA-A105-517B-8A0D-D4E6016DA0DC');
});
