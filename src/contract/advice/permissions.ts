import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { isTable } from '../../source/document.ts';
import { type Advised, textsAt } from './advised.ts';

/** A default that gives everything, profiles alone, and `deny_read` entries that mean another place. */
export function permissionAdvice(advised: Advised): Diagnostic[] {
  const { table, at } = advised;
  const { default_permissions: chosen, allowed_sandbox_modes: modes, allowed_permission_profiles: profiles } = table;
  const found: Diagnostic[] = [];
  if (chosen === ':danger-full-access')
    found.push(diagnostic('advice/default-unrestricted', at(['default_permissions']), {}));
  if (isTable(profiles) && modes === undefined)
    found.push(diagnostic('advice/profiles-without-modes', at(['allowed_permission_profiles'], 'key'), {}));
  return [...found, ...denyRead(advised)];
}

/**
 * Measured on 0.141.0 and 0.169.0 with the system file: a relative entry is one below the folder of the file, `~` is
 * the user's home, and `$NAME` is plain text.
 */
function denyRead({ table, channel, at }: Advised): Diagnostic[] {
  return textsAt(table, ['permissions', 'filesystem', 'deny_read']).flatMap(({ text, path }) => {
    if (/\$\{?[A-Za-z_]|%[A-Za-z_][A-Za-z0-9_]*%/.test(text))
      return [diagnostic('advice/deny-read-variable', at(path), { entry: shorten(text) })];
    const isRooted = /^(?:\/|~(?:\/|\\|$)|[A-Za-z]:[\\/]|\\\\|:)/.test(text);
    return isRooted || channel !== 'system'
      ? []
      : [diagnostic('advice/deny-read-relative', at(path), { entry: shorten(text) })];
  });
}
