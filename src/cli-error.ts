/** The work could not be done (nothing is wrong with the input): one line for stderr, exit code 2. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** By name, because each command is a bundle of its own with its own copy of the class. */
export function isCliError(error: unknown): error is CliError {
  return error instanceof Error && error.name === 'CliError';
}
