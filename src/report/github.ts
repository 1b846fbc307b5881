import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { visible } from './cells.ts';
import { type Report, sentence } from './report.ts';

const commands: Readonly<Record<Diagnostic['severity'], string>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

/** Workflow commands for GitHub Actions, one line for each finding, then the summary. */
export function github({ diagnostics, summary }: Report): string {
  const lines = diagnostics.map((one) => {
    const { file, line, column, endLine, endColumn } = one.location;
    // An annotation over several lines has no columns; its last column is inclusive.
    const columns = line === endLine ? [`col=${column}`, `endColumn=${Math.max(column, endColumn - 1)}`] : [];
    const properties = [
      `file=${escapeProperty(file.replace(/^(?:\.\/)+/, ''))}`,
      `line=${line}`,
      `endLine=${endLine}`,
      ...columns,
      `title=${escapeProperty(one.code)}`,
    ];
    return `::${commands[one.severity]} ${properties.join(',')}::${escapeData(visible(sentence(one)))}\n`;
  });
  return `${lines.join('')}${escapeData(visible(summary))}\n`;
}

/** What the runner decodes again; a line break as it is would start a command of its own. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
