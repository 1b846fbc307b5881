import { CST, Lexer } from 'yaml';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { maxDepth, maxParts } from './limits.ts';
import { locationAt, type SourceFile, type Span } from './source-file.ts';

/** What a pass over the lexemes finds, before any tree is built. */
export interface YamlScan {
  readonly diagnostics: readonly Diagnostic[];
  /** Too deep or too much: building the tree could take minutes or overflow the stack. */
  readonly isRefused: boolean;
  /** Quoted texts and brackets with what they enclose: the parser reports an open one where it ends, not where it starts. */
  readonly quotes: readonly Span[];
  readonly brackets: readonly Span[];
}

/** Refuses what a policy never needs (anchors, aliases, tags, directives), each at its own place, and what is too much to parse. */
export function scanYaml(source: SourceFile): YamlScan {
  const diagnostics: Diagnostic[] = [];
  const quotes: Span[] = [];
  const brackets: Span[] = [];
  const opened: number[] = [];
  let parts = 0;
  for (const { type, text, start } of lexemes(source.text)) {
    const span = { start, end: start + text.length };
    const at = () => ({ location: locationAt(source, span) });
    parts += 1;
    if (parts > maxParts)
      return {
        diagnostics: [diagnostic('input/too-complex', at(), { parts: maxParts })],
        isRefused: true,
        quotes,
        brackets,
      };
    if (type === 'alias') diagnostics.push(diagnostic('yaml/alias', at(), { text }));
    else if (type === 'anchor') diagnostics.push(diagnostic('yaml/anchor', at(), { text }));
    else if (type === 'tag') diagnostics.push(diagnostic('yaml/tag', at(), { text }));
    else if (type === 'directive-line') diagnostics.push(diagnostic('yaml/directive', at(), { text: text.trimEnd() }));
    else if (type === 'single-quoted-scalar' || type === 'double-quoted-scalar') quotes.push(span);
    else if (type === 'flow-seq-start' || type === 'flow-map-start') opened.push(start);
    else if (type === 'flow-seq-end' || type === 'flow-map-end') {
      const opening = opened.pop();
      if (opening !== undefined) brackets.push({ start: opening, end: span.end });
    }
    if (opened.length > maxDepth)
      return {
        diagnostics: [diagnostic('input/too-deep', at(), { levels: maxDepth })],
        isRefused: true,
        quotes,
        brackets,
      };
  }
  for (const start of opened) brackets.push({ start, end: source.text.length });
  return { diagnostics, isRefused: false, quotes, brackets };
}

/** The library's lexemes with their offsets; its control characters, which stand for no text, are dropped. */
function* lexemes(text: string): Generator<{ readonly type: string; readonly text: string; readonly start: number }> {
  let start = 0;
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isScalar ? 'plain' : CST.tokenType(lexeme);
    // The mark of a scalar announces it; the lexeme that follows is its text, whatever it looks like.
    isScalar = type === 'scalar';
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') continue;
    yield { type: type ?? 'unknown', text: lexeme, start };
    start += lexeme.length;
  }
}
