import { styleText } from 'node:util';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile, SourceLocation } from '../source/source-file.ts';
import { visible } from './cells.ts';
import { drawPicture } from './picture.ts';
import type { Report, Style } from './report.ts';

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

const colors = { error: 'red', warning: 'yellow', note: 'cyan' } as const;
const narrowest = 40;

/** The form for people: of each finding a line that programs can read too, the place in its line, and what to do. */
export function text({ diagnostics, sources, notes, summary }: Report, style: Style): string {
  const paint: Paint = (format, shown) => (style.color ? styleText(format, shown, { validateStream: false }) : shown);
  const blocks = diagnostics.map((one) => `${describe(one, sources.get(one.location.file), style, paint)}\n`);
  const end = [...notes, summary].filter((line) => line !== '').map((line) => `${visible(line)}\n`);
  return [...blocks, ...end].join('') || '\n';
}

function describe(one: Diagnostic, source: SourceFile | undefined, style: Style, paint: Paint): string {
  const color = colors[one.severity];
  const number = String(one.location.line);
  const margin = ' '.repeat(number.length);
  const lines = [
    `${paint('bold', place(one.location))}: ${paint([color, 'bold'], one.severity)}: ${visible(one.message)} ${paint('dim', `[${one.code}]`)}`,
  ];
  // An empty text (or a file that could not be decoded) has no line to show.
  if (source && source.text !== '') {
    const picture = drawPicture(source, one.location, Math.max(narrowest, style.width) - number.length - 3);
    lines.push(paint('dim', `${margin} |`));
    lines.push(`${paint('dim', `${number} |`)} ${picture.line}`.trimEnd());
    lines.push(`${paint('dim', `${margin} |`)} ${picture.indent}${paint(color, picture.carets)}`);
  }
  for (const related of one.related)
    lines.push(`${margin} = note: ${visible(related.message.replace(/ here$/, ''))} at ${place(related.location)}`);
  if (one.help !== undefined) lines.push(`${margin} = help: ${visible(one.help)}`);
  return `${lines.join('\n')}\n`;
}

function place({ file, line, column }: SourceLocation): string {
  return `${visible(file)}:${line}:${column}`;
}
