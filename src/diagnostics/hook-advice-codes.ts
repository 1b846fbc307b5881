import { entry, list } from './entry.ts';

/** A part of a command line. */
export interface Part {
  readonly part: string;
}

/** Warnings about hooks that Codex takes as they are. Never errors. */
export const hookAdviceCodes = {
  'advice/command-home': entry<Part>({
    severity: 'warning',
    message: ({ part }) => `\`${part}\` is a file of the user, who can change or remove it`,
    help: () => 'write the absolute path of a file that only administrators can change',
    why: 'A managed hook is worth as much as the file that it runs.',
  }),
  'advice/command-relative': entry<Part>({
    severity: 'warning',
    message: ({ part }) => `\`${part}\` is looked up in the folder of the session, so each project brings its own`,
    help: () => 'write an absolute path',
    why: 'Hooks run in the folder where the session was started.',
  }),
  'advice/command-unguarded': entry<Part>({
    severity: 'warning',
    message: ({ part }) =>
      `where \`${part}\` is absent, some shells block every action and others let everything through`,
    help: ({ part }) =>
      `say what an absent file means: \`[ -r ${part} ] || exit 0; exec /bin/sh ${part}\`, or \`exit 2\` with a message to block`,
    why: 'Of the shells that run it, dash answers with 2, which blocks; bash and zsh answer with 127, which lets through. A file that comes later than the policy, or is removed before it, meets this.',
  }),
  'advice/command-variable': entry<Part>({
    severity: 'warning',
    message: ({ part }) => `\`${part}\` comes from the environment of the user, who can set it`,
    help: () => 'write the path itself',
    why: 'Hooks run with the environment of the session.',
  }),
  'advice/command-windows-missing': entry<Part>({
    severity: 'warning',
    message: () => 'this command has no `command_windows`, and it is written for a POSIX shell',
    help: () => 'write `command_windows` beside `command`',
    why: 'Without it Codex hands the line to PowerShell, where it fails and the action goes through.',
  }),
  'advice/command-windows-posix': entry<Part>({
    severity: 'warning',
    message: ({ part }) => `\`${part}\` is written for a POSIX shell`,
    help: () =>
      'write a line that PowerShell, cmd and Git Bash all take, such as `powershell.exe -NoProfile -File C:/path/hook.ps1`',
    why: 'On Windows Codex hands the line to the session shell, PowerShell as a rule; where it fails, the action goes through.',
  }),
  'advice/command-windows-quoted': entry<Part>({
    severity: 'warning',
    message: ({ part }) => `PowerShell prints \`${part}\` instead of running it, and answers with 0`,
    help: () => 'begin with a program without quotes, such as `powershell.exe -NoProfile -File C:/path/hook.ps1`',
    why: 'A quoted text at the start of a line is a text for PowerShell: the hook seems to complete, and never ran.',
  }),
  'advice/command-windows-variable': entry<Part>({
    severity: 'warning',
    message: ({ part }) => `only cmd replaces \`${part}\`; PowerShell and Git Bash take it as it is`,
    help: () => 'write the path itself',
    why: 'On Windows Codex hands the line to the session shell, PowerShell as a rule.',
  }),
  'advice/hook-group-empty': entry<{ event: string }>({
    severity: 'warning',
    message: ({ event }) => `this group of \`${event}\` has no handler, so nothing runs`,
    help: ({ event }) => `add a handler under \`[[hooks.${event}.hooks]]\`, or remove the group`,
    why: 'Codex accepts a group without handlers.',
  }),
  'advice/hooks-not-pinned': entry<{ flag: string }>({
    severity: 'warning',
    message: () => 'users can switch these hooks off: `features` does not pin them',
    help: ({ flag }) => `add \`${flag} = true\` under \`[features]\``,
    why: "Without the pin, `[features] hooks = false` in a user's config.toml or `--disable hooks` turns managed hooks off.",
  }),
  'advice/managed-dir-elsewhere': entry<{ key: string; script: string; dir: string }>({
    severity: 'warning',
    message: ({ key, script, dir }) => `\`${script}\` is not below \`${key}\`, which is \`${dir}\``,
    help: ({ key }) => `name the folder that holds the scripts in \`${key}\`, or move the script there`,
    why: 'Codex does not compare the two, so a wrong path shows only when the hook does not run.',
  }),
  'advice/managed-dir-relative': entry<{ key: string; dir: string; example: string }>({
    severity: 'warning',
    message: ({ key, dir }) => `\`${key}\` is not absolute: \`${dir}\``,
    help: ({ example }) => `write an absolute path such as \`${example}\``,
    why: 'Clients before 0.131.0 skip all managed hooks because of it.',
  }),
  'advice/matcher-matches-nothing': entry<{
    matcher: string;
    event: string;
    meant: string | undefined;
    known: readonly string[];
  }>({
    severity: 'warning',
    message: ({ matcher, event, known }) =>
      `\`${matcher}\` matches nothing that \`${event}\` is known to have; there are ${list(known)}`,
    help: ({ meant, known }) =>
      meant === undefined ? `write one of ${list(known)}, or remove the matcher` : `write \`${meant}\``,
    why: 'Letters, digits, `_` and `|` are whole names; anything else is a regular expression. Letter case counts. Every shell tool is called `Bash`, every file change `apply_patch` (also `Edit` and `Write`).',
  }),
  'advice/timeout-long': entry<{ timeout: bigint; seconds: bigint | undefined }>({
    severity: 'warning',
    message: ({ timeout }) => `\`timeout\` counts seconds: ${timeout} are ${span(timeout)}`,
    help: ({ seconds }) =>
      seconds === undefined
        ? 'write the seconds that a session may wait'
        : `write \`${seconds}\` if milliseconds were meant`,
    why: 'A session waits for its hooks; without `timeout` they have 600 seconds.',
  }),
};

/** Seconds as people say them. */
function span(seconds: bigint): string {
  if (seconds >= 172_800n) return `${seconds / 86_400n} days`;
  return seconds >= 7_200n ? `${seconds / 3_600n} hours` : `${seconds / 60n} minutes`;
}
