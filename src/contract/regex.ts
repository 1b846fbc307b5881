/**
 * Whether Codex's regular expressions refuse a pattern for certain: look-around, back-references, brackets that do
 * not close, a quantifier with nothing before it. Its engine (Rust's regex) knows neither of the first two.
 */
export function isRefusedRegex(pattern: string): boolean {
  let open = 0;
  let hasAtom = false;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') {
      at++;
      if (at >= pattern.length || /[1-9]/.test(pattern.charAt(at))) return true;
      hasAtom = true;
    } else if (character === '[') {
      const end = endOfClass(pattern, at);
      if (end === undefined) return true;
      at = end;
      hasAtom = true;
    } else if (character === '(') {
      if (/^\(\?(?:[=!]|<[=!])/.test(pattern.slice(at))) return true;
      // Behind `(?i)`, `(?:` and `(?P<name>` the group goes on; their letters are no atoms.
      at += /^\(\?(?:P?<[^>]*>|[A-Za-z-]*:?)/.exec(pattern.slice(at))?.[0].length ?? 1;
      at--;
      open++;
      hasAtom = false;
    } else if (character === ')') {
      open--;
      if (open < 0) return true;
      hasAtom = true;
    } else if (character === '|') {
      hasAtom = false;
    } else if (character === '*' || character === '+' || character === '?') {
      if (!hasAtom) return true;
    } else {
      hasAtom = true;
    }
  }
  return open !== 0;
}

/** The place of the bracket that closes a class, or undefined. `]` first in it is a character, and classes nest. */
function endOfClass(pattern: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '\\') at++;
    else if (character === '[') {
      depth++;
      if (pattern[at + 1] === '^') at++;
      if (pattern[at + 1] === ']') at++;
    } else if (character === ']') {
      depth--;
      if (depth === 0) return at;
    }
  }
  return undefined;
}
