import { describe, expect, test } from 'vitest';
import type { Contract, Fact } from '../../src/contract/contract.ts';
import { readContract } from '../../src/contract/tree.ts';
import { changed } from '../../src/prober/changes.ts';
import type { Codex } from '../../src/prober/codex.ts';
import { learnKey, type Search } from '../../src/prober/learn.ts';
import { newKeys } from '../../src/prober/new-keys.ts';
import type { Observed, Outcome } from '../../src/prober/outcome.ts';
import { namesHinted } from '../../src/prober/trials.ts';
import { type Data, isArray, isTable } from '../../src/source/document.ts';
import { plainToml } from '../../src/source/toml-plain.ts';
import { releasesOf, v } from '../support/versions.ts';

const newest = v('0.79.0');
const releases = releasesOf('0.77.0', '0.78.0', '0.79.0');
const always = (subject: string, own: Partial<Fact> = {}): Fact => ({
  subject,
  kind: 'key',
  type: 'table',
  ranges: [{ from: v('0.77.0'), effect: own.kind === 'unknown' ? 'ignored' : 'enforced' }],
  evidence: 'a test',
  ...own,
});
const unknown = always('<unknown>', { kind: 'unknown', title: 'x' });

const accepted: Outcome = { what: 'taken' };
const refused = (message: string): Outcome => ({ what: 'refused', message });
const expects = (expected: string): Outcome => refused(`invalid type: integer \`5\`, expected ${expected}`);

/** How a release reads a value: what it says against it, or nothing. */
type Reader = (value: Data) => Outcome | undefined;

const text: Reader = (value) => (typeof value === 'string' ? undefined : expects('a string'));
const flag: Reader = (value) => (typeof value === 'boolean' ? undefined : expects('a boolean'));
const port: Reader = (value) =>
  typeof value === 'bigint' && value >= 0n && value < 65536n ? undefined : expects('u16');
const listOf =
  (inner: Reader): Reader =>
  (value) =>
    isArray(value) ? first(value.map(inner)) : expects('a sequence');

function first(answers: readonly (Outcome | undefined)[]): Outcome | undefined {
  return answers.find((one) => one !== undefined);
}

/** A table that passes over strangers and names what is missing. */
const table =
  (members: Readonly<Record<string, Reader>>, needed: readonly string[] = []): Reader =>
  (value) => {
    if (!isTable(value)) return expects('struct Table with 2 elements');
    const lacking = needed.find((name) => value[name] === undefined);
    return (
      first(Object.entries(value).map(([name, inner]) => members[name]?.(inner))) ??
      (lacking === undefined ? undefined : refused(`missing field \`${lacking}\``))
    );
  };

/** The same, and whatever is wrong in it is said in words that name nothing. */
const silent =
  (reader: Reader, words: string): Reader =>
  (value) =>
    reader(value) === undefined ? undefined : refused(words);

const strict =
  (members: Readonly<Record<string, Reader>>): Reader =>
  (value) =>
    table(members)(value) ??
    (isTable(value) && Object.keys(value).some((name) => !(name in members)) ? refused('a stranger') : undefined);

function asking(root: Reader) {
  return async (toml: string): Promise<Outcome> => {
    const file = plainToml(toml);
    if (!file) throw new Error(toml);
    return root(file) ?? accepted;
  };
}

const noCodex: Omit<Codex, 'ask'> = {
  version: newest,
  binary: '',
  flags: async () => undefined,
  warnings: async () => [],
  close: async () => undefined,
};

/** What is found of a release that reads files so, and has passed over some keys. */
async function found(
  contract: Contract,
  root: Reader,
  lists: readonly (readonly string[])[] = [],
  silentKeys: readonly string[] = [],
) {
  const observed = (subject: string): Observed => (silentKeys.includes(subject) ? 'silent' : 'taken');
  const seen = new Map(contract.facts.map(({ subject }) => [subject, { observed: observed(subject), message: '' }]));
  return newKeys({ ...noCodex, ask: asking(root) }, contract, seen, lists);
}

const searching = (
  contract: Contract,
  root: Reader,
  candidates: readonly string[],
  lists: readonly (readonly string[])[] = [],
): Search => ({ contract, version: newest, ask: asking(root), candidates, lists });

const short = (discoveries: Awaited<ReturnType<typeof found>>) =>
  discoveries.map(({ subject, fact }) => {
    const { type, required, minimum, maximum, aliasOf } = fact ?? {};
    return [
      subject,
      type ?? fact?.kind,
      ...(required ? ['required'] : []),
      ...(minimum === undefined ? [] : [`from ${minimum}`]),
      ...(maximum === undefined ? [] : [`to ${maximum}`]),
      ...(aliasOf === undefined ? [] : [`= ${aliasOf}`]),
    ].join(' ');
  });

describe('learning a new key', () => {
  const contract = readContract(releases, [unknown, always('known')]);

  test('goes down to the members of a table, with those that it needs and the limits of numbers', async () => {
    const root = table({
      server: table({ host: text, port, tags: listOf(text), inner: table({ on: flag }) }, ['host', 'port']),
    });
    const candidates = ['host', 'inner', 'on', 'other', 'port', 'server', 'tags'];
    const learnt = await learnKey(undefined, 'server', searching(contract, root, candidates));
    expect(short(learnt.found).sort()).toEqual([
      'server table',
      'server.host string required',
      'server.inner table',
      'server.inner.on boolean',
      'server.port integer required from 0 to 65535',
      'server.tags array',
      'server.tags[] string',
    ]);
    expect(learnt.good).toEqual({ host: 'example', port: 5n });
  });

  test('fills what is missing in tables below, and tries texts of another form', async () => {
    const address: Reader = (value) =>
      text(value) ?? (String(value).startsWith('https:') ? undefined : refused('addresses must use HTTPS'));
    const login: Reader = (value) => {
      const answer = table({ address, client: text }, ['address', 'client'])(value);
      return answer?.message?.startsWith('missing') ? refused(`${answer.message} in \`server.login\``) : answer;
    };
    const root = table({ server: table({ base: address, login }, ['base', 'login']) });
    const search = searching(readContract(releases, [unknown]), root, ['address', 'base', 'client', 'login']);
    const { found: all } = await learnKey(undefined, 'server', search);
    expect(short(all)).toEqual([
      'server table',
      'server.base string required',
      'server.login table required',
      'server.login.address string required',
      'server.login.client string required',
    ]);
    expect(all.filter(({ doubt }) => doubt !== undefined).map(({ subject }) => subject)).toEqual([
      'server.base',
      'server.login.address',
    ]);
  });

  test('says of a table that may not be empty that it may not', async () => {
    const filled: Reader = (value) =>
      isTable(value) && Object.keys(value).length === 0 ? refused('empty') : table({ on: flag, off: flag })(value);
    const { found: all } = await learnKey(
      undefined,
      'switch',
      searching(contract, table({ switch: filled }), ['off', 'on']),
    );
    expect(short(all)).toEqual(['switch table', 'switch={} value', 'switch.off boolean', 'switch.on boolean']);
    expect(all[1]?.fact?.ranges.at(-1)?.effect).toBe('file-rejected');
  });
});

describe('a list in the place of a table', () => {
  const fields = ['mark', 'host', 'port'];
  const readers: Readonly<Record<string, Reader>> = { mark: flag, host: text, port };
  /** Read by the order of the members, of which the first two are needed. */
  const either: Reader = (value) =>
    isArray(value)
      ? value.length < 2
        ? refused('invalid length')
        : first(value.map((item, at) => readers[fields[at] ?? '']?.(item)))
      : table(readers)(value);
  const program = [
    ['other', 'mark', 'host', 'port', 'mark'],
    ['port', 'host', 'mark'],
    ['mark', 'host'],
  ];

  test('is told of a new one, in the order that the release takes', async () => {
    const contract = readContract(releases, [unknown, always('known')]);
    const root = table({ server: either });
    const { found: all } = await learnKey(
      undefined,
      'server',
      searching(contract, root, [...fields, 'server'], program),
    );
    expect(all[0].fact?.lists).toEqual([{ from: '0.77.0', fields, fewest: 2 }]);
  });

  test('has another order when a member is new, from this release on', async () => {
    const facts = [
      unknown,
      always('server', { lists: [{ from: v('0.77.0'), fields: ['host', 'port'], fewest: 2 }] }),
      always('server.host', { type: 'string' }),
      always('server.port', { type: 'integer', minimum: 0 }),
    ];
    const all = await found(readContract(releases, facts), table({ server: either }), program);
    expect(all.map(({ subject, list }) => [subject, list])).toEqual([
      ['server.mark', undefined],
      ['server', { from: '0.79.0', fields, fewest: 2 }],
    ]);
    const change = all.flatMap(({ subject, list }) => (list ? [{ kind: 'list' as const, subject, list }] : []));
    expect(changed(facts, change, releases).find(({ subject }) => subject === 'server')?.lists).toEqual([
      { from: '0.77.0', to: '0.78.0', fields: ['host', 'port'], fewest: 2 },
      { from: '0.79.0', fields, fewest: 2 },
    ]);
  });

  test('has another order when a member has gone', async () => {
    const facts = [
      unknown,
      always('server', { lists: [{ from: v('0.77.0'), fields: ['gone', ...fields], fewest: 3 }] }),
      always('server.gone', { type: 'string' }),
      always('server.mark', { type: 'boolean' }),
      always('server.host', { type: 'string' }),
      always('server.port', { type: 'integer', minimum: 0 }),
    ];
    const all = await found(readContract(releases, facts), table({ server: either }), program, ['server.gone']);
    expect(all.map(({ subject, list }) => [subject, list])).toEqual([
      ['server', { from: '0.79.0', fields, fewest: 2 }],
    ]);
  });

  test('is for a person to look at where the program has no such order', async () => {
    const facts = [
      unknown,
      always('server', { lists: [{ from: v('0.77.0'), fields: ['host'] }] }),
      always('server.host', { type: 'string' }),
    ];
    const all = await found(readContract(releases, facts), table({ server: either }), [['mark', 'server', 'host']]);
    expect(all.at(-1)).toMatchObject({ subject: 'server', doubt: expect.stringContaining('list') });
  });
});

describe('an enumeration of texts and tables', () => {
  test('is learnt by its variants, and by whether it takes two', async () => {
    const exporter: Reader = (value) => {
      const [name = '', ...others] = isTable(value) ? Object.keys(value) : [value];
      if (isTable(value) && (Object.keys(value).length === 0 || others.length > 0))
        return refused('wanted exactly 1 element');
      if (typeof value !== 'string' && !isTable(value)) return expects('string only');
      if (name === 'none') return undefined;
      if (name !== 'http' && name !== 'grpc')
        return refused('unknown variant `x`, expected one of `none`, `http`, `grpc`');
      return isTable(value)
        ? table({ endpoint: text }, ['endpoint'])(value[name] ?? '')
        : refused('expected struct variant');
    };
    const contract = readContract(releases, [unknown, always('known')]);
    const { found: all } = await learnKey(
      undefined,
      'exporter',
      searching(contract, table({ exporter }), ['endpoint']),
    );
    expect(short(all)).toEqual([
      'exporter enum,table',
      'exporter={} value',
      'exporter=none value',
      'exporter.http table',
      'exporter.http.endpoint string required',
      'exporter.grpc table',
      'exporter.grpc.endpoint string required',
    ]);
    expect(all[0].doubt).toBe('a rule: refused with two members: wanted exactly 1 element');
  });
});

describe('a table that refuses strangers in words that name none of its members', () => {
  const facts = [
    unknown,
    always('gate'),
    always('gate.address', { type: 'string' }),
    always('gate.client', { type: 'string' }),
    always('other'),
    always('other.command', { type: 'string', required: true }),
  ];
  const words = 'choose one: token_export or an address in `gate`';
  const gate: Reader = silent((value) => {
    const members = {
      address: text,
      client: text,
      device: text,
      token_export: table({ command: text, wait: port }, ['command']),
    };
    const both = isTable(value) && 'token_export' in value && 'address' in value;
    return strict(members)(value) ?? (both ? refused('both') : undefined);
  }, words);
  const root = table({ gate, other: table({ command: text }, ['command']) });
  const lists = [
    ['address', 'client', 'device'],
    ['command', 'wait'],
  ];

  test('is asked about the names beside its members and those of its words, with what is good elsewhere', async () => {
    const contract = readContract(releases, [...facts, always('other.wait', { type: 'integer' })]);
    const all = await found(contract, root, lists);
    expect(short(all).sort()).toEqual([
      'gate.device string',
      'gate.token_export table',
      'gate.token_export.command string required',
      'gate.token_export.wait integer from 0 to 65535',
    ]);
  });

  test('has a rule where a member is good alone only, which a person must look at', async () => {
    const contract = readContract(
      releases,
      facts.map((fact) => (fact.subject === 'gate.address' ? { ...fact, required: true } : fact)),
    );
    const all = await found(contract, root, lists);
    expect(all.find(({ subject }) => subject === 'gate.token_export')?.doubt).toBe(
      `a rule: refused beside \`address\`: ${words}`,
    );
  });

  test('hints at names, and not at the path', () => {
    const { root: tree } = readContract(releases, facts);
    const node = tree.members.get('gate');
    if (!node) throw new Error('gate');
    const strange = [
      ['address', 'x', 'y', 'z'],
      ['address', 'client', 'device', 'port'],
    ];
    expect(namesHinted(node, 'choose token_export in `model_providers.gate`', strange)).toEqual([
      'device',
      'port',
      'token_export',
    ]);
  });
});

describe('another spelling', () => {
  const members = { on: flag, hosts: listOf(text), port };
  const facts = [
    unknown,
    always('proxy'),
    always('proxy.on', { type: 'boolean' }),
    always('proxy.hosts', { type: 'array' }),
    always('proxy.hosts[]', { type: 'string' }),
    always('proxy.port', { type: 'integer', minimum: 0, maximum: 65535 }),
  ];
  const contract = readContract(releases, facts);

  test('is a table with the same members and the same answers', async () => {
    expect(
      short(await found(contract, table({ proxy: table(members), net: table(members) }), [['net', 'on', 'proxy']])),
    ).toEqual(['net table = proxy']);
  });

  test('is none where one answer differs', async () => {
    const root = table({ proxy: table(members), net: table({ ...members, hosts: text }) });
    expect(short(await found(contract, root, [['net', 'on', 'proxy']])).sort()).toEqual([
      'net table',
      'net.hosts string',
      'net.on boolean',
      'net.port integer from 0 to 65535',
    ]);
  });

  test('may be a name among free ones, which refuses the members of those', async () => {
    const free = [
      always('rooms'),
      always('rooms.all', { type: 'boolean' }),
      always('rooms.<name>', {}),
      always('rooms.<name>.door', { type: 'string' }),
    ];
    const room: Reader = table({ door: text });
    const reserved: Reader = (value) =>
      isTable(value) && (Object.keys(value).length === 0 || 'door' in value)
        ? refused('`rooms.net` is reserved')
        : table(members)(value);
    const rooms: Reader = (value) =>
      isTable(value)
        ? first(
            Object.entries(value).map(([name, inner]) =>
              (name === 'all' ? flag : name === 'net' ? reserved : room)(inner),
            ),
          )
        : expects('struct Rooms');
    const all = await found(readContract(releases, [...facts, ...free]), table({ proxy: table(members), rooms }), [
      ['net', 'on', 'proxy'],
    ]);
    expect(short(all)).toEqual(['rooms.net table = proxy', 'rooms.net={} value', 'rooms.net.door any']);
    expect(all.map(({ fact }) => fact?.ranges.at(-1)?.effect)).toEqual(['enforced', 'file-rejected', 'file-rejected']);
    expect(all[0]?.doubt).toContain('keeps for itself');
    expect(all[0]?.fact?.ranges[0]?.effect).toBe('ignored');
  });
});
