import { type Diagnostic, diagnostic } from '../../diagnostics/diagnostic.ts';
import { shorten } from '../../source/describe.ts';
import { isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { type Advised, membersAt, textsAt } from './advised.ts';

/** The spellings of the network's rules. */
const networks: readonly KeyPath[] = [['experimental_network'], ['network_proxy'], ['permissions', 'network']];

/** Lists of the network proxy that contradict each other, that name no host, or that stand beside a proxy that is off. */
export function networkAdvice(advised: Advised): Diagnostic[] {
  return networks.flatMap((path) => (isTable(valueAt(advised.table, path)) ? network(advised, path) : []));
}

/** What only a running proxy enforces. */
const lists = ['domains', 'allowed_domains', 'denied_domains', 'review_domains', 'unix_sockets', 'allow_unix_sockets'];

function network(advised: Advised, path: KeyPath): Diagnostic[] {
  const { table, at } = advised;
  const isOn = valueAt(table, [...path, 'enabled']) === true;
  const first = lists.find((key) => valueAt(table, [...path, key]) !== undefined);
  return [
    ...(first !== undefined && !isOn
      ? [diagnostic('advice/network-off', at([...path, first], 'key'), { key: first, table: path.join('.') })]
      : []),
    ...contradictions(advised, path),
    ...forms(advised, path),
    ...sockets(advised, path),
  ];
}

interface Domain {
  readonly name: string;
  readonly path: KeyPath;
  readonly part: 'key' | 'value';
}

function domains({ table }: Advised, path: KeyPath, wanted: 'allow' | 'deny', list: string): Domain[] {
  return [
    ...membersAt(table, [...path, 'domains']).flatMap(([name, decision]): Domain[] =>
      decision === wanted ? [{ name, path: [...path, 'domains', name], part: 'key' }] : [],
    ),
    ...textsAt(table, [...path, list]).map(
      ({ text, path: place }): Domain => ({ name: text, path: place, part: 'value' }),
    ),
  ];
}

/** One name on both sides: letter case and a final dot do not tell hosts apart. */
function contradictions(advised: Advised, path: KeyPath): Diagnostic[] {
  const denied = new Map(domains(advised, path, 'deny', 'denied_domains').map((one) => [plain(one.name), one]));
  return domains(advised, path, 'allow', 'allowed_domains').flatMap(({ name, path: place, part }) => {
    const other = denied.get(plain(name));
    if (!other) return [];
    const related = [{ message: 'denied here', location: advised.at(other.path, other.part).location }];
    return [
      diagnostic('advice/domain-contradiction', { ...advised.at(place, part), related }, { domain: shorten(name) }),
    ];
  });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function forms(advised: Advised, path: KeyPath): Diagnostic[] {
  const all = [
    ...domains(advised, path, 'allow', 'allowed_domains'),
    ...domains(advised, path, 'deny', 'denied_domains'),
    ...textsAt(advised.table, [...path, 'review_domains']).map(
      ({ text, path: place }): Domain => ({ name: text, path: place, part: 'value' }),
    ),
  ];
  return all.flatMap(({ name, path: place, part }) => {
    const why = notADomain(name);
    return why === undefined
      ? []
      : [diagnostic('advice/domain-form', advised.at(place, part), { domain: shorten(name), why })];
  });
}

/** Why no request can go to such a name, or undefined. */
function notADomain(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return 'it is a URL';
  if (/[/\\]/.test(name)) return 'it has a path';
  if (/^[^:]+:\d+$/.test(name)) return 'it has a port';
  return /\s/.test(name) ? 'it has a blank' : undefined;
}

function sockets({ table, at }: Advised, path: KeyPath): Diagnostic[] {
  const named = membersAt(table, [...path, 'unix_sockets']).map(([name]) => ({
    name,
    place: at([...path, 'unix_sockets', name], 'key'),
  }));
  const listed = textsAt(table, [...path, 'allow_unix_sockets']).map(({ text, path: place }) => ({
    name: text,
    place: at(place),
  }));
  return [...named, ...listed].flatMap(({ name, place }) =>
    name.startsWith('/') ? [] : [diagnostic('advice/socket-relative', place, { socket: shorten(name) })],
  );
}
