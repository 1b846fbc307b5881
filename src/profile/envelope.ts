import { shorten } from '../source/describe.ts';
import type { KeyPath } from '../source/document.ts';
import type { Span } from '../source/source-file.ts';
import { entryOf, type PlistDict, type PlistNode, textOf } from './plist-node.ts';
import type { WrapperFinding } from './wrapper-finding.ts';

const identity = ['PayloadIdentifier', 'PayloadType', 'PayloadUUID', 'PayloadVersion'];

/** The payloads of a configuration profile, each with its path. */
export function payloadsOf(profile: PlistDict): { readonly dict: PlistDict; readonly path: KeyPath }[] {
  const content = entryOf(profile, 'PayloadContent')?.value;
  return (content?.kind === 'array' ? content.items : []).flatMap((dict, index) =>
    dict.kind === 'dict' ? [{ dict, path: ['PayloadContent', index] }] : [],
  );
}

/** What Apple's schema requires of a profile and of each payload in it. */
export function envelopeFindings(profile: PlistDict): WrapperFinding[] {
  const payloads = payloadsOf(profile);
  const parts = [{ dict: profile, path: [] as KeyPath }, ...payloads];
  return [
    ...partFindings(profile, [], 'the profile', ['PayloadContent', ...identity]),
    ...wrong(profile, [], 'PayloadType', 'the text `Configuration`', (node) => isText(node, 'Configuration')),
    ...wrong(profile, [], 'PayloadContent', 'a list of payloads', (node) => node.kind === 'array'),
    ...scopeFindings(profile),
    ...payloads.flatMap(({ dict, path }) => partFindings(dict, path, 'the payload', identity)),
    ...repeated(parts, 'PayloadUUID').map(
      ({ text, span, path }): WrapperFinding => ({
        code: 'profile/duplicate-uuid',
        args: { uuid: shorten(text) },
        span,
        path,
      }),
    ),
    ...repeated(parts, 'PayloadIdentifier').map(
      ({ text, span, path }): WrapperFinding => ({
        code: 'profile/duplicate-identifier',
        args: { identifier: shorten(text) },
        span,
        path,
      }),
    ),
  ];
}

function partFindings(dict: PlistDict, path: KeyPath, part: string, required: readonly string[]): WrapperFinding[] {
  const span = headOf(dict);
  const missing = required
    .filter((key) => !entryOf(dict, key))
    .map((key): WrapperFinding => ({ code: 'profile/missing-key', args: { key, part }, span, path }));
  const isOne = (node: PlistNode): boolean => node.kind === 'integer' && node.value === 1n;
  const isAnyText = (node: PlistNode): boolean => node.kind === 'string' && node.text !== '';
  return [
    ...missing,
    ...wrong(dict, path, 'PayloadVersion', 'the integer 1', isOne),
    ...wrong(dict, path, 'PayloadIdentifier', 'a text', isAnyText),
    ...wrong(dict, path, 'PayloadUUID', 'a text', isAnyText),
    ...(path.length > 0 ? wrong(dict, path, 'PayloadType', 'a text', isAnyText) : []),
  ];
}

function wrong(
  dict: PlistDict,
  path: KeyPath,
  key: string,
  expected: string,
  isRight: (node: PlistNode) => boolean,
): WrapperFinding[] {
  const entry = entryOf(dict, key);
  if (!entry || isRight(entry.value)) return [];
  return [{ code: 'profile/wrong-value', args: { key, expected }, span: entry.keySpan, path: [...path, key] }];
}

function scopeFindings(profile: PlistDict): WrapperFinding[] {
  const entry = entryOf(profile, 'PayloadScope');
  if (!entry) return [{ code: 'profile/scope', args: { found: undefined }, span: headOf(profile), path: [] }];
  const at = { span: entry.value.span, path: ['PayloadScope'] };
  if (isText(entry.value, 'System')) return [];
  return isText(entry.value, 'User')
    ? [{ code: 'profile/scope', args: { found: 'User' }, ...at }]
    : [{ code: 'profile/wrong-value', args: { key: 'PayloadScope', expected: '`System` or `User`' }, ...at }];
}

/** The places where a part says under a key what another one said before. */
function repeated(
  parts: readonly { readonly dict: PlistDict; readonly path: KeyPath }[],
  key: string,
): { readonly text: string; readonly span: Span; readonly path: KeyPath }[] {
  const seen = new Set<string>();
  return parts.flatMap(({ dict, path }) => {
    const text = textOf(dict, key);
    const entry = entryOf(dict, key);
    if (text === undefined || !entry) return [];
    // Upper and lower case are the same UUID.
    const folded = key === 'PayloadUUID' ? text.toUpperCase() : text;
    if (!seen.has(folded)) {
      seen.add(folded);
      return [];
    }
    return [{ text, span: entry.value.span, path: [...path, key] }];
  });
}

/** Keys that are read here and stand twice in their dictionary. */
export function duplicateKeys(node: PlistNode, path: KeyPath = []): WrapperFinding[] {
  if (node.kind === 'array') return node.items.flatMap((item, index) => duplicateKeys(item, [...path, index]));
  if (node.kind !== 'dict') return [];
  const seen = new Set<string>();
  return node.entries.flatMap(({ key, keySpan: span, value }) => {
    const here = [...path, key];
    const again = seen.has(key) && read.test(key);
    seen.add(key);
    const twice: WrapperFinding[] = again ? [{ code: 'profile/duplicate-key', args: { key }, span, path: here }] : [];
    return walked.test(key) || path.length === 0 || path.at(-1) === 'PayloadContent'
      ? [...twice, ...duplicateKeys(value, here)]
      : twice;
  });
}

const read =
  /^(?:PayloadContent|PayloadType|PayloadUUID|PayloadIdentifier|PayloadVersion|PayloadScope|com\.openai\.codex|Forced|mcx_preference_settings|requirements_toml_base64|config_toml_base64)$/;
const walked = /^(?:PayloadContent|com\.openai\.codex|Forced|mcx_preference_settings)$/;

function isText(node: PlistNode, text: string): boolean {
  return node.kind === 'string' && node.text === text;
}

/** The opening tag: the whole dictionary would underline the whole file. */
function headOf({ span }: PlistDict): Span {
  return { start: span.start, end: Math.min(span.end, span.start + '<dict>'.length) };
}
