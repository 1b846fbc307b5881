import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { decode, maxInputBytes } from '../source/decode.ts';
import { maxDepth, maxParts } from '../source/limits.ts';
import { formatDecoded, locationAt, type SourceFile, type SourceLocation } from '../source/source-file.ts';
import { decodeBase64 } from './base64.ts';
import { parseBinaryPlist } from './binary-plist.ts';
import { cmsContent, unwrapText } from './cms.ts';
import { duplicateKeys, envelopeFindings, payloadsOf } from './envelope.ts';
import { entryOf, type PlistDict, type PlistFault, type PlistNode, type PlistResult } from './plist-node.ts';
import { payloadSettings, preferenceSettings, type Setting, type Settings } from './settings.ts';
import type { WrapperFinding } from './wrapper-finding.ts';
import { parseXmlPlist } from './xml-plist.ts';

/** A TOML text that a profile carries. Its own places are those of the decoded text; `at` is its key's in the file. */
export interface EmbeddedText {
  readonly key: Setting['key'];
  readonly source: SourceFile;
  readonly at: SourceLocation;
}

export interface ProfileReading {
  /** The text that places are counted in; empty for a binary or signed file, whose places are all 1:1. */
  readonly source: SourceFile;
  readonly texts: readonly EmbeddedText[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a configuration profile or the property list of a preference domain: XML or binary, signed or not. A signature
 * is taken off, not verified. Never throws.
 */
export function readProfile(name: string, bytes: Uint8Array): ProfileReading {
  const binary: SourceFile = { name, text: '' };
  const start = { location: locationAt(binary, { start: 0, end: 0 }) };
  const fail = (found: Diagnostic): ProfileReading => ({ source: binary, texts: [], diagnostics: [found] });
  if (bytes.length > maxInputBytes)
    return fail(diagnostic('input/too-large', start, { bytes: bytes.length, maxBytes: maxInputBytes }));
  if (bytes.length === 0) return fail(diagnostic('input/empty', start, {}));

  const opened = openSignature(bytes);
  if ('problem' in opened) return fail(diagnostic('profile/syntax', start, opened));
  const { content, form } = opened;
  const notDer = form === 'PEM' || form === 'S/MIME' ? [diagnostic('profile/not-der', start, { form })] : [];
  const isSigned = form !== undefined;
  if (beginsWith(content, 'bplist00')) {
    const reading = fromPlist(binary, parseBinaryPlist(content), isSigned);
    return { ...reading, diagnostics: [...notDer, ...reading.diagnostics] };
  }
  const decoded = decode(name, content);
  if (!decoded.value) {
    // The place counts in the file as it is only where nothing is wrapped around the content.
    const found = decoded.diagnostics.map((one) => (isSigned ? { ...one, ...start } : one));
    return { source: binary, texts: [], diagnostics: [...notDer, ...found] };
  }
  const source = isSigned ? binary : decoded.value;
  const parsed = parseXmlPlist(decoded.value.text);
  const mark = hasMark(content) ? [diagnostic('profile/byte-order-mark', start, {})] : [];
  const reading = fromPlist(source, parsed, isSigned);
  return { ...reading, diagnostics: [...notDer, ...mark, ...reading.diagnostics] };
}

/** A finding about an embedded text, placed at its key, with the decoded place in its message too. */
export function placeInProfile(found: Diagnostic, { key, at }: EmbeddedText): Diagnostic {
  const location = decodedAt(found.location, key, at);
  const place = location.decoded ? ` (${formatDecoded(location.decoded)})` : '';
  const related = found.related.map(({ message, location: other }) => {
    const there = decodedAt(other, key, at);
    return { message: there.decoded ? `${message} (${formatDecoded(there.decoded)})` : message, location: there };
  });
  return { ...found, message: `${found.message}${place}`, location, related };
}

function decodedAt(inner: SourceLocation, key: string, at: SourceLocation): SourceLocation {
  const { line, column, endLine, endColumn } = inner;
  return { ...at, decoded: { key, line, column, endLine, endColumn } };
}

interface Opened {
  readonly content: Uint8Array;
  /** How the signature is stored; undefined where there is none. */
  readonly form: 'DER' | 'PEM' | 'S/MIME' | undefined;
}

function openSignature(bytes: Uint8Array): Opened | { readonly problem: string; readonly fix: string } {
  const isDer = bytes[0] === 0x30 && (bytes[1] ?? 0) >= 0x80;
  const isText = !isDer && (beginsWith(bytes, '-----BEGIN') || /^[A-Za-z-]+:/.test(ascii(bytes.subarray(0, 40))));
  const message = isDer ? bytes : isText ? unwrapText(ascii(bytes)) : undefined;
  if (!message) return { content: bytes, form: undefined };
  const opened = cmsContent(message);
  return 'problem' in opened
    ? opened
    : { content: opened.content, form: isDer ? 'DER' : beginsWith(bytes, '-----BEGIN') ? 'PEM' : 'S/MIME' };
}

function fromPlist(source: SourceFile, parsed: PlistResult, isSigned: boolean): ProfileReading {
  if ('fault' in parsed) return { source, texts: [], diagnostics: [faultFinding(source, parsed.fault)] };
  const { root } = parsed;
  if (root.kind !== 'dict') {
    const at = { location: locationAt(source, { start: root.span.start, end: root.span.start }) };
    const args = { problem: `the property list is \`<${root.kind}>\``, fix: 'start it with a `<dict>`' };
    return { source, texts: [], diagnostics: [diagnostic('profile/syntax', at, args)] };
  }
  const { settings, findings } = settingsOf(root, isSigned);
  const texts: EmbeddedText[] = [];
  const diagnostics = [...findings, ...twoValues(settings)].map((finding) => placed(source, finding));
  for (const setting of settings) {
    const read = readSetting(source, setting);
    diagnostics.push(...read.diagnostics);
    if (read.text) texts.push(read.text);
  }
  return { source, texts, diagnostics };
}

function settingsOf(root: PlistDict, isSigned: boolean): Settings {
  const isProfile = entryOf(root, 'PayloadContent') !== undefined || entryOf(root, 'PayloadType') !== undefined;
  const found = isProfile
    ? payloadsOf(root).map(({ dict, path }) => payloadSettings(dict, path, isSigned))
    : [preferenceSettings(root)];
  const settings = found.flatMap((one) => one.settings);
  const findings = found.flatMap((one) => one.findings);
  const isExplained = findings.some(({ code }) => code === 'profile/misspelt-key' || code === 'profile/wrong-domain');
  const nothing: WrapperFinding[] =
    settings.length > 0 || isExplained
      ? []
      : [
          {
            code: 'profile/no-requirements',
            args: {},
            span: { start: root.span.start, end: root.span.start },
            path: [],
          },
        ];
  return {
    settings,
    findings: [...duplicateKeys(root), ...(isProfile ? envelopeFindings(root) : []), ...findings, ...nothing],
  };
}

/** Two payloads that set one key to different values; which of them holds is not defined. */
function twoValues(settings: readonly Setting[]): WrapperFinding[] {
  const first = new Map<string, PlistNode>();
  return settings.flatMap(({ key, entry, path }) => {
    const before = first.get(key);
    if (!before) {
      first.set(key, entry.value);
      return [];
    }
    const isSame = before.kind === 'string' && entry.value.kind === 'string' && before.text === entry.value.text;
    return isSame ? [] : [{ code: 'profile/two-values', args: { key }, span: entry.keySpan, path }];
  });
}

function readSetting(
  source: SourceFile,
  { key, entry, path }: Setting,
): { readonly text?: EmbeddedText; readonly diagnostics: readonly Diagnostic[] } {
  const at = { location: locationAt(source, entry.keySpan), path };
  const { value } = entry;
  if (value.kind !== 'string')
    return { diagnostics: [diagnostic('profile/not-a-string', at, { key, found: value.kind })] };
  const decoded = decodeBase64(value.text);
  if ('problem' in decoded) return { diagnostics: [diagnostic('profile/base64', at, decoded)] };
  const embedded = { key, at: at.location };
  const { value: toml, diagnostics } = decode(source.name, decoded.bytes);
  if (toml) return { text: { ...embedded, source: toml }, diagnostics: [] };
  return { diagnostics: diagnostics.map((found) => placeInProfile(found, { ...embedded, source })) };
}

function placed(source: SourceFile, { code, args, span, path }: WrapperFinding): Diagnostic {
  // The pair of a code and its arguments is checked where the finding is made.
  return diagnostic(code, { location: locationAt(source, span), path }, args as never);
}

function faultFinding(source: SourceFile, { kind, problem, fix, offset }: PlistFault): Diagnostic {
  const at = { location: locationAt(source, { start: offset, end: offset + 1 }) };
  switch (kind) {
    case 'too-deep':
      return diagnostic('input/too-deep', at, { levels: maxDepth });
    case 'too-complex':
      return diagnostic('input/too-complex', at, { parts: maxParts });
    case 'syntax':
      return diagnostic('profile/syntax', at, { problem, fix });
    default:
      return kind satisfies never;
  }
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return ascii(bytes.subarray(0, text.length)) === text;
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
