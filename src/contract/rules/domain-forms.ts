import { trimmed } from './blank.ts';
import { isRefusedGlob } from './file-glob.ts';
import { urlOf } from './http-forms.ts';

// How Codex reads the domains of network rules: without blanks around them, port, brackets, and dots at the end.

/** A host as Codex compares it. */
export function normalizedHost(text: string): string {
  const host = trimmed(text);
  const [, inBrackets] = /^\[([^\]]*)\]/.exec(host) ?? [];
  const isWithPort = host.split(':').length === 2;
  const bare = inBrackets ?? (isWithPort ? host.slice(0, host.indexOf(':')) : host);
  return bare.toLowerCase().replace(/\.+$/, '');
}

/** Whether a rule means every domain: `*` in any spelling. */
export function isEveryDomain(domain: string): boolean {
  return /^(?:\*\*\.\p{White_Space}*)?\*$/u.test(normalizedDomain(domain));
}

/** Whether releases before 0.163.0 cannot read a domain: they take each for a pattern. */
export function isBrokenPattern(domain: string): boolean {
  return isRefusedGlob(splitDomain(normalizedDomain(domain)).host, true);
}

/** Whether releases from 0.163.0 on cannot read a domain. One that means every domain has a rule of its own. */
export function isRefusedDomain(domain: string): boolean {
  if (isEveryDomain(domain)) return false;
  const { host } = splitDomain(trimmed(domain));
  return (
    normalizedHost(host) === '' ||
    /[\p{White_Space}/\\{}]/u.test(trimmed(domain)) ||
    host.includes('**') ||
    (/[[\]]/.test(host) && !isInBrackets(host))
  );
}

function normalizedDomain(domain: string): string {
  const { prefix, host } = splitDomain(trimmed(domain));
  return prefix + normalizedHost(host);
}

function splitDomain(domain: string): { readonly prefix: string; readonly host: string } {
  const [prefix = ''] = /^\*{1,2}\./.exec(domain) ?? [];
  return { prefix, host: domain.slice(prefix.length) };
}

/** An address of IPv6, or `*`; a port may follow. */
function isInBrackets(host: string): boolean {
  const [, inner] = /^\[([^\]]*)\](?::[^[\]]*)?$/.exec(host) ?? [];
  return inner === '*' || (inner !== undefined && urlOf(`http://[${inner.replace(/%.*$/, '')}]/`) !== undefined);
}
