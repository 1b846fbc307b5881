import { spawnSync } from 'node:child_process';

const linters: readonly (readonly string[])[] = [
  ['shellcheck', '-s', 'sh', '-'],
  ['dash', '-n'],
  ['bash', '--posix', '-n'],
  ['busybox', 'sh', '-n'],
  ['zsh', '-n'],
  ['ksh', '-n'],
];

/** The programs that shellFaults runs. */
export const shellLinters: readonly string[] = linters.map(([program]) => program ?? '');

/** What shellcheck and five shells say of a POSIX script, each with the program's name; nothing when it is clean. */
export function shellFaults(text: string): string[] {
  return linters.flatMap(([program = '', ...options]) => {
    const { status, stdout, stderr } = spawnSync(program, options, { input: text, encoding: 'utf8' });
    return status === 0 && stderr === '' ? [] : [`${program}: exit ${status}: ${stdout}${stderr}`];
  });
}
