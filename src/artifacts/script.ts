/**
 * Scripts are whole files in templates/, lintable as they stand. Each holds one marked block of values; the compiler
 * replaces only that block. These two functions are the only quoting code in the program.
 */

const begin = '# codex-mdm: values begin';
const end = '# codex-mdm: values end';

/** A POSIX shell literal for any text without NUL: single quotes, an inner one closed, escaped and reopened. */
export function shLiteral(text: string): string {
  if (text.includes('\0')) throw new Error('unreachable: NUL in a shell literal');
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A PowerShell expression for any text, in pure ASCII: base64 of its UTF-8, decoded at run time. PowerShell treats
 * five characters as a single quote, and 5.1 reads scripts in the machine's code page; base64 is immune to both.
 */
export function psLiteral(text: string): string {
  return `[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('${Buffer.from(text, 'utf8').toString('base64')}'))`;
}

/** The template with its marked block replaced by these lines. Throws when the block is not there exactly once. */
export function fillTemplate(template: string, lines: readonly string[]): string {
  const from = template.indexOf(`${begin}\n`);
  const to = template.indexOf(`${end}\n`);
  if (from < 0 || to < from || template.indexOf(begin, from + 1) >= 0 || template.indexOf(end, to + 1) >= 0)
    throw new Error('unreachable: a template needs exactly one block of values');
  return `${template.slice(0, from + begin.length + 1)}${lines.map((line) => `${line}\n`).join('')}${template.slice(to)}`;
}
