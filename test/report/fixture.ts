import { type Diagnostic, diagnostic, sorted } from '../../src/diagnostics/diagnostic.ts';
import type { Report } from '../../src/report/report.ts';
import { parseToml } from '../../src/source/toml.ts';
import { parseYaml } from '../../src/source/yaml.ts';

const tool = { name: 'codex-mdm', version: '0.1.0' } as const;

/** What a run over these files would report: YAML by its name, TOML else. */
export function reportOf(files: Readonly<Record<string, string>>, more: readonly Diagnostic[] = []): Report {
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }));
  const diagnostics = sources.flatMap(
    (source) => (source.name.endsWith('.yaml') ? parseYaml(source) : parseToml(source)).diagnostics,
  );
  return {
    tool,
    diagnostics: sorted([...diagnostics, ...more]),
    sources: new Map(sources.map((source) => [source.name, source])),
    notes: [],
    summary: `${sources.length} files checked`,
    checkedFiles: sources.length,
  };
}

/** A finding at a place of its own making, of any severity. */
export function finding(file: string, severity: Diagnostic['severity'], message: string): Diagnostic {
  const location = { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
  return { ...diagnostic('yaml/tab', { location }, {}), severity, message };
}
