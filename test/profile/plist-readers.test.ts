import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PlistValue, plist, plistText } from '../../src/artifacts/plist.ts';
import { parseBinaryPlist } from '../../src/profile/binary-plist.ts';
import type { PlistNode, PlistResult } from '../../src/profile/plist-node.ts';
import { parseXmlPlist } from '../../src/profile/xml-plist.ts';
import { testWith } from '../support/programs.ts';

/** What a node stands for, as JSON can hold it. */
function plain(node: PlistNode): unknown {
  switch (node.kind) {
    case 'dict':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
    case 'array':
      return node.items.map(plain);
    case 'string':
    case 'date':
      return node.text;
    case 'integer':
      return Number(node.value);
    case 'real':
    case 'boolean':
      return node.value;
    case 'data':
      return { base64: Buffer.from(node.bytes).toString('base64') };
    default:
      return node satisfies never;
  }
}

function read(result: PlistResult): unknown {
  return 'root' in result ? plain(result.root) : result.fault;
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).map(plistText);
const { value } = fc.letrec<{ value: PlistValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 20, noNullPrototype: true },
    ),
  ),
}));

test('what the plist package writes in XML is read back', () => {
  fc.assert(
    fc.property(value, (one) => {
      expect(read(parseXmlPlist(plist(one)))).toEqual(one);
    }),
  );
});

testWith(['python3'], 'what plistlib makes of it, in XML and in binary, is read alike', () => {
  const documents = fc.sample(value, { numRuns: 150, seed: 7 });
  // Data and reals too, which our own writer does not know.
  const program = `import base64, json, plistlib, sys
for line in sys.stdin:
    value = [json.loads(line), b"\\x00\\xff\\x80", 1.5, -2.25, {"large": b"x" * 300, "": "y" * 70000}]
    print(json.dumps([base64.b64encode(plistlib.dumps(value, fmt=f)).decode() for f in (plistlib.FMT_XML, plistlib.FMT_BINARY)]))
`;
  const output = execFileSync('python3', ['-c', program], {
    input: documents.map((one) => `${JSON.stringify(one)}\n`).join(''),
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
  const lines = output.trim().split('\n');
  expect(lines).toHaveLength(documents.length);
  for (const [at, line] of lines.entries()) {
    const [xml = '', binary = ''] = JSON.parse(line) as readonly string[];
    const data = (bytes: Buffer) => ({ base64: bytes.toString('base64') });
    const expected = [
      documents[at],
      data(Buffer.from([0, 255, 128])),
      1.5,
      -2.25,
      { large: data(Buffer.alloc(300, 'x')), '': 'y'.repeat(70_000) },
    ];
    expect(read(parseXmlPlist(Buffer.from(xml, 'base64').toString('utf8')))).toEqual(expected);
    expect(read(parseBinaryPlist(Buffer.from(binary, 'base64')))).toEqual(expected);
  }
});

test('each key and value of XML stands where it is written', () => {
  const written = '<plist><dict><key>a&amp;b</key>\n  <string>c</string><key/><array><true/></array></dict></plist>';
  const result = parseXmlPlist(written);
  if (!('root' in result) || result.root.kind !== 'dict') throw new Error('no dictionary');
  const cut = ({ start, end }: { start: number; end: number }): string => written.slice(start, end);
  expect(result.root.entries.map(({ key, keySpan, value: inner }) => [key, cut(keySpan), cut(inner.span)])).toEqual([
    ['a&b', 'a&amp;b', '<string>c</string>'],
    ['', '<key/>', '<array><true/></array>'],
  ]);
});
