import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { isArray, type KeyPath, valueAt } from '../../source/document.ts';
import { effectOn } from '../contract.ts';
import type { Group, Handler } from '../hook-places.ts';
import type { Advised } from './advised.ts';
import { matcherAdvice } from './matchers.ts';

/** The longest timeout that nobody wonders about, in seconds: Codex's own default. */
const defaultTimeout = 600n;

/** Hooks that a user can switch off, that never fire, or that wait for hours; folders that mean nothing. */
export function hookAdvice(advised: Advised): Diagnostic[] {
  const { groups, handlers } = advised;
  if (groups.length === 0) return [];
  return [
    ...notPinned(advised),
    ...managedDirs(advised),
    ...groups.flatMap((group) => [...matcher(advised, group), ...empty(advised, group)]),
    ...handlers.flatMap((handler) => timeout(advised, handler)),
  ];
}

/** Fields of a handler that lies flat in its group are the judge's. */
function empty({ at }: Advised, { event, group, path }: Group): Diagnostic[] {
  const { hooks } = group;
  const isEmpty = hooks === undefined || (isArray(hooks) && hooks.length === 0);
  return isEmpty && Object.keys(group).every((key) => key === 'matcher' || key === 'hooks')
    ? [diagnostic('advice/hook-group-empty', at(path, 'key'), { event })]
    : [];
}

/** Both spellings of the table of pins, and both names of the flag. */
const pins: readonly KeyPath[] = ['features', 'feature_requirements'].flatMap((table) =>
  ['hooks', 'codex_hooks'].map((flag) => [table, flag]),
);

function notPinned({ table, contract, versions, at }: Advised): Diagnostic[] {
  // What a pin to false does is the judge's.
  if (pins.some((path) => valueAt(table, path) !== undefined)) return [];
  const flag = contract.root.members.get('features')?.members.get('hooks')?.fact;
  const isKnown = flag !== undefined && versions.every((version) => effectOn(flag, version) === 'enforced');
  return [diagnostic('advice/hooks-not-pinned', at(['hooks'], 'key'), { flag: isKnown ? 'hooks' : 'codex_hooks' })];
}

/** What differs between the two folders. */
interface Side {
  readonly key: 'managed_dir' | 'windows_managed_dir';
  readonly commands: readonly string[];
  readonly example: string;
  readonly isPath: (text: string) => boolean;
  /** Folders whose programs no managed directory holds. */
  readonly system: RegExp;
  /** The script of a plain command line, or undefined: `/path/x`, `sh /path/x`, `powershell.exe … -File C:/path/x`. */
  readonly script: (command: string) => string | undefined;
  /** A path as it is compared. */
  readonly plain: (path: string) => string;
}

const sides: readonly Side[] = [
  {
    key: 'managed_dir',
    commands: ['command'],
    example: '/etc/codex/hooks',
    isPath: (text) => text.startsWith('/'),
    system: /^\/(?:usr\/|opt\/|s?bin\/|Applications\/|Library\/|nix\/|snap\/)/,
    script: (command) =>
      /^(?:(?:\/[\w./-]*\/)?(?:sh|bash|zsh|dash|ksh|python3?|node|ruby|perl)\s+)?(\/[\w./@+-]+)/.exec(command)?.[1],
    plain: (path) => path,
  },
  {
    key: 'windows_managed_dir',
    commands: ['command_windows', 'commandWindows'],
    example: 'C:\\ProgramData\\OpenAI\\Codex\\hooks',
    isPath: (text) => /^(?:[A-Za-z]:[\\/]|\\\\)/.test(text),
    system: /^c:\/(?:windows|program files)/,
    script: (command) => /(?:^|\s-File\s+["']?)([A-Za-z]:[\w.\\/-]+)/i.exec(command)?.[1],
    plain: (path) => path.replaceAll('\\', '/').toLowerCase(),
  },
];

function managedDirs(advised: Advised): Diagnostic[] {
  return sides.flatMap((side) => {
    const value = valueAt(advised.table, ['hooks', side.key]);
    if (typeof value !== 'string') return [];
    if (side.isPath(value)) return elsewhere(advised, side, value);
    const args = { key: side.key, dir: shorten(value), example: side.example };
    return [diagnostic('advice/managed-dir-relative', advised.at(['hooks', side.key]), args)];
  });
}

/** Scripts by an absolute path that is not below the managed directory, once for each folder. */
function elsewhere(advised: Advised, side: Side, dir: string): Diagnostic[] {
  const inside = `${side.plain(dir).replace(/\/+$/, '')}/`;
  const seen = new Set<string>();
  const found: Diagnostic[] = [];
  for (const { handler, path } of advised.handlers)
    for (const key of side.commands) {
      const command = handler[key];
      const script = typeof command === 'string' ? side.script(command) : undefined;
      if (script === undefined) continue;
      const plain = side.plain(script);
      if (plain.startsWith(inside) || side.system.test(plain)) continue;
      const folder = plain.slice(0, plain.lastIndexOf('/'));
      if (seen.has(folder)) continue;
      seen.add(folder);
      const related = [{ message: `\`${side.key}\` is set here`, location: advised.at(['hooks', side.key]).location }];
      const args = { key: side.key, script: shorten(script), dir: shorten(dir) };
      found.push(diagnostic('advice/managed-dir-elsewhere', { ...advised.at([...path, key]), related }, args));
    }
  return found;
}

function matcher({ at }: Advised, { event, group, path }: Group): Diagnostic[] {
  const { matcher: text } = group;
  return typeof text !== 'string' || text === '' || text === '*'
    ? []
    : matcherAdvice(event, text, at([...path, 'matcher']));
}

function timeout({ at }: Advised, { handler: { timeout: value }, path }: Handler): Diagnostic[] {
  if (typeof value !== 'bigint' || value <= defaultTimeout) return [];
  const seconds = value >= 1000n && value % 100n === 0n ? (value + 999n) / 1000n : undefined;
  return [diagnostic('advice/timeout-long', at([...path, 'timeout']), { timeout: value, seconds })];
}
