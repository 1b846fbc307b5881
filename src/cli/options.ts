/** One option of a command. A `list` takes one value: comma-separated, or the flag repeated. */
export interface OptionSpec {
  readonly type: 'text' | 'switch' | 'number' | 'list';
  readonly describe: string;
  readonly choices?: readonly string[];
}

export interface CommandSpec {
  readonly describe: string;
  readonly positional?: {
    readonly name: string;
    readonly describe: string;
    readonly many: boolean;
    readonly required: boolean;
  };
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly (readonly [command: string, what: string])[];
}

const quiet: OptionSpec = { type: 'switch', describe: 'Print errors only' };

/** Options of every command. */
export const globalOptions: Readonly<Record<string, OptionSpec>> = {
  color: { type: 'switch', describe: 'Colour the output; --no-color for none (default: on a terminal)' },
};

/** The command line, once: it feeds the fast parser, yargs and the documentation. */
export const commands = {
  build: {
    describe: 'Compile a policy into everything a fleet needs',
    positional: {
      name: 'policy',
      describe: 'The policy (default policy.yaml, - for standard input)',
      many: false,
      required: false,
    },
    options: {
      out: { type: 'text', describe: 'Folder for the bundles (default dist-profiles)' },
      target: { type: 'text', describe: 'Build for this product only', choices: ['intune', 'jamf', 'salt'] },
      check: { type: 'switch', describe: 'Write nothing; exit 1 when the files on disk differ' },
      zip: { type: 'switch', describe: 'Also write <name>-<target>.zip for each product' },
      format: { type: 'text', describe: 'How to report (default text)', choices: ['text', 'json'] },
      quiet,
    },
    examples: [
      ['$0 build policy.yaml', 'Write dist-profiles/<name>/'],
      ['$0 build policy.yaml --target jamf --zip', 'For Jamf Pro only, with a zip to hand over'],
      ['$0 build policy.yaml --check', 'In CI: fail when the committed bundle is stale'],
    ],
  },
  validate: {
    describe: 'Check requirements.toml, a macOS profile, config.toml or policy.yaml, for CI',
    positional: {
      name: 'files',
      describe: 'Files or quoted patterns to check, - for standard input',
      many: true,
      required: true,
    },
    options: {
      codex: { type: 'list', describe: 'Codex versions, semver ranges or latest (default: the newest known release)' },
      platform: {
        type: 'list',
        describe: 'Where the requirements are read (default: not judged; a profile is for macos)',
        choices: ['macos', 'windows', 'linux'],
      },
      channel: {
        type: 'text',
        describe: 'How they reach Codex (default: by file; a profile by itself)',
        choices: ['system', 'profile', 'cloud'],
      },
      as: {
        type: 'text',
        describe: 'What the files are (default: by their name, else their content)',
        choices: ['requirements', 'profile', 'config', 'policy'],
      },
      format: {
        type: 'text',
        describe: 'How to report (default text)',
        choices: ['text', 'json', 'sarif', 'github', 'junit', 'gitlab'],
      },
      severity: { type: 'list', describe: 'Make a warning an error, a note or nothing: CODE=error|warning|note|off' },
      'max-warnings': { type: 'number', describe: 'Exit 1 when there are more warnings' },
      fix: { type: 'switch', describe: 'Correct what has one right answer in requirements.toml; report what is left' },
      diff: { type: 'switch', describe: 'With --fix: write nothing, print the difference; exit 1 when there is one' },
      quiet,
    },
    examples: [
      ['$0 validate requirements.toml', 'Judge for the newest known Codex'],
      ["$0 validate requirements.toml --codex '>=0.141.0'", 'Judge for every release of the fleet'],
      ["$0 validate 'policies/**/*.toml' --format sarif", 'All of a folder, for code scanning'],
      ['$0 validate codex.mobileconfig', 'A macOS profile, and the requirements in it'],
      ['$0 validate requirements.toml --fix --diff', 'What --fix would correct'],
    ],
  },
  schema: {
    describe: 'Print a JSON Schema for editors',
    positional: { name: 'what', describe: 'policy or requirements', many: false, required: true },
    options: { codex: { type: 'list', describe: 'Keys of these Codex versions (default: of all known releases)' } },
    examples: [['$0 schema policy > policy.schema.json', 'For yaml-language-server']],
  },
  codes: {
    describe: 'List the diagnostic codes, or explain one',
    positional: { name: 'code', describe: 'A code such as contract/key-too-new', many: false, required: false },
    options: { format: { type: 'text', describe: 'How to show them (default text)', choices: ['text', 'json'] } },
    examples: [['$0 codes contract/key-too-new', 'What it means and what to do, with an example']],
  },
  relay: {
    describe: 'Try the relay of a policy: `relay test` replays recorded events through it',
    positional: { name: 'task', describe: 'test', many: false, required: true },
    options: {
      policy: { type: 'text', describe: 'The policy (default policy.yaml)' },
      endpoint: { type: 'text', describe: 'Ask this collector (default: a built-in one, on loopback)' },
      format: { type: 'text', describe: 'How to report (default text)', choices: ['text', 'json'] },
    },
    examples: [
      ['$0 relay test', 'How the relay of policy.yaml behaves: collector fine, denying and away'],
      ['$0 relay test --endpoint https://collector.example.com/codex', 'What a real collector makes of every event'],
    ],
  },
  targets: { describe: 'List the products that build emits for', options: {}, examples: [] },
  versions: {
    describe: 'List the known Codex releases and what no file can mend on them',
    options: {},
    examples: [],
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof commands;

/** What a command gets: its positional arguments and its options by name. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | number | readonly string[] | undefined>>;
}

/** A lone `-` does not survive yargs (it is dropped, or becomes an empty text): it travels as this. */
export const stdinMark = '\u0000stdin';

/** How yargs-parser reads, alone and inside yargs: names and numbers as they were written. */
export const parserConfiguration = {
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-positional-numbers': false,
  'parse-numbers': false,
  'populate--': true,
  'greedy-arrays': false,
};

/** What is wrong with the arguments, or the arguments. */
export type Collected = { readonly problem: string } | { readonly args: Arguments };

/** A switch that was given a value, which both parsers would take for false without a word. */
export function switchWithValue(argv: readonly string[]): string | undefined {
  const specs: readonly CommandSpec[] = Object.values(commands);
  const switches = [globalOptions, ...specs.map(({ options }) => options)].flatMap((options) =>
    Object.entries(options).flatMap(([name, { type }]) => (type === 'switch' ? [`--${name}=`, `--no-${name}=`] : [])),
  );
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).find((text) => switches.some((begin) => text.startsWith(begin)));
}

/** Checks what either parser made of a command line against the table; both go through here. */
export function collect(
  name: CommandName,
  raw: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
): Collected {
  const spec: CommandSpec = commands[name];
  const known: Readonly<Record<string, OptionSpec>> = { ...spec.options, ...globalOptions };
  const options: Record<string, string | boolean | number | readonly string[]> = {};
  for (const [key, value] of Object.entries(raw)) {
    const option = known[key];
    if (!option) return { problem: `unknown option --${key}` };
    if (value === undefined) continue;
    const read = readOption(key, option, value);
    if ('problem' in read) return read;
    options[key] = read.value;
  }
  const { positional } = spec;
  if (positional?.required && positionals.length === 0)
    return { problem: `${name} needs an argument: ${positional.describe}` };
  if (positionals.length > (positional ? (positional.many ? Number.POSITIVE_INFINITY : 1) : 0))
    return { problem: `too many arguments for ${name}: ${positionals.at(-1)}` };
  return { args: { positionals: positionals.map((text) => (text === stdinMark ? '-' : text)), options } };
}

function readOption(
  key: string,
  option: OptionSpec,
  value: unknown,
): { problem: string } | { value: string | boolean | number | readonly string[] } {
  if (option.type === 'switch')
    return typeof value === 'boolean' ? { value } : { problem: `--${key} takes no value, and stands once` };
  const given = (Array.isArray(value) ? value : [value]).map(String);
  const texts = option.type === 'list' ? given.flatMap((text) => text.split(',')).map((text) => text.trim()) : given;
  if (texts.length === 0 || texts.includes('') || value === true) return { problem: `--${key} needs a value` };
  const [first, second] = texts;
  if (option.type === 'list') {
    const odd = texts.find((text) => option.choices && !option.choices.includes(text));
    return odd === undefined
      ? { value: texts }
      : { problem: `--${key} takes ${option.choices?.join(', ')}, not ${odd}` };
  }
  if (first === undefined || second !== undefined) return { problem: `--${key} can be given once` };
  if (option.type === 'number')
    return /^[0-9]{1,9}$/.test(first)
      ? { value: Number(first) }
      : { problem: `--${key} takes a whole number, not ${first}` };
  if (option.choices && !option.choices.includes(first))
    return { problem: `--${key} takes ${option.choices.join(', ')}, not ${first}` };
  return { value: first };
}
