/** Whether a text is an absolute POSIX path without `.`, `..`, empty segments or characters that do not show. */
export function isPosixPath(text: string): boolean {
  return (
    /^(?:\/[^/\p{C}\p{Zl}\p{Zp}]+)+\/?$/u.test(text) && !text.split('/').some((part) => part === '.' || part === '..')
  );
}

/** Whether a text is an absolute Windows path with a drive letter, without `.`, `..` or characters that Windows refuses. */
export function isWindowsPath(text: string): boolean {
  return (
    /^[A-Za-z]:(?:[\\/][^\\/:*?"<>|\p{C}\p{Zl}\p{Zp}]+)+[\\/]?$/u.test(text) &&
    !text.split(/[\\/]/).some((part) => part === '.' || part === '..')
  );
}

/** Whether a Windows path can stand unquoted in the relay's launch line, in PowerShell, cmd and Git Bash alike. */
export function isUnquotedWindowsPath(text: string): boolean {
  return /^[A-Za-z]:(?:\\[A-Za-z0-9._-]+)+$/.test(text);
}

/** Whether a path names a file beside the policy: relative, with '/', without `..`, `.` or characters that do not show. */
export function isSourcePath(text: string): boolean {
  return (
    /^[^/\\\p{C}\p{Zl}\p{Zp}:]+(?:\/[^/\\\p{C}\p{Zl}\p{Zp}:]+)*$/u.test(text) &&
    !text.split('/').some((part) => part === '..' || part === '.')
  );
}

/** Whether Windows reserves a file name, or drops its end (`nul.sh`, `name.`). */
export function isReservedName(name: string): boolean {
  return /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i.test(name) || name.endsWith('.');
}
