/**
 * Whether a pattern with `*` (any text) and `?` (any character) matches a text, in time proportional to the product of
 * their lengths. A pattern in the place of the text is taken as text: what covers `*` must have a `*` there.
 */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    const wanted = pattern[at];
    const isOne = wanted === '?' ? text[inText] !== '*' : wanted === text[inText];
    if (wanted === '*') {
      star = at++;
      resume = inText;
    } else if (isOne) {
      at++;
      inText++;
    } else if (star >= 0) {
      at = star + 1;
      inText = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
