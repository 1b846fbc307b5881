import { shorten } from '../source/describe.ts';
import type { KeyPath } from '../source/document.ts';
import { nearest } from '../source/suggest.ts';
import { configKey, preferenceDomain, requirementsKey } from './domain.ts';
import { entryOf, type PlistDict, type PlistEntry, type PlistNode, textOf } from './plist-node.ts';
import type { WrapperFinding } from './wrapper-finding.ts';

/** A value of Codex's preference domain, and where it stands. */
export interface Setting {
  readonly key: typeof requirementsKey | typeof configKey;
  readonly entry: PlistEntry;
  readonly path: KeyPath;
}

/** All that property lists say about Codex. */
export interface Settings {
  readonly settings: readonly Setting[];
  readonly findings: readonly WrapperFinding[];
}

const managedClient = 'com.apple.ManagedClient.preferences';

/** The settings of Codex in a bare preference file. */
export function preferenceSettings(root: PlistDict): Settings {
  return settingsIn(root, []);
}

/** The settings of Codex in one payload of a profile. */
export function payloadSettings(payload: PlistDict, path: KeyPath, isSigned: boolean): Settings {
  const type = textOf(payload, 'PayloadType');
  if (type === managedClient) return managedSettings(payload, path);
  const own = { ...payload, entries: payload.entries.filter(({ key }) => !key.startsWith('Payload')) };
  if (type === preferenceDomain) {
    const found = settingsIn(own, path);
    if (isSigned || found.settings.length === 0) return found;
    const span = entryOf(payload, 'PayloadType')?.value.span ?? payload.span;
    return { ...found, findings: [...found.findings, { code: 'profile/direct-form', args: {}, span, path }] };
  }
  if (type === undefined || !(isLikeDomain(type) || entryOf(own, requirementsKey))) return nothing;
  const entry = entryOf(payload, 'PayloadType');
  return wrongDomain(type, entry?.value.span ?? payload.span, [...path, 'PayloadType']);
}

const nothing: Settings = { settings: [], findings: [] };

/** PayloadContent → domain → Forced → mcx_preference_settings. */
function managedSettings(payload: PlistDict, path: KeyPath): Settings {
  const domains = entryOf(payload, 'PayloadContent')?.value;
  if (domains?.kind !== 'dict') return nothing;
  return joined(
    domains.entries.map((entry) => {
      const here = [...path, 'PayloadContent', entry.key];
      if (entry.key === preferenceDomain) return domainSettings(entry.value, here);
      return isLikeDomain(entry.key) || innermost(entry.value).some(({ dict }) => entryOf(dict, requirementsKey))
        ? wrongDomain(entry.key, entry.keySpan, here)
        : nothing;
    }),
  );
}

function domainSettings(domain: PlistNode, path: KeyPath): Settings {
  return joined(
    innermost(domain).map(({ dict, state, path: below }) => {
      const found = settingsIn(dict, [...path, ...below]);
      if (state.key === 'Forced') return found;
      const notForced = {
        code: 'profile/not-forced',
        args: { found: shorten(state.key) },
        span: state.keySpan,
        path,
      } as const;
      return { ...found, findings: [...found.findings, notForced] };
    }),
  );
}

interface Innermost {
  readonly dict: PlistDict;
  /** `Forced`, `Set-Once` or what stands in their place. */
  readonly state: PlistEntry;
  readonly path: KeyPath;
}

/** The dictionaries under mcx_preference_settings of a domain. */
function innermost(domain: PlistNode): Innermost[] {
  if (domain.kind !== 'dict') return [];
  return domain.entries.flatMap((state) =>
    (state.value.kind === 'array' ? state.value.items : []).flatMap((item, index) => {
      const dict = entryOf(item, 'mcx_preference_settings')?.value;
      return dict?.kind === 'dict' ? [{ dict, state, path: [state.key, index, 'mcx_preference_settings'] }] : [];
    }),
  );
}

function settingsIn(dict: PlistDict, path: KeyPath): Settings {
  return joined(
    dict.entries.map((entry): Settings => {
      const { key, keySpan: span } = entry;
      const here = [...path, key];
      if (key === requirementsKey || key === configKey) return { settings: [{ key, entry, path: here }], findings: [] };
      const meant = meantKey(key);
      if (meant === requirementsKey)
        return misspelt({
          code: 'profile/misspelt-key',
          args: { key: shorten(key), nearest: meant },
          span,
          path: here,
        });
      return misspelt({ code: 'profile/unknown-key', args: { key: shorten(key), nearest: meant }, span, path: here });
    }),
  );
}

function misspelt(finding: WrapperFinding): Settings {
  return { settings: [], findings: [finding] };
}

function wrongDomain(found: string, span: PlistEntry['keySpan'], path: KeyPath): Settings {
  return misspelt({ code: 'profile/wrong-domain', args: { found: shorten(found) }, span, path });
}

/** The key that a name most likely stands for: a slip of the pen, or a part left out. */
function meantKey(name: string): Setting['key'] | undefined {
  const folded = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (/^requirements?(?:toml)?(?:base64|b64)?$/.test(folded)) return requirementsKey;
  if (/^(?:managed)?config(?:toml)?(?:base64|b64)?$/.test(folded)) return configKey;
  const close = nearest(name, [requirementsKey, configKey]);
  return close === requirementsKey || close === configKey ? close : undefined;
}

function isLikeDomain(name: string): boolean {
  const folded = name.toLowerCase();
  return (
    name !== preferenceDomain &&
    (/^(?:com\.)?openai[._-]?codex(?:[._-].*)?$/.test(folded) ||
      nearest(name, [preferenceDomain]) !== undefined ||
      folded.startsWith(`${preferenceDomain}.`))
  );
}

function joined(all: readonly Settings[]): Settings {
  return { settings: all.flatMap(({ settings }) => settings), findings: all.flatMap(({ findings }) => findings) };
}
