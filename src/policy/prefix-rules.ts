import { patternText, shadowedRules } from '../contract/prefix-rules.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { shorten } from '../source/describe.ts';
import { type DataTable, locate, type ParsedDocument } from '../source/document.ts';

/** Warns of rules that change nothing, because another one already says as much for all that they match. */
export function checkPrefixRules(document: ParsedDocument, requirements: DataTable): Diagnostic[] {
  return shadowedRules(requirements).map(({ rule, by }) => {
    const path = ['requirements', 'rules', 'prefix_rules', rule.index];
    const first = ['requirements', 'rules', 'prefix_rules', by.index];
    const related = [{ message: 'this rule covers it', location: locate(document, first, 'value') }];
    return diagnostic(
      'policy/shadowed-rule',
      { location: locate(document, path, 'value'), path, related },
      { by: shorten(patternText(by)), decision: by.decision },
    );
  });
}
