import { entry } from './entry.ts';

type None = Record<never, never>;

/** Codes of bytes and syntax: `input/`, `toml/` and `yaml/`. */
export const sourceCodes = {
  'input/binary': entry<None>({
    severity: 'error',
    message: () => 'the file is not text: it holds a NUL byte',
    help: () => 'name the text file, not an archive or a program',
    why: 'A NUL byte ends a text for many programs, so what stands behind it would be read by some and not by others.',
  }),
  'input/byte-order-mark': entry<None>({
    severity: 'warning',
    message: () => 'the file starts with a byte order mark',
    help: () => 'save it as UTF-8 without one',
    why: 'Codex skips it. Scripts and MDM products that read or join the file may take it for text.',
  }),
  'input/crlf': entry<{ lines: number }>({
    severity: 'note',
    message: ({ lines }) => `${lines === 1 ? 'a line ends' : `${count(lines)} lines end`} with CR LF`,
    help: () => 'save the file with LF alone; in git, `*.toml text eol=lf` in .gitattributes keeps it so',
    why: 'Codex accepts both. One file for all systems then has one hash, and a text over several lines holds no CR.',
  }),
  'input/not-world-readable': entry<{ mode: string }>({
    severity: 'warning',
    message: ({ mode }) => `others may not read the file (mode ${mode})`,
    help: () => 'give it mode 0644 on the devices, and its folder 0755',
    why: 'Codex runs as the user. When it may not read its requirements, the command line stops, and app-server clients of most versions (IDE, desktop) go on without any policy.',
  }),
  'input/empty': entry<None>({
    severity: 'error',
    message: () => 'the file is empty',
    help: () => 'write at least one key',
    why: 'A file of no bytes enforces nothing; most often it is a download or a redirection that went wrong.',
  }),
  'input/not-utf8': entry<{ encoding: string | undefined }>({
    severity: 'error',
    message: ({ encoding }) =>
      encoding ? `the file is stored as ${encoding}, not as UTF-8` : 'this byte is not UTF-8',
    help: ({ encoding }) =>
      encoding
        ? 'save the file as UTF-8; in Windows PowerShell use `Out-File -Encoding utf8` instead of `>`'
        : 'save the file as UTF-8',
    why: 'Codex reads UTF-8 only. Guessing another encoding could change names and commands.',
  }),
  'input/too-complex': entry<{ parts: number }>({
    severity: 'error',
    message: ({ parts }) => `the file holds more than ${count(parts)} names, values and marks`,
    help: () => 'split the file, or remove what repeats',
    why: 'No policy needs that many; reading on could take minutes.',
  }),
  'input/too-deep': entry<{ levels: number }>({
    severity: 'error',
    message: ({ levels }) => `more than ${levels} tables or lists stand in one another`,
    help: () => 'close a bracket earlier, or flatten the structure',
    why: 'No key of Codex lies that deep; such a file is broken or meant to stop its reader.',
  }),
  'input/too-large': entry<{ bytes: number; maxBytes: number }>({
    severity: 'error',
    message: ({ bytes, maxBytes }) => `the file has ${count(bytes)} bytes; at most ${count(maxBytes)} are read`,
    help: () => 'name the policy itself, and bring large files through `files`',
    why: 'A policy is a few hundred lines. A file of this size is most likely not one.',
  }),
  'toml/duplicate-key': entry<{ key: string }>({
    severity: 'error',
    message: ({ key }) => `\`${key}\` is defined twice`,
    help: () => 'remove one of the two, or merge them',
    why: 'Codex refuses the whole file.',
  }),
  'toml/number-range': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` does not fit into 64 bits`,
    help: () => 'write a smaller number',
    why: 'Codex refuses the whole file.',
  }),
  'toml/syntax': entry<{ problem: string; fix: string }>({
    severity: 'error',
    message: ({ problem }) => problem,
    help: ({ fix }) => fix,
    why: 'Codex refuses a file that is not TOML, and on some versions does not start.',
  }),
  'toml/text-too-long': entry<None>({
    severity: 'error',
    message: () => 'a text or a number here is longer than 100,000 characters',
    help: () => 'shorten it, or put it into a file of its own',
    why: 'No key of Codex needs a text of that length, and it cannot be read here.',
  }),
  'yaml/alias': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` is a YAML alias, which policies do not use`,
    help: ({ text }) => `write the value itself, or \`'${text}'\` if it is text that starts with \`*\``,
    why: 'An alias repeats a value from elsewhere; who reads the line does not see what it enforces. A host pattern such as *.example.com needs quotes.',
  }),
  'yaml/anchor': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` is a YAML anchor, which policies do not use`,
    help: ({ text }) => `remove it, or write \`'${text}'\` if it is text that starts with \`&\``,
    why: 'Anchors exist for aliases, and those hide what a line enforces.',
  }),
  'yaml/directive': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` is a YAML directive, which policies do not use`,
    help: () => 'remove the line; policies are YAML 1.2',
    why: 'A directive can change how the rest of the file is read.',
  }),
  'yaml/duplicate-key': entry<{ key: string }>({
    severity: 'error',
    message: ({ key }) => `\`${key}\` is defined twice`,
    help: () => 'remove one of the two, or merge them',
    why: 'Readers disagree about which of the two holds.',
  }),
  'yaml/key': entry<None>({
    severity: 'error',
    message: () => 'expected a name before `:`',
    help: () => 'write a text as the key, such as `name:`; put a text that holds `:` in quotes',
    why: 'TOML knows only texts as keys.',
  }),
  'yaml/leading-zero': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` starts with a zero, and readers disagree about its value`,
    help: ({ text }) => `write the number without the zero, or \`"${text}"\` if it is text`,
    why: 'YAML 1.1 reads 017 as 15, YAML 1.2 as 17.',
  }),
  'yaml/lone-surrogate': entry<None>({
    severity: 'error',
    message: () => 'this text holds half of a character (`\\ud800` to `\\udfff`)',
    help: () => 'write the character itself, or both halves',
    why: 'Half a character cannot be stored as UTF-8, so it would be lost on the way to Codex.',
  }),
  'yaml/merge-key': entry<None>({
    severity: 'error',
    message: () => '`<<` merges another mapping, which policies do not use',
    help: () => "write the keys themselves, or `'<<'` if it is a name",
    why: 'A merged mapping hides what a line enforces, and YAML 1.2 no longer knows it.',
  }),
  'yaml/not-a-mapping': entry<{ found: string }>({
    severity: 'error',
    message: ({ found }) => `expected keys with values, found ${found}`,
    help: () => 'start the file with `version: 1`',
    why: 'A policy is a mapping of keys to values.',
  }),
  'yaml/not-finite': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` is no number that a policy can hold`,
    help: ({ text }) => `write a number, or \`"${text}"\` if it is text`,
    why: 'No key of Codex takes infinity or not-a-number.',
  }),
  'yaml/null': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => (text === '' ? 'the value is missing' : `\`${text}\` stands for no value`),
    help: ({ text }) =>
      text === ''
        ? 'write a value, or remove the key'
        : `write a value, remove the key, or write \`"${text}"\` if it is text`,
    why: 'Nothing in a policy is null: TOML has no such value, so the key would vanish silently.',
  }),
  'yaml/number-base': entry<{ text: string; decimal: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` is not a decimal number`,
    help: ({ text, decimal }) => `write \`${decimal}\`, or \`"${text}"\` if it is text`,
    why: 'Readers of YAML disagree about octal and hexadecimal numbers.',
  }),
  'yaml/number-range': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` cannot be carried over exactly in 64 bits`,
    help: ({ text }) => `write a smaller or shorter number, or \`"${text}"\` if it is text`,
    why: 'The number would be changed on the way to Codex.',
  }),
  'yaml/second-document': entry<None>({
    severity: 'error',
    message: () => 'a second YAML document starts here',
    help: () => 'keep one document, and remove the line `---` or `...`',
    why: 'Only one document can be the policy; what stands in the other would be lost.',
  }),
  'yaml/syntax': entry<{ problem: string; fix: string }>({
    severity: 'error',
    message: ({ problem }) => problem,
    help: ({ fix }) => fix,
    why: 'The file cannot be read as YAML.',
  }),
  'yaml/tab': entry<None>({
    severity: 'error',
    message: () => 'a tab stands in the indentation',
    help: () => 'indent with spaces',
    why: 'YAML counts columns and does not allow tabs there.',
  }),
  'yaml/tag': entry<{ text: string }>({
    severity: 'error',
    message: ({ text }) => `\`${text}\` is a YAML tag, which policies do not use`,
    help: ({ text }) => `remove it, or write \`'${text}'\` if it is text that starts with \`!\``,
    why: 'A tag changes the type of a value behind the reader’s back.',
  }),
};

/** A whole number in groups of three. */
function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
