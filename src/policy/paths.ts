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

/** Folders of the system, exactly; the scripts own their folder, set its rights and lock others out. */
const sharedFolders =
  /^(?:\/(?:bin|boot|etc|home|lib|library|media|mnt|opt|private(?:\/(?:etc|var))?|root|run|sbin|srv|users|usr(?:\/(?:local(?:\/(?:bin|etc|lib|sbin|share))?|share))?|var(?:\/(?:lib|log|run))?|volumes)|[a-z]:\\(?:programdata|program files(?: \(x86\))?|users|programdata\\openai))$/i;

/** Folders in which nothing of ours may lie: others may write there, or it is the system's own ground. */
const foreignGround =
  /^(?:\/(?:dev|proc|sys|system|tmp|private\/tmp|var\/tmp|private\/var\/tmp|usr\/(?:bin|sbin|lib|libexec))|[a-z]:\\windows|[a-z]:\\(?:temp|tmp))(?:[\\/]|$)/i;

/** Whether a managed directory would be a folder that it shares with the system or with everybody. */
export function isSharedFolder(path: string): boolean {
  const plain = path.replace(/[\\/]$/, '').replaceAll(/(?<=^[A-Za-z]:.*)\//g, '\\');
  return sharedFolders.test(plain) || foreignGround.test(plain);
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
