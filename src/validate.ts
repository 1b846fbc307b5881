import type { Contract } from './contract/contract.ts';
import { dialectOf } from './contract/dialect.ts';
import type { CodexVersion } from './contract/version.ts';
import { sorted } from './diagnostics/diagnostic.ts';
import { locate } from './source/document.ts';
import type { SourceFile } from './source/source-file.ts';
import { parseToml } from './source/toml.ts';
import { type ValidateOptions, type Validation, validateDocument } from './validate-document.ts';

export type { ValidateOptions, Validation };

/** Judges the text of a requirements.toml for some releases (oldest first). Without a readable text there are no ranges. */
export function validate(
  file: SourceFile,
  versions: readonly CodexVersion[],
  contract: Contract,
  options: ValidateOptions = {},
): Validation {
  const parsed = parseToml(file, { takesUnsigned: true });
  const document = parsed.value;
  if (!document) return { diagnostics: sorted(parsed.diagnostics), ranges: [] };
  const { diagnostics, ranges } = validateDocument(
    document.value,
    {
      text: file.text,
      dialect: dialectOf(document, contract),
      place: (path, part) => ({ location: locate(document, path, part), path }),
    },
    versions,
    contract,
    options,
  );
  return { diagnostics: sorted([...parsed.diagnostics, ...diagnostics]), ranges };
}
