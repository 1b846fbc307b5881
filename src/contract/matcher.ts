/**
 * Whether a matcher certainly matches none of these names, as Codex compares (measured on 0.131.0 to 0.169.0): letters,
 * digits, `_` and `|` alone are a list of whole names, anything else is a regular expression that may match a part.
 * Only plain expressions are judged: text, `.`, `.*`, `.+`, `^`, `$`, `|` and groups around the whole. Of others nothing
 * is certain. No expression of the user is ever run, because it could run for ever.
 */
export function matchesNone(matcher: string, names: readonly string[], hasMcpTools: boolean): boolean {
  if (matcher === '' || matcher === '*') return false;
  if (isListOfNames(matcher)) {
    const isNamed = (one: string): boolean => names.includes(one) || (hasMcpTools && /^mcp__.+__./.test(one));
    return ![...new Set(matcher.split('|'))].some(isNamed);
  }
  const alternatives = simpleAlternatives(matcher);
  if (alternatives === undefined) return false;
  return !alternatives.some((one) => (hasMcpTools && mayBeMcpTool(one)) || names.some((name) => matches(one, name)));
}

/** Whether Codex takes a matcher as whole names with `|` between them, not as a regular expression. */
export function isListOfNames(matcher: string): boolean {
  return /^[A-Za-z0-9_|]+$/.test(matcher);
}

/** One alternative: what the anchors say, and its parts: a character, any character, or any text. */
interface Simple {
  readonly isAtStart: boolean;
  readonly isAtEnd: boolean;
  readonly parts: readonly Part[];
}
type Part = { readonly kind: 'character'; readonly text: string } | { readonly kind: 'any' | 'many' };

function simpleAlternatives(matcher: string): Simple[] | undefined {
  const grouped = /^(\^?)\((?:\?:)?([^()]*)\)(\$?)$/.exec(matcher);
  const [start, body, end] = grouped ? [grouped[1], grouped[2] ?? '', grouped[3]] : ['', matcher, ''];
  const found = body.split('|').map((one) => simple(one, start === '^', end === '$'));
  return found.every((one) => one !== undefined) ? found : undefined;
}

function simple(text: string, isStart: boolean, isEnd: boolean): Simple | undefined {
  let rest = text;
  const isAtStart = isStart || rest.startsWith('^');
  if (rest.startsWith('^')) rest = rest.slice(1);
  const isAtEnd = isEnd || /(?:^|[^\\])\$$/.test(rest);
  if (/(?:^|[^\\])\$$/.test(rest)) rest = rest.slice(0, -1);
  const parts: Part[] = [];
  for (let at = 0; at < rest.length; at++) {
    const character = rest.charAt(at);
    const next = rest.charAt(at + 1);
    if (character === '\\') {
      if (!/[^A-Za-z0-9]/.test(next)) return undefined;
      parts.push({ kind: 'character', text: next });
      at++;
    } else if (character === '.') {
      if (next === '+') parts.push({ kind: 'any' });
      parts.push({ kind: next === '*' || next === '+' ? 'many' : 'any' });
      if (next === '*' || next === '+') at++;
    } else if (/[[\](){}*+?^$]/.test(character)) return undefined;
    else parts.push({ kind: 'character', text: character });
    if (/[*+?{]/.test(rest.charAt(at + 1))) return undefined;
  }
  return { isAtStart, isAtEnd, parts };
}

/** Whether some `mcp__server__tool` could match: those names hold letters, digits, `_` and `-` only. */
function mayBeMcpTool({ isAtStart, parts }: Simple): boolean {
  if (parts.some((part) => part.kind === 'character' && !/[A-Za-z0-9_-]/.test(part.text))) return false;
  if (!isAtStart) return true;
  const free = parts.findIndex(({ kind }) => kind === 'many');
  const fixed = (free < 0 ? parts : parts.slice(0, free)).slice(0, 'mcp__'.length);
  return fixed.every((part, at) => part.kind !== 'character' || part.text === 'mcp__'.charAt(at));
}

/** The positions in the name that can be reached after each part, in one pass. */
function matches({ isAtStart, isAtEnd, parts }: Simple, name: string): boolean {
  let reached = isAtStart ? [0] : Array.from({ length: name.length + 1 }, (_, at) => at);
  for (const part of parts) {
    if (part.kind === 'many') {
      const first = reached[0];
      reached = first === undefined ? [] : Array.from({ length: name.length + 1 - first }, (_, at) => first + at);
    } else
      reached = reached.flatMap((at) =>
        at < name.length && (part.kind !== 'character' || name.charAt(at) === part.text) ? [at + 1] : [],
      );
    if (reached.length === 0) return false;
  }
  return isAtEnd ? reached.includes(name.length) : true;
}
