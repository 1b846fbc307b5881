import { entry, list } from './entry.ts';

/** The facts that most findings about a range of clients need. Releases are written as ranges: `0.141.0–0.144.6`. */
export interface On {
  readonly releases: string;
}

/** What the client does, after "Codex 0.141.0 …". */
function does(effect: string): string {
  const phrases: Readonly<Record<string, string>> = {
    ignored: 'ignores it without a word',
    'ignored-with-warning': 'ignores it with a warning',
    'file-rejected': 'refuses the whole file',
    'start-refused': 'does not start',
    'hook-skipped': 'skips the hook',
    'session-fails': 'lets every session fail',
    weakened: 'enforces less than written',
  };
  return phrases[effect] ?? effect;
}

/** What Codex does not accept, does not read, or reads otherwise, on the clients that were asked for. */
export const contractCodes = {
  'contract/channel-too-new': entry<On & { channel: string; since: string; platform: string }>({
    severity: 'error',
    message: ({ releases, channel, platform }) => `Codex ${releases} does not read ${channel} on ${platform}`,
    help: ({ since }) => `deliver it to Codex >=${since} only (in a policy: raise \`clients\`)`,
    why: 'A policy that is not read is not enforced.',
  }),
  'contract/config-key': entry<On & { key: string; meant: string | undefined; effect: string }>({
    severity: 'error',
    message: ({ key, effect }) => `\`${key}\` is a key of config.toml, not of requirements.toml: Codex ${does(effect)}`,
    help: ({ meant }) =>
      meant === undefined
        ? 'move it to config.toml; there is no requirement like it'
        : `write \`${meant}\` if it is to be enforced`,
    why: 'Both files are TOML and stand in one folder. A key of the other file enforces nothing here.',
  }),
  'contract/file-refused': entry<On & { what: string; note: string | undefined }>({
    severity: 'error',
    message: ({ releases, what }) => `Codex ${releases} refuses the whole file because of ${what}`,
    help: ({ note }) => note ?? 'correct or remove it',
    why: 'One refused value loses every other statement: the command line stops, and app-server clients of many versions go on without any policy.',
  }),
  'contract/flag-too-new': entry<On & { flag: string; since: string; effect: string }>({
    severity: 'error',
    message: ({ releases, flag, since, effect }) =>
      `Codex ${releases} does not know the feature \`${flag}\`, which came with ${since}, and ${does(effect)}`,
    help: ({ since }) => `give this file to Codex >=${since} only, or remove the pin`,
    why: 'A pin on an unknown feature is ignored by most releases and stops 0.110.0 to 0.123.0 from starting.',
  }),
  'contract/flag-removed': entry<On & { flag: string; last: string; effect: string }>({
    severity: 'error',
    message: ({ releases, flag, last, effect }) =>
      `Codex ${releases} has no feature \`${flag}\` any more (the last was ${last}), and ${does(effect)}`,
    help: ({ last }) => `give this file to Codex <=${last} only, or remove the pin`,
    why: 'A pin on a feature that is gone decides nothing.',
  }),
  'contract/handler-field': entry<On & { key: string; right: string | undefined; help: string }>({
    severity: 'error',
    message: ({ key, right }) =>
      right === undefined
        ? `handlers of Codex have no \`${key}\`, and it is ignored without a word`
        : `\`${key}\` is ignored without a word; Codex calls it \`${right}\``,
    help: ({ help }) => help,
    why: 'Codex ignores unknown fields of a handler on every version: the hook runs with the defaults instead.',
  }),
  'contract/handler-in-group': entry<On & { key: string; group: string; event: string }>({
    severity: 'error',
    message: ({ key, group }) => `\`${key}\` stands in the group \`${group}\` itself, not in a handler of it`,
    help: ({ event }) => `write \`[[hooks.${event}.hooks]]\` above it; only \`matcher\` belongs to the group`,
    why: 'Codex looks for handlers below `hooks` of each group and ignores fields beside it without a word: the hook never runs.',
  }),
  'contract/hook-skipped': entry<On & { what: string; note: string | undefined }>({
    severity: 'error',
    message: ({ releases, what }) =>
      `Codex ${releases} skips hooks because of ${what}, and sessions start without them`,
    help: ({ note }) => note ?? 'correct or remove it',
    why: 'The file is accepted and looks right, but the hook never runs.',
  }),
  'contract/key-removed': entry<On & { key: string; last: string; effect: string }>({
    severity: 'error',
    message: ({ releases, key, last, effect }) =>
      `Codex ${releases} no longer reads \`${key}\` (the last that did was ${last}), and ${does(effect)}`,
    help: ({ last }) => `give this file to Codex <=${last} only, or remove the key`,
    why: 'A key that a client does not read has no effect there.',
  }),
  'contract/key-too-new': entry<On & { key: string; since: string; effect: string }>({
    severity: 'error',
    message: ({ releases, key, since, effect }) =>
      `Codex ${releases} does not read \`${key}\`, which came with ${since}, and ${does(effect)}`,
    help: ({ since }) => `give this file to Codex >=${since} only, or remove the key`,
    why: 'A key that a client does not read has no effect there.',
  }),
  'contract/missing-key': entry<On & { key: string; parent: string }>({
    severity: 'error',
    message: ({ releases, key, parent }) =>
      `Codex ${releases} refuses the whole file: \`${key}\` is missing in \`${parent}\``,
    help: ({ key }) => `add \`${key}\``,
    why: 'One missing member loses every other statement.',
  }),
  'contract/must-contain': entry<On & { key: string; value: string }>({
    severity: 'error',
    message: ({ releases, key, value }) =>
      `Codex ${releases} refuses the whole file: \`${key}\` must contain \`${value}\``,
    help: ({ value }) => `add \`${value}\` to the list`,
    why: 'Codex falls back to this value and cannot start without it.',
  }),
  'contract/not-by-channel': entry<On & { key: string; channel: string }>({
    severity: 'error',
    message: ({ key, channel }) => `${channel} cannot set \`${key}\``,
    help: () => 'set it by a file in the system folder or by a profile',
    why: 'Codex reads this key before it has a policy from its cloud service, so there it decides nothing.',
  }),
  'contract/number-out-of-range': entry<On & { key: string; range: string }>({
    severity: 'error',
    message: ({ releases, key, range }) => `Codex ${releases} refuses the whole file: \`${key}\` takes ${range}`,
    help: ({ range }) => `write ${range}`,
    why: 'One refused value loses every other statement.',
  }),
  'contract/root-key-after-table': entry<
    On & {
      key: string;
      table: string;
      line: number;
      keys: readonly string[];
      before: { readonly name: string; readonly line: number } | undefined;
      effect: string;
    }
  >({
    severity: 'error',
    message: ({ key, table, line, effect }) =>
      `\`${key}\` belongs to the table \`${table}\` that begins on line ${line}, so it is no requirement: Codex ${does(effect)}`,
    help: ({ keys, before }) =>
      before === undefined
        ? `move ${list(keys)} to the root of the requirements`
        : `move ${list(keys)} above line ${before.line}, before the first table (\`${before.name}\`)`,
    why: 'In TOML every key below a table header belongs to that table. Root keys stand before the first header.',
  }),
  'contract/session-fails': entry<On & { what: string; note: string | undefined }>({
    severity: 'error',
    message: ({ releases, what }) => `every session fails on Codex ${releases} because of ${what}`,
    help: ({ note }) => note ?? 'correct or remove it',
    why: 'The file is accepted, and then nobody can work.',
  }),
  'contract/start-refused': entry<On & { what: string; note: string | undefined }>({
    severity: 'error',
    message: ({ releases, what }) => `Codex ${releases} does not start because of ${what}`,
    help: ({ note }) => note ?? 'correct or remove it',
    why: 'Codex stops on every machine that gets the file.',
  }),
  'contract/table-key-at-root': entry<On & { key: string; tables: readonly string[]; effect: string }>({
    severity: 'error',
    message: ({ key, tables, effect }) =>
      `\`${key}\` is a key of ${list(tables)}, not of the root: Codex ${does(effect)}`,
    help: ({ key, tables }) => `write \`${key}\` below \`[${tables[0]}]\``,
    why: 'In TOML a key belongs to the last table header above it; without one it is a key of the root.',
  }),
  'contract/unknown-event': entry<On & { event: string; nearest: string | undefined; isForeign: boolean }>({
    severity: 'error',
    message: ({ event, nearest, isForeign }) =>
      `\`${event}\` is not a hook event of Codex${nearest ? `; ${isForeign ? 'what comes closest is' : 'nearest is'} \`${nearest}\`` : ''}`,
    help: ({ nearest, isForeign }) =>
      nearest
        ? `write \`${nearest}\``
        : isForeign
          ? 'remove it: Codex has no such event'
          : 'remove it; event names are case-sensitive',
    why: 'Every version ignores unknown events without a word: the hook never runs.',
  }),
  'contract/unknown-flag': entry<On & { flag: string; nearest: string | undefined }>({
    severity: 'error',
    message: ({ flag, nearest }) =>
      `\`${flag}\` is not a feature of Codex${nearest ? `; nearest is \`${nearest}\`` : ''}`,
    help: ({ nearest }) => (nearest ? `write \`${nearest}\`` : 'remove it'),
    why: 'A pin on an unknown feature is ignored, and stops 0.110.0 to 0.123.0 from starting.',
  }),
  'contract/unknown-key': entry<On & { key: string; parent: string; nearest: string | undefined; effect: string }>({
    severity: 'error',
    message: ({ key, parent, nearest }) =>
      `\`${key}\` is not a key of ${parent === '' ? 'requirements.toml' : `\`${parent}\``}${nearest ? `; nearest is \`${nearest}\`` : ''}`,
    help: ({ nearest, effect }) => (nearest ? `write \`${nearest}\`` : `remove it; Codex ${does(effect)}`),
    why: 'Codex ignores unknown keys, mostly without a word: the restriction never exists.',
  }),
  'contract/unknown-value': entry<
    On & { value: string; key: string; accepted: readonly string[]; nearest: string | undefined }
  >({
    severity: 'error',
    message: ({ value, key, accepted }) =>
      `Codex does not accept \`${value}\` for \`${key}\`${accepted.length > 0 ? `; it accepts ${list(accepted)}` : ''}`,
    help: ({ nearest, accepted }) =>
      nearest ? `write \`${nearest}\`` : accepted.length > 0 ? `write one of ${list(accepted)}` : 'correct it',
    why: 'An unknown value rejects the whole file, and every other statement with it.',
  }),
  'contract/value-removed': entry<On & { value: string; key: string; last: string; effect: string }>({
    severity: 'error',
    message: ({ releases, value, key, last }) =>
      `Codex ${releases} no longer accepts \`${value}\` for \`${key}\` (the last that did was ${last})`,
    help: ({ last }) => `give this file to Codex <=${last} only, or choose another value`,
    why: 'A value that a client does not know rejects the whole file there.',
  }),
  'contract/value-too-new': entry<On & { value: string; key: string; since: string; effect: string }>({
    severity: 'error',
    message: ({ releases, value, key, since }) =>
      `Codex ${releases} does not accept \`${value}\` for \`${key}\`, which came with ${since}, and refuses the whole file`,
    help: ({ since }) => `give this file to Codex >=${since} only, or choose another value`,
    why: 'A value that a client does not know rejects the whole file there.',
  }),
  'contract/weakened': entry<On & { what: string; note: string | undefined }>({
    severity: 'error',
    message: ({ releases, what }) => `Codex ${releases} enforces less than written because of ${what}`,
    help: ({ note }) => note ?? 'correct or remove it',
    why: 'The file promises more than the client does.',
  }),
  'contract/wrong-type': entry<On & { key: string; expected: string; found: string; fix: string | undefined }>({
    severity: 'error',
    message: ({ key, expected, found }) => `\`${key}\` takes ${expected}, found ${found}`,
    help: ({ expected, fix }) => fix ?? `write ${expected}`,
    why: 'A value of the wrong kind rejects the whole file, and every other statement with it.',
  }),
};
