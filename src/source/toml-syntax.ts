/** What is wrong in a TOML text, where it stands (UTF-16 offsets) and what to do. */
export interface TomlMistake {
  readonly start: number;
  readonly end: number;
  readonly problem: string;
  readonly fix: string;
}

/** The parser's message at an offset in our words. It carries no code, so its English sentence is the key. */
export function explainToml(text: string, message: string, offset: number): TomlMistake {
  const atEnd = offset >= text.length;
  const found = wordAt(text, offset);
  const shown = atEnd ? 'the end of the file' : /^\s$/.test(found) ? 'the end of the line' : quoted(found);
  const at = { start: offset, end: offset + found.length };

  const value = valueBefore(text, offset);
  if (value !== undefined && /^(Unexpected (character|token)|Unspecified)/.test(message)) {
    const word = wordAt(text, value);
    const isText = /^[\p{L}“”‘’]/u.test(word);
    return {
      start: value,
      end: value + word.length,
      problem: `expected a value, found ${word === '' ? shown : quoted(word)}`,
      fix: /^(true|false)$/i.test(word)
        ? `write \`${word.toLowerCase()}\``
        : isText
          ? 'put text in straight double quotes'
          : 'write a value, such as `true`, `30` or a text in double quotes',
    };
  }
  switch (message) {
    case 'Unterminated string constant': {
      const quote = openQuote(text, offset);
      return {
        start: quote,
        end: quote + 1,
        problem: 'the text that opens here is not closed',
        fix: 'write the closing quote',
      };
    }
    case 'Unterminated table-key':
      return {
        ...at,
        problem: `expected \`]\` behind the table's name, found ${shown}`,
        fix: 'close the header as it was opened',
      };
    case 'Unterminated array':
      return { ...at, problem: 'a list opened with `[` is not closed', fix: 'write `]` at its end' };
    case 'Unterminated inline table':
      return { ...at, problem: 'a table opened with `{` is not closed', fix: 'write `}` at its end' };
    case 'Empty bare keys are not allowed':
      return { ...at, problem: "expected the table's name", fix: 'write a name between the brackets' };
    case 'Must be a newline':
      return { ...at, problem: `expected a line break, found ${shown}`, fix: 'start a new line here' };
    case 'Expected equal (=) token':
      return {
        ...at,
        problem: `expected \`=\` behind the key, found ${shown}`,
        fix: 'write the key, `=` and the value',
      };
    case 'Expected comma (,) token':
      return { ...at, problem: `expected \`,\` between two items, found ${shown}`, fix: 'write a comma' };
    case 'The key, equals sign, and value must be on the same line':
      return { ...at, problem: 'the value does not stand on the line of its key', fix: 'join the lines' };
    case 'No newlines are allowed between the curly braces unless they are valid within a value':
      return {
        ...at,
        problem: 'TOML 1.0 allows no line break between `{` and `}`',
        fix: 'write the table on one line, or as `[table]`',
      };
    case 'Trailing comma is not permitted in an inline table':
      return { ...at, problem: 'TOML 1.0 allows no comma before `}`', fix: 'remove the comma' };
    case 'Underscores are allowed between digits':
      return { ...at, problem: 'an underscore stands only between two digits', fix: 'remove the underscore' };
    case 'Unexpected spaces':
      return { ...at, problem: 'a double bracket is written without a space', fix: 'write `[[` and `]]`' };
    case 'Three or more quotes are not permitted':
      return { ...at, problem: 'more than two quotes stand together in a text', fix: 'write `\\"` for a quote' };
    case 'Unexpected invalid date':
      return {
        ...at,
        start: value ?? offset,
        problem: 'this date does not exist',
        fix: 'write year, month and day, or put text in quotes',
      };
    case 'Unexpected invalid time':
      return {
        ...at,
        start: value ?? offset,
        problem: 'this time does not exist',
        fix: 'write hours, minutes and seconds, or put text in quotes',
      };
    case 'Leading zeros are not allowed':
      return { ...at, problem: 'a number cannot start with `0`', fix: 'remove the zero, or put text in quotes' };
    case 'Invalid character in escape sequence':
      return {
        ...at,
        problem: `a backslash with ${shown} means nothing in a text in double quotes`,
        fix: 'write `\\\\` for a backslash, or put the text in single quotes',
      };
    case 'Consecutive dots are not permitted in keys':
    case 'Keys cannot end with a dot':
    case 'Keys cannot start with a dot':
      return {
        ...at,
        problem: 'a part of the key is missing beside the dot',
        fix: 'write the name, or remove the dot',
      };
    default:
  }
  if (/^Control characters|within comments$/.test(message))
    return { ...at, end: offset + 1, problem: 'a control character stands here', fix: 'remove it' };
  if (/^Invalid code point/.test(message))
    return { ...at, problem: 'this number is no character of Unicode', fix: 'write the character itself' };
  return { ...at, problem: `${shown} cannot stand here`, fix: 'write `key = value` or `[table]`, one on a line' };
}

function quoted(found: string): string {
  return /\p{Cc}/u.test(found) ? 'a control character' : `\`${found}\``;
}

/** A word or one mark at an offset; the empty string at the end. */
function wordAt(text: string, offset: number): string {
  const word = /[\p{L}\p{N}_+.“”‘’-]+|./suy;
  word.lastIndex = offset;
  return word.exec(text)?.[0] ?? '';
}

/** Where the unreadable value starts when the offset lies in one: behind `=`, `[` or `,` on the same line. */
function valueBefore(text: string, offset: number): number | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const before = /[=[,]\s*([^\s"'=[\]{},#]*)$/.exec(line);
  return before && line.includes('=') ? offset - (before[1] ?? '').length : undefined;
}

/** The quote that opens the text in which an offset lies. */
function openQuote(text: string, offset: number): number {
  let i = 0;
  while (i < offset) {
    const mark = text[i];
    if (mark === '#') {
      const lineEnd = text.indexOf('\n', i);
      i = lineEnd < 0 ? text.length : lineEnd;
    } else if (mark === '"' || mark === "'") {
      const triple = mark.repeat(3);
      const end = closingQuote(text, i, text.startsWith(triple, i) ? triple : mark);
      if (end === undefined || end > offset) return i;
      i = end;
    } else i += 1;
  }
  return offset;
}

/** The offset behind the closing quote; undefined where a text is not closed. */
function closingQuote(text: string, opening: number, quote: string): number | undefined {
  for (let i = opening + quote.length; i < text.length; i++) {
    if (text[i] === '\\' && quote.startsWith('"')) i += 1;
    else if (quote.length === 1 && text[i] === '\n') return undefined;
    else if (text.startsWith(quote, i)) return i + quote.length;
  }
  return undefined;
}
