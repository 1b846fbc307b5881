import yargs from 'yargs';
import { packageVersion } from '../package-data.ts';
import type { ExitCode, Io } from './io.ts';
import {
  type Arguments,
  type CommandName,
  type CommandSpec,
  collect,
  commands,
  globalOptions,
  parserConfiguration,
} from './options.ts';

/** All of yargs: help, completion, and the words for a command line with mistakes. */
export async function runYargs(
  argv: readonly string[],
  io: Io,
  start: (name: CommandName, args: Arguments, io: Io) => Promise<ExitCode>,
): Promise<ExitCode> {
  let exit: ExitCode = 0;
  let problem: string | undefined;
  const program = yargs()
    .scriptName('codex-mdm')
    .usage('$0 <command>\n\nOne policy.yaml becomes everything that puts OpenAI Codex under policy.')
    .parserConfiguration(parserConfiguration)
    .strict()
    .demandCommand(1, 'name a command')
    .recommendCommands()
    .detectLocale(false)
    .wrap(100)
    .exitProcess(false)
    .help()
    .alias('help', 'h')
    .version(packageVersion())
    .completion('completion', 'Print a script for completion in bash or zsh')
    .showHelpOnFail(false)
    .example('$0 build policy.yaml', 'Compile a policy into dist-profiles/<name>/')
    .example('$0 validate requirements.toml', 'Check a file for CI')
    // It can be called twice for one mistake: the first message is the one that helps.
    .fail((message, error) => {
      problem ??= message || error.message;
    });
  for (const [key, option] of Object.entries(globalOptions))
    program.option(key, { type: 'boolean', describe: option.describe });

  for (const name of Object.keys(commands) as CommandName[]) {
    const spec: CommandSpec = commands[name];
    program.command(
      usage(name, spec),
      spec.describe,
      (command) => {
        const { positional } = spec;
        if (positional) command.positional(positional.name, { type: 'string', describe: positional.describe });
        for (const [key, { type, describe, choices }] of Object.entries(spec.options))
          command.option(key, {
            type: type === 'switch' ? 'boolean' : 'string',
            describe,
            ...(type === 'switch' ? {} : { requiresArg: true }),
            ...(choices ? { choices } : {}),
          });
        for (const [line, what] of spec.examples) command.example(line, what);
        return command;
      },
      async (parsed) => {
        // yargs goes on after a mistake that `fail` was told of.
        if (problem !== undefined) return;
        const { positional } = spec;
        const raw = Object.fromEntries(
          Object.entries(parsed).filter(([key]) => Object.hasOwn({ ...spec.options, ...globalOptions }, key)),
        );
        const value = positional ? parsed[positional.name] : undefined;
        const behindDashes = Array.isArray(parsed['--']) ? parsed['--'].map(String) : [];
        const named = value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];
        const given = [...named, ...behindDashes];
        const collected = collect(name, raw, given);
        if ('problem' in collected) problem = collected.problem;
        else exit = await start(name, collected.args, io);
      },
    );
  }

  // With a callback yargs hands its output over instead of printing it.
  await program.parseAsync([...argv], {}, (_error, _parsed, output) => {
    if (output && problem === undefined) io.stdout(`${output}\n`);
  });
  if (problem === undefined) return exit;
  io.stderr(
    `codex-mdm: ${problem.replaceAll('\u0000stdin', '-')}\nRun \`codex-mdm --help\` for the commands and their options.\n`,
  );
  return 2;
}

function usage(name: string, { positional }: CommandSpec): string {
  if (!positional) return name;
  const inner = `${positional.name}${positional.many ? '..' : ''}`;
  return `${name} ${positional.required ? `<${inner}>` : `[${inner}]`}`;
}
