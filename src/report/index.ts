import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import type { Format, Formatter, Report, Style } from './report.ts';
import { sarif } from './sarif.ts';
import { text } from './text.ts';

/** Every output format by its name. */
export const formatters: Readonly<Record<Format, Formatter>> = { text, json, sarif, github, junit, gitlab };

/** Whether a format has this name. */
export function isFormat(name: string): name is Format {
  return Object.hasOwn(formatters, name);
}

/** A report in one of the formats; without a style in black on white, 100 columns wide. */
export function formatReport(report: Report, format: Format, style: Style = { color: false, width: 100 }): string {
  return formatters[format](report, style);
}
