import { parseArgs } from 'node:util';
import { CliError, isCliError } from '../cli-error.ts';
import type { ExitCode, Io } from './io.ts';
import {
  type Arguments,
  type CommandName,
  type CommandSpec,
  collect,
  commands,
  globalOptions,
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
  if (io.args.length === 1 && io.args[0] === '--version') return (await import('./version.ts')).printVersion(io);
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

/** Node's own parser, for a command line without mistakes; anything else is left to yargs and its words. */
export function parseFast(argv: readonly string[]): { name: CommandName; args: Arguments } | undefined {
  if (argv.some((text) => /^(?:-h|--help|--version|--get-yargs-completions)(?:=|$)/.test(text))) return undefined;
  const name = Object.keys(commands).find((command): command is CommandName => argv.includes(command));
  if (!name) return undefined;
  const read = parseStrictly(argv, commands[name]);
  if (!read) return undefined;
  const [first, ...positionals] = read.positionals;
  if (first !== name) return undefined;
  const collected = collect(name, read.values, positionals);
  return 'args' in collected ? { name, args: collected.args } : undefined;
}

type Read = { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] };

function parseStrictly(argv: readonly string[], spec: CommandSpec): Read | undefined {
  const options = Object.fromEntries(
    Object.entries({ ...spec.options, ...globalOptions }).map(([key, { type }]) => [
      key,
      { type: type === 'switch' ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      allowNegative: true,
    });
    // A switch that stands twice stays a list, which `collect` refuses.
    const single = Object.entries(values).map(([key, value]) => [
      key,
      Array.isArray(value) && value.length === 1 ? value[0] : value,
    ]);
    return { values: Object.fromEntries(single), positionals };
  } catch {
    return undefined;
  }
}
