import type { Contract } from './contract/contract.ts';
import { actingKeys, isRequirementsOnly, loosenings } from './contract/managed-config.ts';
import { type CodexVersion, formatReleases } from './contract/version.ts';
import { type Diagnostic, diagnostic } from './diagnostics/diagnostic.ts';
import { shorten } from './source/describe.ts';
import { type Data, locate } from './source/document.ts';
import type { SourceFile } from './source/source-file.ts';
import { parseToml } from './source/toml.ts';

/**
 * Judges a config.toml, or a managed_config.toml: its syntax, and its keys that have to do with requirements. No other
 * key is judged.
 */
export function validateConfig(file: SourceFile, isManaged: boolean): Diagnostic[] {
  const { value: document, diagnostics } = parseToml(file);
  if (!document) return [...diagnostics];
  const lost = Object.keys(document.value)
    .filter(isRequirementsOnly)
    .map((key) =>
      diagnostic('config/requirements-key', { location: locate(document, [key], 'key'), path: [key] }, { key }),
    );
  const acting = isManaged ? actingKeys(document.value) : [];
  const notes = acting.map(({ key, list, allows }) =>
    diagnostic(
      'config/acts-as-requirement',
      { location: locate(document, [key], 'key'), path: [key] },
      { key, list, values: allows.map(shown) },
    ),
  );
  return [...diagnostics, ...lost, ...notes];
}

/** The keys of a managed_config.toml that allow more than the requirements file that Codex reads beside it. */
export function validateBeside(
  managed: SourceFile,
  requirements: SourceFile,
  versions: readonly CodexVersion[],
  contract: Contract,
): Diagnostic[] {
  const config = parseToml(managed).value;
  const document = parseToml(requirements).value;
  if (!config || !document) return [];
  const registry = contract.releases.map(({ version }) => version);
  return loosenings(config.value, document.value, versions, contract).map(({ key, list, added, versions: losing }) =>
    diagnostic(
      'config/loosens-requirements',
      {
        location: locate(config, [key], 'key'),
        path: [key],
        related: [{ message: `\`${list}\` stands here`, location: locate(document, [list], 'key') }],
      },
      {
        releases: formatReleases(losing, registry),
        key,
        list,
        added: added.map(shown),
        requirements: requirements.name,
      },
    ),
  );
}

function shown(value: Data): string {
  return typeof value === 'string' ? shorten(JSON.stringify(value)) : '{ … }';
}
