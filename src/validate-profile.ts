import type { Contract } from './contract/contract.ts';
import { actingKeys } from './contract/managed-config.ts';
import type { CodexVersion } from './contract/version.ts';
import { type Diagnostic, diagnostic, sorted } from './diagnostics/diagnostic.ts';
import { requirementsKey } from './profile/domain.ts';
import { type EmbeddedText, placeInProfile, readProfile } from './profile/profile.ts';
import type { SourceFile } from './source/source-file.ts';
import { parseToml } from './source/toml.ts';
import { type Validation, validate } from './validate.ts';
import { validateConfig } from './validate-config.ts';

export interface ProfileValidation extends Validation {
  /** The text that places are counted in; empty for a binary or signed file. */
  readonly source: SourceFile;
}

/**
 * Judges a macOS configuration profile or the property list of Codex's preference domain: the wrapper, and the TOML
 * inside as what a Mac reads. The ranges are those of the first requirements in it. A signature is not verified.
 */
export function validateProfile(
  name: string,
  bytes: Uint8Array,
  versions: readonly CodexVersion[],
  contract: Contract,
): ProfileValidation {
  const { source, texts, diagnostics } = readProfile(name, bytes);
  const judged = texts.map((text) => judge(text, versions, contract));
  return {
    source,
    diagnostics: sorted([...diagnostics, ...judged.flatMap((one) => one.diagnostics)]),
    ranges: judged.find(({ ranges }) => ranges.length > 0)?.ranges ?? [],
  };
}

function judge(text: EmbeddedText, versions: readonly CodexVersion[], contract: Contract): Validation {
  const place = (found: Diagnostic): Diagnostic => placeInProfile(found, text);
  if (text.key === requirementsKey) {
    const { diagnostics, ranges } = validate(text.source, versions, contract, {
      channel: 'profile',
      platforms: ['macos'],
    });
    return { diagnostics: diagnostics.map(place), ranges };
  }
  const document = parseToml(text.source).value;
  const keys = document ? actingKeys(document.value).map(({ key }) => key) : [];
  return {
    diagnostics: [
      diagnostic('profile/config-beside', { location: text.at }, { keys }),
      ...validateConfig(text.source, true).map(place),
    ],
    ranges: [],
  };
}
