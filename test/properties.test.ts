import fc from 'fast-check';
import { parse as parseWithSmol, stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { formatReport, formatters } from '../src/report/index.ts';
import type { Format } from '../src/report/report.ts';
import { decode } from '../src/source/decode.ts';
import { type Data, emptyTable, isArray, isTable, type ParsedDocument, type SpanNode } from '../src/source/document.ts';
import type { SourceFile } from '../src/source/source-file.ts';
import { parseToml } from '../src/source/toml.ts';
import { parseYaml } from '../src/source/yaml.ts';

const parsers = [
  ['YAML', parseYaml],
  ['TOML 1.1', parseToml],
  ['TOML 1.0', (source: SourceFile) => parseToml(source, { dialect: '1.0' })],
] as const;

/** Texts made of what the two languages are made of, so that many of them get far. */
const pieces = fc.constantFrom(
  ...'a b key "x" \'y\' """ \'\'\' : = , . [ ] { } [[ ]] - ? # | > & * ! % @ ` \\ ~ 1 017 0x1F -1.5 1e400 .inf true null <<'.split(
    ' ',
  ),
  ...[
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    '  ',
    ': ',
    '- ',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '&a ',
    '*a ',
    '!!str ',
    '😀',
    'é',
    '\u2028',
  ],
  ...[
    'a = 1\n',
    '[a]\n',
    '[[a]]\n',
    'a.b = 1\n',
    'a: 1\n',
    'b:\n  - c\n',
    '\\ud800',
    '\ud800',
    '\0',
    '\x1f',
    '\ufeff',
    '__proto__',
  ],
);
const texts = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);

/** The places of findings lie in their text, in order. */
function expectInside(source: SourceFile, diagnostics: readonly Diagnostic[]): void {
  const lines = source.text.split('\n');
  for (const { location, related } of diagnostics)
    for (const place of [location, ...related.map((one) => one.location)]) {
      const isInside = (line: number, column: number): boolean =>
        line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
      const isOrdered = place.line < place.endLine || (place.line === place.endLine && place.column <= place.endColumn);
      if (!isInside(place.line, place.column) || !isInside(place.endLine, place.endColumn) || !isOrdered)
        throw new Error(`outside: ${JSON.stringify(place)}`);
    }
}

/** Every value has spans, inside the text and in order; the tree has no more than the value. */
function expectSpans({ source, value, spans }: ParsedDocument): void {
  const visit = (data: Data, node: SpanNode): void => {
    for (const span of [node.key, node.value])
      if (span.start < 0 || span.end < span.start || span.end > source.text.length)
        throw new Error(`outside: ${JSON.stringify(span)}`);
    const children: [string | number, Data][] = isArray(data)
      ? [...data.entries()]
      : isTable(data)
        ? Object.entries(data)
        : [];
    expect(node.children.size).toBe(children.length);
    for (const [step, child] of children) {
      const inner = node.children.get(step);
      if (!inner) throw new Error(`no span: ${step}`);
      visit(child, inner);
    }
  };
  visit(value, spans);
}

describe.each(parsers)('%s', (_, parse) => {
  test('any text: a value with places, or findings inside the text; never an exception', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const source = { name: 'f', text };
        const { value, diagnostics } = parse(source);
        expect(value === undefined).toBe(diagnostics.length > 0);
        expectInside(source, diagnostics);
        if (value) expectSpans(value);
      }),
      { numRuns: 1500 },
    );
  });
});

test('any bytes: a text or one finding, and a place for it', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    texts.map((text) => new TextEncoder().encode(text)),
    fc.tuple(texts, fc.uint8Array({ maxLength: 3 }), texts).map(([a, b, c]) => {
      const encode = (text: string) => new TextEncoder().encode(text);
      return Uint8Array.of(...encode(a), ...b, ...encode(c));
    }),
  );
  fc.assert(
    fc.property(bytes, (input) => {
      const { value, diagnostics } = decode('f', input);
      expect(value === undefined).toBe(diagnostics.length === 1);
      for (const { location } of diagnostics) {
        expect(location.line).toBeGreaterThanOrEqual(1);
        expect(location.column).toBeGreaterThanOrEqual(1);
      }
      for (const { message, location } of diagnostics)
        if (message === 'this byte is not UTF-8') expect([location.line, location.column]).toEqual(badByte(input));
      if (value) {
        const mark = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf ? 3 : 0;
        expect(new TextEncoder().encode(value.text)).toEqual(input.subarray(mark));
      }
    }),
    { numRuns: 1500 },
  );
});

/** Line and column of the first byte that is not UTF-8, the slow way. */
function badByte(input: Uint8Array): [number, number] {
  let before = '';
  for (let length = 1; length <= input.length; length++) {
    try {
      before = new TextDecoder('utf-8', { fatal: true }).decode(input.subarray(0, length), { stream: true });
    } catch {
      break;
    }
  }
  const lines = before.split('\n');
  return [lines.length, (lines.at(-1) ?? '').length + 1];
}

const keys = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('a', 'b', '__proto__', 'toString', ''),
);
const { table } = fc.letrec<{ table: Record<string, unknown>; value: unknown }>((tie) => ({
  table: fc
    .array(fc.tuple(keys, tie('value')), { maxLength: 4 })
    .map((entries) => Object.assign(emptyTable(), Object.fromEntries(entries.filter(([key]) => key !== '__proto__')))),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('table'),
  ),
}));

describe('two TOML parsers', () => {
  const ours = (text: string) => parseToml({ name: 'f', text });
  const theirs = (text: string): unknown => {
    try {
      return parseWithSmol(text, { integersAsBigInt: true });
    } catch {
      return undefined;
    }
  };

  test('agree on generated documents', () => {
    fc.assert(
      fc.property(table, (data) => {
        const text = stringify(data);
        expect(plain(ours(text).value?.value)).toEqual(plain(theirs(text)));
      }),
      { numRuns: 500 },
    );
  });

  test('agree on what is no TOML, and on all values', () => {
    const lines = fc.constantFrom(
      ...[
        'a = 1',
        'b = "x"',
        'a.b = 1',
        'a.b.c = 2',
        'b.a = [1, [2]]',
        'c = { a = 1, b.c = 2 }',
        'a = {}',
        'b = []',
        'c.d = 1.5',
      ],
      ...[
        '[a]',
        '[b]',
        '[a.b]',
        '[a.b.c]',
        '[[a]]',
        '[[b]]',
        '[[a.b]]',
        '[[c]]',
        '"a" = 3',
        "['b'.a]",
        'd = 07:32:00',
        'd = never',
      ],
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 7 }), (chosen) => {
        const text = chosen.join('\n');
        expect(plain(ours(text).value?.value)).toEqual(plain(theirs(text)));
      }),
      { numRuns: 3000 },
    );
  });
});

/** Both parsers' values in one form: dates only as such, tables without prototypes. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return 'a date';
  if (typeof value !== 'object' || value === null) return value;
  if ('dateTime' in value && Object.getPrototypeOf(value) !== null) return 'a date';
  return Object.entries(value)
    .map(([key, inner]) => [key, plain(inner)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

test('every format takes every report', () => {
  fc.assert(
    fc.property(texts, texts, fc.integer({ min: 0, max: 200 }), fc.boolean(), (text, name, width, color) => {
      const source = { name, text };
      const report = {
        tool: { name: 'codex-mdm', version: '0' } as const,
        diagnostics: [...parseYaml(source).diagnostics, ...parseToml(source).diagnostics],
        sources: new Map([[name, source]]),
        notes: [],
        summary: 'done',
        checkedFiles: 1,
      };
      for (const format of Object.keys(formatters) as Format[]) {
        const shown = formatReport(report, format, { color, width });
        expect(shown.endsWith('\n')).toBe(true);
        // A file name must reach GitHub as it is.
        if (format === 'github' && /\p{Cc}/u.test(name)) continue;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not come through
        expect(shown.replaceAll(/\x1b\[[0-9]+m/g, '')).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
      }
    }),
    { numRuns: 500 },
  );
});
