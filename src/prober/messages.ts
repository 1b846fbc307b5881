/** Codex's words about a refused file, without paths, excerpts and line numbers: the same on every machine. */
export function plainMessage(stderr: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  const lines = stderr.replace(/\x1b\[[0-9;]*m/g, '').split('\n');
  const excerpt = lines.findLastIndex((line) => /^\s*\d*\s*\|\s*\^*\s*$/.test(line) || /^\s*\|\s*\^/.test(line));
  const said = lines
    .slice(excerpt + 1)
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return said
    .replace(/^.*?requirements\.toml: (?=\S)/, '')
    .replace(/^Error: (?:failed to load (?:bootstrap )?configuration )?(?:Caused by: )?/, '')
    .replace(/\d{4}-\d\d-\d\dT\S+Z?/g, '')
    .replace(/\/etc\/codex\/requirements\.toml/g, 'requirements.toml')
    .trim();
}

/** What a message of serde says that tells something of the structure behind it. */
export type Hint =
  | { readonly kind: 'unknown-field' | 'unknown-variant'; readonly name: string; readonly expected: readonly string[] }
  | { readonly kind: 'missing-field'; readonly name: string }
  | { readonly kind: 'type'; readonly expected: string }
  | { readonly kind: 'length'; readonly struct: string; readonly members: number };

/** The hint in a message, or undefined when it is of another kind. */
export function hintIn(message: string): Hint | undefined {
  const unknown =
    /unknown (field|variant) `([^`]*)`, (?:expected (?:one of )?((?:`[^`]*`(?:, | or )?)+)|there are no)/.exec(message);
  if (unknown)
    return {
      kind: unknown[1] === 'field' ? 'unknown-field' : 'unknown-variant',
      name: unknown[2] ?? '',
      expected: [...(unknown[3] ?? '').matchAll(/`([^`]*)`/g)].map(([, name]) => name ?? ''),
    };
  const missing = /missing field `([^`]*)`/.exec(message);
  if (missing) return { kind: 'missing-field', name: missing[1] ?? '' };
  const length = /invalid length \d+, expected struct (\S+) with (\d+) elements?/.exec(message);
  if (length) return { kind: 'length', struct: length[1] ?? '', members: Number(length[2]) };
  const type =
    /invalid (?:type|value): [^,]*?(?:`[^`]*`|"[^"]*"|\w+), expected (.*?)(?: in `[^`]*`.*| for key .*)?$/.exec(
      message,
    );
  if (type) return { kind: 'type', expected: type[1] ?? '' };
  const wanted = /(?:^|\s)wanted (string or table)/.exec(message);
  return wanted ? { kind: 'type', expected: wanted[1] ?? '' } : undefined;
}

/** The contract's type for what serde expects, or undefined where a person must look. */
export function typeOfExpected(expected: string): string | undefined {
  if (expected === 'a boolean') return 'boolean';
  if (expected === 'a string' || expected === 'string' || expected === 'a borrowed string') return 'string';
  if (expected === 'path string' || expected.includes('AbsolutePath') || expected === 'a path') return 'path';
  if (/^(?:[ui](?:8|16|32|64|size)|an? (?:nonzero )?(?:[ui](?:8|16|32|64|size)|integer)|a nonzero .*)$/.test(expected))
    return 'integer';
  if (expected.startsWith('a sequence')) return 'array';
  if (expected === 'a map') return 'map';
  if (expected.startsWith('struct ')) return 'table';
  return expected.startsWith('enum ') || expected === 'string or table' || expected === 'string only'
    ? 'enum'
    : undefined;
}
