import parser from 'yargs-parser';
import { CliError, isCliError } from '../cli-error.ts';
import type { ExitCode, Io } from './io.ts';
import {
  type Arguments,
  type CommandName,
  type CommandSpec,
  collect,
  commands,
  globalOptions,
  parserConfiguration,
  stdinMark,
  switchWithValue,
} from './options.ts';

type Command = (args: Arguments, io: Io) => Promise<ExitCode>;

/** Each command loads only what it needs: the start of the process is most of its time. */
const loaders: Readonly<Record<CommandName, () => Promise<Command>>> = {
  build: async () => (await import('./build.ts')).build,
  validate: async () => (await import('./validate.ts')).validateFiles,
  schema: async () => (await import('./schema.ts')).schema,
  codes: async () => (await import('./codes.ts')).codes,
  relay: async () => (await import('./relay.ts')).relay,
  targets: async () => (await import('./targets.ts')).listTargets,
  versions: async () => (await import('./versions.ts')).versions,
};

/** The program: reads the arguments, runs one command, gives the exit code. Prints nothing on success but results. */
export async function run(io: Io): Promise<ExitCode> {
  const argv = io.args.map((text) => (text === '-' ? stdinMark : text));
  const fast = parseFast(argv);
  try {
    const odd = switchWithValue(argv);
    if (odd !== undefined) throw new CliError(`${odd.split('=')[0]} takes no value`);
    if (!fast) return await (await import('./yargs.ts')).runYargs(argv, io, start);
    return await start(fast.name, fast.args, io);
  } catch (error) {
    if (isCliError(error)) {
      io.stderr(`codex-mdm: ${error.message}\n`);
      return 2;
    }
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr(`codex-mdm: this is a mistake in codex-mdm, please report it\n${trace}\n`);
    return 2;
  }
}

async function start(name: CommandName, args: Arguments, io: Io): Promise<ExitCode> {
  return (await loaders[name]())(args, io);
}

/** yargs-parser alone, for a command line without mistakes; anything else is left to yargs and its words. */
export function parseFast(argv: readonly string[]): { name: CommandName; args: Arguments } | undefined {
  if (argv.some((text) => /^(?:-h|--help|--version|--get-yargs-completions)(?:=|$)/.test(text))) return undefined;
  const name = Object.keys(commands).find((command): command is CommandName => argv.includes(command));
  if (!name) return undefined;
  const parsed = parser([...argv], parserOptions(commands[name]));
  const { _: words, '--': rest = [], ...raw } = parsed as { _: unknown[]; '--'?: unknown[] };
  const [first, ...positionals] = [...words, ...rest].map(String);
  if (first !== name) return undefined;
  const collected = collect(name, raw, positionals);
  return 'args' in collected ? { name, args: collected.args } : undefined;
}

/** The option table as yargs-parser wants it. */
function parserOptions(spec: CommandSpec): parser.Options {
  const all = Object.entries({ ...spec.options, ...globalOptions });
  const named = (types: readonly string[]): string[] =>
    all.filter(([, { type }]) => types.includes(type)).map(([key]) => key);
  return {
    boolean: named(['switch']),
    string: [...named(['text', 'list', 'number']), '_'],
    configuration: parserConfiguration,
  };
}
