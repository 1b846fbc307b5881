/** The work could not be done (nothing is wrong with the input): one line for stderr, exit code 2. */
export class CliError extends Error {}
