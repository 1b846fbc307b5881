import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { fingerprints } from './fingerprint.ts';
import { type Report, sentence } from './report.ts';

const severities: Readonly<Record<Diagnostic['severity'], string>> = { error: 'major', warning: 'minor', note: 'info' };

/** GitLab's Code Quality report; its paths must not start with `./`. */
export function gitlab({ diagnostics }: Report): string {
  const prints = fingerprints(diagnostics);
  const issues = diagnostics.map((one, index) => ({
    description: sentence(one),
    check_name: one.code,
    fingerprint: prints[index],
    severity: severities[one.severity],
    location: {
      path: one.location.file.replace(/^(?:\.\/)+/, ''),
      lines: { begin: one.location.line, end: one.location.endLine },
    },
  }));
  return `${JSON.stringify(issues, null, 2)}\n`;
}
