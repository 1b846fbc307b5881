import { catalog } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath } from '../source/document.ts';
import type { SourceLocation } from '../source/source-file.ts';
import { fingerprints } from './fingerprint.ts';
import { type Report, sentence } from './report.ts';

/** SARIF 2.1.0 with the rules that occur; no line of any source. */
export function sarif({ tool, diagnostics }: Report): string {
  const rules = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const prints = fingerprints(diagnostics);
  const results = diagnostics.map((one, index) => ({
    ruleId: one.code,
    ruleIndex: rules.indexOf(one.code),
    level: one.severity,
    message: { text: sentence(one) },
    locations: [
      {
        physicalLocation: physical(one.location),
        ...(one.path.length > 0 ? { logicalLocations: [{ fullyQualifiedName: formatPath(one.path) }] } : {}),
      },
    ],
    ...(one.related.length > 0
      ? {
          relatedLocations: one.related.map(({ message, location }, id) => ({
            id,
            message: { text: message },
            physicalLocation: physical(location),
          })),
        }
      : {}),
    partialFingerprints: { 'codexMdm/v1': prints[index] },
  }));
  const run = {
    tool: { driver: { name: tool.name, version: tool.version, rules: rules.map(rule) } },
    columnKind: 'utf16CodeUnits',
    results,
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function rule(code: Diagnostic['code']): object {
  const { severity, why } = catalog[code];
  return {
    id: code,
    shortDescription: { text: `${code}: ${why.replace(/(?<=[.?!]) .*$/s, '')}` },
    fullDescription: { text: why },
    help: { text: `${why} \`codex-mdm codes ${code}\` explains it.` },
    defaultConfiguration: { level: severity },
  };
}

function physical({ file, line, column, endLine, endColumn }: SourceLocation): object {
  return {
    artifactLocation: { uri: uri(file) },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

/** A file name as a URI: relative where it is, each segment percent-encoded. */
function uri(file: string): string {
  const encode = (path: string): string => path.split('/').map(encodeSegment).join('/');
  const drive = /^[A-Za-z]:(?=\/)/.exec(file)?.[0];
  if (drive) return `file:///${drive}${encode(file.slice(drive.length))}`;
  if (file.startsWith('/')) return `file://${encode(file)}`;
  return encode(file.replace(/^(?:\.\/)+/, ''));
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}
