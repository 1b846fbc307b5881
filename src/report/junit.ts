import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { visible } from './cells.ts';
import { type Report, sentence } from './report.ts';

/** JUnit XML: a suite for each file, a case for each finding. Only errors fail; a file without findings is one passed case. */
export function junit({ diagnostics, sources }: Report): string {
  const files = new Map<string, Diagnostic[]>([...sources.keys()].map((name) => [name, []]));
  for (const one of diagnostics) {
    const { file } = one.location;
    const others = files.get(file);
    if (others) others.push(one);
    else files.set(file, [one]);
  }
  const suites = [...files].map(([file, found]) => {
    const cases = found.length === 0 ? [passed(file)] : found.map(testCase);
    const failures = found.filter(({ severity }) => severity === 'error').length;
    return `  <testsuite${attributes({ name: file, tests: cases.length, failures, errors: 0, skipped: 0 })}>\n${cases.join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: 'codex-mdm' })}>\n${suites.join('')}</testsuites>\n`;
}

function passed(file: string): string {
  return `    <testcase${attributes({ name: 'no findings', classname: file })}/>\n`;
}

function testCase(one: Diagnostic): string {
  const { file, line, column } = one.location;
  const place = `${file}:${line}:${column}`;
  const text = escapeXml(`${place}: ${one.severity}: ${sentence(one)}`);
  const body =
    one.severity === 'error'
      ? `<failure${attributes({ type: one.code, message: one.message })}>${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return `    <testcase${attributes({ name: `${one.code} ${line}:${column}`, classname: file })}>${body}</testcase>\n`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');
}

/** XML 1.0 cannot hold control characters at all, so they are shown as escapes. */
function escapeXml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');
}
