import type { Io } from './io.ts';
import type { Arguments } from './options.ts';

/** Colour: an explicit flag, then NO_COLOR, then FORCE_COLOR, else only on a terminal. */
export function styleOf(args: Arguments, io: Io): { readonly color: boolean; readonly width: number } {
  const flag = args.options['color'];
  const color =
    typeof flag === 'boolean'
      ? flag
      : io.env['NO_COLOR']
        ? false
        : io.env['FORCE_COLOR'] !== undefined
          ? io.env['FORCE_COLOR'] !== '0'
          : io.isTerminal;
  return { color, width: io.width };
}

/** An option of type text, number or list, where it was given. */
export function textOption(args: Arguments, name: string): string | undefined {
  const value = args.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** An option of type list; empty when it was not given. */
export function listOption(args: Arguments, name: string): readonly string[] {
  const value = args.options[name];
  return Array.isArray(value) ? value : [];
}
