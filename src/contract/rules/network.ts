import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { isBrokenPattern, isEveryDomain, isRefusedDomain } from './domain-forms.ts';
import { profileDomains } from './profiles.ts';

/** The spellings of the network's rules; they have the same members. */
export const networks: readonly KeyPath[] = [['experimental_network'], ['network_proxy'], ['permissions', 'network']];

/** Rules for every domain, in other spellings as well; that of a list has a fact where it is `*`. */
export function rulesForAllDomains(table: DataTable): KeyPath[] {
  return networks.flatMap((path) => [
    ...names(table, [...path, 'domains'])
      .filter(isEveryDomain)
      .map((name) => [...path, 'domains', name]),
    ...['allowed_domains', 'denied_domains'].flatMap((list) =>
      texts(table, [...path, list]).flatMap(({ text, place }) => (text !== '*' && isEveryDomain(text) ? [place] : [])),
    ),
  ]);
}

/** Domains that keep the network proxy from starting, where it is on: those of the default profile as well. */
export function refusedDomains(table: DataTable): KeyPath[] {
  const on = running(table, true);
  const ofProfile = on.some(([root]) => root === 'experimental_network') ? profileDomains(table) : [];
  return [
    ...on.flatMap((path) => domainsThat(table, path, isRefusedDomain)),
    ...ofProfile.flatMap(({ domain, path }) => (isRefusedDomain(domain) ? [path] : [])),
  ];
}

/** Domains that are no pattern, where the network proxy is on or where it is off. */
export function brokenDomains(table: DataTable, isOn: boolean): KeyPath[] {
  return running(table, isOn).flatMap((path) => domainsThat(table, path, isBrokenPattern));
}

/** Sockets that are allowed by a path that is not absolute, where the network proxy is on or where it is off. */
export function relativeSockets(table: DataTable, isOn: boolean): KeyPath[] {
  return running(table, isOn).flatMap((path) => [
    ...names(table, [...path, 'unix_sockets'])
      .filter((name) => !name.startsWith('/') && valueAt(table, [...path, 'unix_sockets', name]) === 'allow')
      .map((name) => [...path, 'unix_sockets', name]),
    ...texts(table, [...path, 'allow_unix_sockets']).flatMap(({ text, place }) =>
      text.startsWith('/') ? [] : [place],
    ),
  ]);
}

/** Domains of the desktop application that are no exact name, or the same name as one before. */
export function refusedApplicationDomains(table: DataTable): KeyPath[] {
  const path = ['application', 'network', 'domains'];
  const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
  const exact = new RegExp(`^${label}(?:\\.${label})*\\.?$`);
  const seen = new Set<string>();
  return names(table, path).flatMap((name) => {
    const same = name.toLowerCase().replace(/\.$/, '');
    const isFine = exact.test(name) && same.length <= 253 && !seen.has(same);
    seen.add(same);
    return isFine ? [] : [[...path, name]];
  });
}

function domainsThat(table: DataTable, path: KeyPath, isMeant: (domain: string) => boolean): KeyPath[] {
  return [
    ...names(table, [...path, 'domains'])
      .filter(isMeant)
      .map((name) => [...path, 'domains', name]),
    ...['allowed_domains', 'denied_domains', 'review_domains'].flatMap((list) =>
      texts(table, [...path, list]).flatMap(({ text, place }) => (isMeant(text) ? [place] : [])),
    ),
  ];
}

function running(table: DataTable, isOn: boolean): KeyPath[] {
  return networks.filter((path) => (valueAt(table, [...path, 'enabled']) === true) === isOn);
}

function names(table: DataTable, path: KeyPath): string[] {
  const found = valueAt(table, path);
  return isTable(found) ? Object.keys(found) : [];
}

function texts(table: DataTable, path: KeyPath): { readonly text: string; readonly place: KeyPath }[] {
  const list: Data | undefined = valueAt(table, path);
  return isArray(list)
    ? list.flatMap((text, index) => (typeof text === 'string' ? [{ text, place: [...path, index] }] : []))
    : [];
}
