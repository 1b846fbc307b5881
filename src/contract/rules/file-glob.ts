/**
 * Whether Codex refuses a pattern of files: braces that do not close, a backslash at the end, a range that runs
 * backwards. A bracket that does not close stands for itself, once its ranges are right (measured on 0.150.0 to 0.169.0);
 * in patterns of the network it is refused.
 */
export function isRefusedGlob(pattern: string, bracketsMustClose = false): boolean {
  const signs = [...pattern];
  let depth = 0;
  for (let at = 0; at < signs.length; at++) {
    const sign = signs[at];
    if (sign === '\\' && ++at === signs.length) return true;
    if (sign === '{') depth += 1;
    if (sign === '}' && --depth < 0) return true;
    if (sign !== '[') continue;
    const end = endOfClass(signs, at + 1);
    if (end === 'backwards') return true;
    if (end === 'open' && bracketsMustClose) return true;
    if (end !== 'open') at = end;
  }
  return depth > 0;
}

/** Whether a class begins with its bracket and has no other: some releases take it for an end, others for none. */
export function hasEmptyClass(pattern: string): boolean {
  const signs = [...pattern];
  for (let at = 0; at < signs.length; at++) {
    if (signs[at] === '\\') at += 1;
    if (signs[at] !== '[') continue;
    const end = endOfClass(signs, at + 1);
    if (end === 'open' && /^[!^]?\]/.test(signs.slice(at + 1).join(''))) return true;
    if (typeof end === 'number') at = end;
  }
  return false;
}

/** Where a class of characters ends. A `]` at its beginning is one of the characters, and so is a `-`. */
function endOfClass(signs: readonly string[], begin: number): number | 'open' | 'backwards' {
  const first = signs[begin] === '!' || signs[begin] === '^' ? begin + 1 : begin;
  let from = '';
  let isRange = false;
  for (let at = first; at < signs.length; at++) {
    const sign = signs[at] ?? '';
    if (sign === ']' && at > first) return at;
    if (sign === '-' && at > first && !isRange) {
      isRange = true;
      continue;
    }
    if (isRange && codeOf(sign) < codeOf(from)) return 'backwards';
    if (!isRange) from = sign;
    isRange = false;
  }
  return 'open';
}

function codeOf(sign: string): number {
  return sign.codePointAt(0) ?? 0;
}
