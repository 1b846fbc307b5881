import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../source/document.ts';
import type { Report } from './report.ts';

/** The shape of schemas/report.schema.json; it holds no line of any source, which may contain a secret. */
export function json({ tool, diagnostics, checkedFiles, files = [] }: Report): string {
  const count = (severity: Diagnostic['severity']): number => diagnostics.filter((d) => d.severity === severity).length;
  const report = {
    schemaVersion: 1,
    tool,
    diagnostics: diagnostics.map(({ code, severity, message, help, location, path, related }) => ({
      code,
      severity,
      message,
      help: help ?? null,
      location,
      path: formatPath(path),
      related,
    })),
    files,
    summary: { errors: count('error'), warnings: count('warning'), notes: count('note'), files: checkedFiles },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
