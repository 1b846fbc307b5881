import { type Contract, type Effect, effects } from './contract/contract.ts';
import { findings } from './contract/findings.ts';
import { history } from './contract/history.ts';
import { type Statement, statementsOf } from './contract/judge.ts';
import { type CodexVersion, formatReleases } from './contract/version.ts';
import { type Diagnostic, sorted } from './diagnostics/diagnostic.ts';
import { locate } from './source/document.ts';
import type { SourceFile } from './source/source-file.ts';
import { parseToml } from './source/toml.ts';

export interface Validation {
  readonly diagnostics: readonly Diagnostic[];
  /** For every known release that reads requirements.toml, oldest first: the worst that it does with the file. */
  readonly ranges: readonly { readonly from: CodexVersion; readonly to: CodexVersion; readonly effect: Effect }[];
}

/** Judges the text of a requirements.toml for some releases (oldest first). Without a readable text there are no ranges. */
export function validate(file: SourceFile, versions: readonly CodexVersion[], contract: Contract): Validation {
  const parsed = parseToml(file);
  const document = parsed.value;
  if (!document) return { diagnostics: sorted(parsed.diagnostics), ranges: [] };
  const statements = statementsOf(document.value, contract);
  const found = findings(statements, versions, contract, (path, part) => ({
    location: locate(document, path, part),
    path,
  }));
  const diagnostics = [...parsed.diagnostics, ...found.map((finding) => finding.diagnostic)];
  return { diagnostics: sorted(diagnostics), ranges: rangesOf(statements, contract) };
}

function rangesOf(statements: readonly Statement[], contract: Contract): Validation['ranges'] {
  const ranges: { from: CodexVersion; to: CodexVersion; effect: Effect }[] = [];
  for (const [at, effect] of history(statements, contract).entries()) {
    const version = contract.releases[at]?.version;
    const last = ranges.at(-1);
    if (version === undefined) continue;
    if (last?.effect === effect) last.to = version;
    else ranges.push({ from: version, to: version, effect });
  }
  return ranges;
}

/** The ranges in one line, best first: "enforced as written on 0.131.0–0.169.0; ignored in part on …". */
export function rangeLine(ranges: Validation['ranges'], contract: Contract): string {
  const phrases: Readonly<Record<Effect, string>> = {
    enforced: 'enforced as written',
    weakened: 'weakened in part',
    'ignored-with-warning': 'ignored in part, with a warning,',
    ignored: 'ignored in part',
    'hook-skipped': 'hooks skipped',
    'session-fails': 'sessions fail',
    'file-rejected': 'file refused',
    'start-refused': 'start refused',
  };
  const registry = contract.releases.map(({ version }) => version);
  return effects
    .flatMap((effect) => {
      const mine = ranges.filter((range) => range.effect === effect);
      const versions = registry.filter((_, index) =>
        mine.some(({ from, to }) => registry.indexOf(from) <= index && index <= registry.indexOf(to)),
      );
      return versions.length === 0 ? [] : [`${phrases[effect]} on ${formatReleases(versions, registry)}`];
    })
    .join('; ');
}
