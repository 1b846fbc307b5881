import type { ErrorCode, YAMLError } from 'yaml';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { lineText, locationAt, type SourceFile, type Span } from './source-file.ts';
import type { YamlScan } from './yaml-scan.ts';

/** What is wrong and what to do, both parts of sentences. */
interface Explanation {
  readonly problem: string;
  readonly fix: string;
}

const maxReported = 20;

/** Reported by the pass over the lexemes, at the same place. */
const reportedByScan: ReadonlySet<ErrorCode> = new Set([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_DIRECTIVE',
  'BAD_PROP_ORDER',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
]);

function isReportedByScan({ code, message }: YAMLError): boolean {
  return reportedByScan.has(code) || (code === 'MISSING_CHAR' && message.includes('directives-end'));
}

/** Mistakes that stand alone: each is worth a line. Of all others only the first, for the parser stumbles on after it. */
const independent: ReadonlySet<ErrorCode> = new Set(['TAB_AS_INDENT', 'BAD_DQ_ESCAPE', 'BAD_SCALAR_START']);

/** The library's errors in our words; what follows from an earlier one is left out. */
export function explainYaml(source: SourceFile, errors: readonly YAMLError[], scan: YamlScan): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  // One finding for a line: a tag or an alias confuses the parser for the rest of it.
  const lines = new Set(scan.diagnostics.map((one) => one.location.line));
  let isLost = false;
  const ordered = errors.filter((error) => !isReportedByScan(error)).sort((a, b) => a.pos[0] - b.pos[0]);
  for (const error of ordered) {
    if (found.length >= maxReported) break;
    const one = explainOne(source, error, scan);
    if (lines.has(one.location.line)) continue;
    if (one.code === 'yaml/syntax' && !independent.has(error.code)) {
      if (isLost) continue;
      isLost = true;
    }
    lines.add(one.location.line);
    found.push(one);
  }
  return found;
}

function explainOne(source: SourceFile, error: YAMLError, scan: YamlScan): Diagnostic {
  const { text } = source;
  const start = error.pos[0];
  const at = (span: Span) => ({ location: locationAt(source, span) });
  if (error.code === 'MULTIPLE_DOCS')
    return diagnostic('yaml/second-document', at({ start, end: start + wordAt(text, start).length }), {});
  if (error.code === 'NON_STRING_KEY') return diagnostic('yaml/key', at({ start, end: error.pos[1] }), {});
  const line = locationAt(source, { start, end: start }).line;
  const indent = /^[ \t]*/.exec(lineText(source, line))?.[0] ?? '';
  if (error.code === 'TAB_AS_INDENT' || (error.code === 'BAD_INDENT' && indent.includes('\t'))) {
    const tab = text.lastIndexOf('\n', start - 1) + 1 + Math.max(0, indent.indexOf('\t'));
    return diagnostic('yaml/tab', at({ start: tab, end: tab + 1 }), {});
  }
  const open = /closing (['"])quote/.exec(error.message)?.[1];
  if (open !== undefined) {
    const quote = scan.quotes.findLast((span) => span.start < start)?.start ?? start;
    return diagnostic('yaml/syntax', at({ start: quote, end: quote + 1 }), {
      problem: 'the text that opens here is not closed',
      fix: `write ${open === '"' ? '`"`' : "`'`"} at its end`,
    });
  }
  const closing = /end with a ([\]}])/.exec(error.message)?.[1];
  if (closing !== undefined) {
    const around = scan.brackets.filter((span) => span.start < start && span.end >= start);
    const bracket = Math.max(...around.map((span) => span.start), 0);
    return diagnostic('yaml/syntax', at({ start: bracket, end: bracket + 1 }), {
      problem: `the ${closing === ']' ? 'list' : 'mapping'} that opens here is not closed`,
      fix: `write \`${closing}\` at its end, and indent its lines deeper than its key`,
    });
  }
  const word = wordAt(text, start);
  return diagnostic('yaml/syntax', at({ start, end: start + word.length }), explanation(error, word));
}

/** The word or mark at an offset, on its own line. */
function wordAt(text: string, start: number): string {
  const word = /[^\s,[\]{}]+|[,[\]{}]/y;
  word.lastIndex = start;
  return word.exec(text)?.[0] ?? '';
}

function explanation({ code, message }: YAMLError, word: string): Explanation {
  switch (code) {
    case 'BAD_SCALAR_START':
      return {
        problem: `a text cannot start with ${word.startsWith('`') ? 'a backtick' : `\`${word.slice(0, 1)}\``}`,
        fix: 'put it in single quotes',
      };
    case 'BAD_DQ_ESCAPE':
      return {
        problem: `\`${word.slice(0, 2)}\` means nothing in a text in double quotes`,
        fix: 'write `\\\\` for a backslash, or put the text in single quotes',
      };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        problem: 'a value and another key stand together here',
        fix: 'put a text that holds `: ` in quotes, or start the inner keys on a line of their own',
      };
    case 'BLOCK_IN_FLOW':
      return {
        problem: 'the lines between brackets are written in two styles',
        fix: 'separate them by commas, or remove the brackets',
      };
    case 'MULTILINE_IMPLICIT_KEY':
      return { problem: `expected \`: \` behind the key`, fix: 'write the key, a colon, a space and the value' };
    case 'KEY_OVER_1024_CHARS':
      return { problem: 'this key is longer than 1024 characters', fix: 'shorten the key' };
    case 'BAD_INDENT':
      return indentExplanation(message);
    case 'MISSING_CHAR':
      return missingExplanation(message);
    case 'UNEXPECTED_TOKEN':
      if (/block-seq-ind on same line/.test(message))
        return { problem: 'a list cannot start on the line of its key', fix: 'start the list on the next line' };
      return {
        problem: word === '' ? 'something is missing here' : `\`${word}\` cannot stand here`,
        fix: 'remove it, or put the whole text in quotes',
      };
    default:
      return {
        problem: 'this is not YAML',
        fix: 'compare the quotes, brackets and indentation with the lines around it',
      };
  }
}

function indentExplanation(message: string): Explanation {
  if (/mapping items|sequence items/.test(message))
    return {
      problem: 'this line is indented differently from those it belongs to',
      fix: 'start it at the same column as its neighbours',
    };
  return { problem: 'this line is not indented deeper than its key', fix: 'indent it by two spaces more' };
}

function missingExplanation(message: string): Explanation {
  if (/Comments must/.test(message))
    return { problem: 'a comment needs a space before it', fix: 'write a space before `#`' };
  if (/Missing ,/.test(message)) return { problem: 'expected `,` between two items', fix: 'write a comma' };
  if (/space after :/.test(message)) return { problem: 'expected a space behind `:`', fix: 'write a space' };
  if (/followed by map values/.test(message))
    return { problem: 'expected `: ` behind the key', fix: 'write a colon, a space and the value' };
  return { problem: 'something is missing here', fix: 'compare the line with its neighbours' };
}
