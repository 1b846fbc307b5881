import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { nearest } from '../../source/suggest.ts';
import { isListOfNames, matchesNone } from '../matcher.ts';
import type { Place } from './advised.ts';
import { isToolEvent, matchedNames, otherToolNames } from './tool-names.ts';

/** What is to be said of a matcher that names something: that nothing of the kind is there. */
export function matcherAdvice(event: string, value: string, place: Place): Diagnostic[] {
  const names = matchedNames[event];
  if (!names || !matchesNone(value, names, isToolEvent(event))) return [];
  const meant = meantBy(value, event, names);
  const known = isToolEvent(event) ? usualTools : names;
  return [diagnostic('advice/matcher-matches-nothing', place, { matcher: shorten(value), event, meant, known })];
}

const usualTools = ['Bash', 'apply_patch', 'mcp__<server>__<tool>'];

/** The matcher that was probably meant: another agent's name for a tool, a server without its tools, or a slip. */
function meantBy(matcher: string, event: string, names: readonly string[]): string | undefined {
  const plain = matcher.replaceAll(/^\^|\$$/g, '');
  if (isToolEvent(event)) {
    if (/^mcp__[A-Za-z0-9_-]+$/.test(plain)) return `${plain.replace(/_+$/, '')}__.*`;
    const parts = isListOfNames(plain) ? plain.split('|', maxNames) : [/^[A-Za-z0-9_]+/.exec(plain)?.[0] ?? ''];
    const others = parts.flatMap((part) => otherToolNames[part.toLowerCase()] ?? nearest(part, usualNames) ?? []);
    return others.length === 0 ? undefined : [...new Set(others)].join('|');
  }
  return nearest(plain, names);
}

/** Names of a matcher for which another one is looked up. */
const maxNames = 20;

const usualNames = ['Bash', 'apply_patch', 'Edit', 'Write', 'update_plan', 'view_image'];
