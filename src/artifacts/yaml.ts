/**
 * A YAML scalar on one line for any text. Salt runs Jinja over a file before YAML reads it, so no `{`, `}`, `%` or `#` of
 * the text stands in it as such; plain text stays readable in single quotes, all other text becomes ASCII.
 */
export function yamlScalar(text: string): string {
  return /^[ -~]*$/.test(text) && !/['{}%#]/.test(text)
    ? `'${text}'`
    : `"${[...text].map((character) => (/^[ !$&-[\]-z|~]$/.test(character) ? character : escaped(character))).join('')}"`;
}

/** YAML 1.1 and 1.2 know the same three lengths of escapes. */
function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
