import { type Diagnostic, diagnostic, type Related } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import type { KeyPath } from '../../source/document.ts';
import type { Advised } from './advised.ts';

type CommandCode =
  | 'advice/command-home'
  | 'advice/command-variable'
  | 'advice/command-relative'
  | 'advice/command-unguarded'
  | 'advice/command-windows-quoted'
  | 'advice/command-windows-posix'
  | 'advice/command-windows-variable'
  | 'advice/command-windows-missing';

/** What is said of a command line, and the part of it that it is about. */
interface Said {
  readonly code: CommandCode;
  readonly part: string;
}

/** Command lines of hooks that another user, folder or shell turns into something else. Each line is named once. */
export function hookCommandAdvice(advised: Advised): Diagnostic[] {
  const places = new Map<string, { said: Said; paths: KeyPath[] }>();
  const add = (path: KeyPath, text: string, said: Said | undefined): void => {
    if (!said) return;
    const key = `${said.code} ${text}`;
    const known = places.get(key);
    if (known) known.paths.push(path);
    else places.set(key, { said, paths: [path] });
  };
  const onWindows = advised.platforms.includes('windows');
  const onlyWindows = onWindows && advised.platforms.length === 1;
  for (const { handler, path } of advised.handlers) {
    if (handler['type'] !== 'command') continue;
    const { command } = handler;
    const key = handler['command_windows'] === undefined ? 'commandWindows' : 'command_windows';
    const windows = handler[key];
    if (typeof windows === 'string') add([...path, key], windows, aboutWindows(windows));
    else if (onWindows && typeof command === 'string' && aboutWindows(command)?.code === 'advice/command-windows-posix')
      add([...path, 'command'], command, { code: 'advice/command-windows-missing', part: '' });
    if (typeof command === 'string' && !onlyWindows) add([...path, 'command'], command, aboutPosix(command));
  }
  return [...places.values()].map(({ said: { code, part }, paths: [first = [], ...others] }) => {
    const related = others.map((path): Related => ({ message: 'and here', location: advised.at(path).location }));
    return diagnostic(code, { ...advised.at(first), related }, { part: shorten(part) });
  });
}

const shell = /^(?:\/\S*\/)?(?:sh|bash|zsh|dash|ksh|mksh)$/;
const shellWithProgram = /^(?:\/\S*\/)?(?:sh|bash|zsh|dash|ksh|mksh)\s+-\w*c\b/;
const interpreter = /^(?:\/\S*\/)?(?:sh|bash|zsh|dash|ksh|mksh|python3?|node|ruby|perl|env)$/;

/**
 * A command line goes to bash, zsh or sh of the user's account, in the session's folder and with the session's
 * environment (measured on 0.133.0 to 0.169.0).
 */
function aboutPosix(command: string): Said | undefined {
  const text = command.trim();
  // A line that starts a shell with a program of its own guards itself, or is past being judged by its look.
  if (/^['"]/.test(text) || shellWithProgram.test(text) || /[;&|\n]|\[ -/.test(text)) return undefined;
  const words = text.split(/\s+/);
  const home = words.find((word) => /^~(?:\/|$|[A-Za-z])/.test(word) || /^\$\{?HOME\b/.test(word.replaceAll('"', '')));
  if (home) return { code: 'advice/command-home', part: home };
  const variable = /\$\{?[A-Za-z_][A-Za-z0-9_]*\}?|%[A-Za-z_][A-Za-z0-9_]*%/.exec(text)?.[0];
  if (variable) return { code: 'advice/command-variable', part: variable };
  const [program = '', script] = words;
  const isInterpreter = interpreter.test(program);
  const file = isInterpreter ? script : program;
  if (file !== undefined && isRelative(file, isInterpreter)) return { code: 'advice/command-relative', part: file };
  return shell.test(program) && script?.startsWith('/')
    ? { code: 'advice/command-unguarded', part: script }
    : undefined;
}

/** A path that begins in the session's folder. A bare name is one only behind an interpreter; else it is on the PATH. */
function isRelative(file: string, isScript: boolean): boolean {
  if (/^(?:\/|-|[A-Za-z]:[\\/]|\\\\)/.test(file)) return false;
  return file.includes('/') || (isScript && /\.\w+$/.test(file));
}

/** On Windows the line goes to the session's shell: PowerShell as a rule, cmd or Git Bash else. */
function aboutWindows(command: string): Said | undefined {
  const text = command.trim();
  const quoted = /^(["'])[^"']*\1?/.exec(text)?.[0];
  if (quoted) return { code: 'advice/command-windows-quoted', part: quoted };
  const posix =
    /^(?:\.?\/(?!\/)\S*|~\/\S*|(?:\/\S*\/)?(?:sh|dash|zsh|ksh)\s+\S*|(?:export|exec|source)\s|\[ )/.exec(text)?.[0] ??
    /\/dev\/null|(?<=\s)\/(?:etc|usr|bin|opt|var|home)\/\S*|\$HOME\b|\$\(|2>&1/.exec(text)?.[0];
  if (posix) return { code: 'advice/command-windows-posix', part: posix.trim() };
  const variable = /%[A-Za-z_][A-Za-z0-9_()]*%/.exec(text)?.[0];
  return variable && !/^cmd(?:\.exe)?\s/i.test(text)
    ? { code: 'advice/command-windows-variable', part: variable }
    : undefined;
}
