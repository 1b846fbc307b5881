import { entry, list } from './entry.ts';

type None = Record<never, never>;

/** Warnings about what Codex accepts and enforces as written, and that is hardly ever meant. Never errors. */
export const adviceCodes = {
  'advice/default-unrestricted': entry<None>({
    severity: 'warning',
    message: () => 'every session starts with full access to the machine',
    help: () => 'choose `:workspace` or `:read-only`; users can still be allowed more by `allowed_permission_profiles`',
    why: 'The default holds wherever a user chooses nothing.',
  }),
  'advice/deny-read-relative': entry<{ entry: string }>({
    severity: 'warning',
    message: ({ entry: path }) =>
      `\`${path}\` is no absolute path: in the system file it means a place below \`/etc/codex\``,
    help: () => 'write an absolute path, a path that begins with `~/`, or a pattern such as `/**/*.env`',
    why: 'Codex takes relative entries without a word, and counts them from the folder of requirements.toml, not from the project.',
  }),
  'advice/deny-read-variable': entry<{ entry: string }>({
    severity: 'warning',
    message: ({ entry: path }) => `variables are not replaced here: \`${path}\` denies nothing that exists`,
    help: () => 'write `~/` for the home of the user, and absolute paths else',
    why: 'Codex takes the text as it is.',
  }),
  'advice/domain-contradiction': entry<{ domain: string }>({
    severity: 'warning',
    message: ({ domain }) => `\`${domain}\` is both allowed and denied`,
    help: () => 'remove one of the two; a denial wins',
    why: 'Whoever reads one of the two lists believes it.',
  }),
  'advice/domain-form': entry<{ domain: string; why: string }>({
    severity: 'warning',
    message: ({ domain, why }) => `\`${domain}\` is no host name: ${why}`,
    help: () => 'write the host alone, such as `api.example.com` or `*.example.com`',
    why: 'Rules of the network proxy are compared with host names; newer releases refuse to start it with anything else.',
  }),
  'advice/nothing-said': entry<None>({
    severity: 'warning',
    message: () => 'the file says nothing: there is no key in it',
    help: () => 'write at least one key, or do not ship the file',
    why: 'Codex takes a file of comments and blank lines for a policy, and leaves everything to the user.',
  }),
  'advice/network-off': entry<{ key: string; table: string }>({
    severity: 'warning',
    message: ({ key, table }) => `\`${key}\` has no effect while \`${table}.enabled\` is not true`,
    help: ({ table }) => `add \`enabled = true\` to \`[${table}]\``,
    why: 'The proxy that keeps these lists is off by default.',
  }),
  'advice/socket-relative': entry<{ socket: string }>({
    severity: 'warning',
    message: ({ socket }) => `\`${socket}\` is no absolute path`,
    help: () => 'write the whole path of the socket, such as `/var/run/docker.sock`',
    why: 'With the proxy on, sessions fail on Linux because of it.',
  }),
  'advice/host-pattern': entry<{ pattern: string; why: string }>({
    severity: 'warning',
    message: ({ pattern, why }) => `no host is called \`${pattern}\`: ${why}`,
    help: () => 'write the host name alone, with `*` and `?` for what varies, such as `*.ci.example.com`',
    why: 'The entry never matches, so the hosts that were meant keep the general list.',
  }),
  'advice/host-pattern-covered': entry<{ pattern: string }>({
    severity: 'warning',
    message: ({ pattern }) => `an earlier entry already matches every host that \`${pattern}\` matches`,
    help: () => 'remove the pattern, or move this entry before the other one',
    why: 'The first entry that matches decides.',
  }),
  'advice/host-patterns-empty': entry<None>({
    severity: 'warning',
    message: () => 'this entry has no pattern, so it never matches',
    help: () => 'name the hosts, or remove the entry',
    why: 'An empty list matches no host.',
  }),
  'advice/host-unreachable': entry<None>({
    severity: 'warning',
    message: () => 'this entry is never used: earlier entries match all of its hosts',
    help: () => 'move it before the entry that covers it, or remove it',
    why: 'The first entry that matches decides.',
  }),
  'advice/host-wider': entry<{ modes: readonly string[] }>({
    severity: 'warning',
    message: ({ modes }) =>
      `hosts that match get ${list(modes)}, which \`allowed_sandbox_modes\` does not allow elsewhere`,
    help: () => 'keep it if that is meant; a matching entry replaces the list, it does not narrow it',
    why: 'The host name is what the machine says of itself: whoever may change it gets the wider list.',
  }),
  'advice/hosts-without-default': entry<None>({
    severity: 'warning',
    message: () => 'hosts that no entry matches may use every sandbox mode',
    help: () => 'add `allowed_sandbox_modes` at the root for all other hosts',
    why: 'Entries for hosts say nothing about the rest of the fleet.',
  }),
  'advice/mcp-blank': entry<{ key: string }>({
    severity: 'warning',
    message: ({ key }) => `no server has an empty \`${key}\``,
    help: ({ key }) => `write the \`${key}\` exactly as it stands in the configuration of the server`,
    why: 'A server whose identity does not match stays disabled.',
  }),
  'advice/mcp-command-arguments': entry<{ command: string; program: string }>({
    severity: 'warning',
    message: ({ command }) => `\`${command}\` is compared with the program alone, without its arguments`,
    help: ({ program }) =>
      `write \`command = "${program}"\`, or from 0.143.0 on a table with \`executable\` and \`args\``,
    why: 'A server is configured with its arguments in `args`, so a command that holds them never matches, and the server stays disabled.',
  }),
  'advice/mcp-none': entry<None>({
    severity: 'note',
    message: () => 'an empty table of MCP servers switches off every one of them',
    help: () => 'keep it if that is meant; leave the table out to allow all servers',
    why: 'The table is the list of servers that may run.',
  }),
  'advice/mcp-url-scheme': entry<{ url: string }>({
    severity: 'warning',
    message: ({ url }) => `\`${url}\` has no scheme, so it is the address of no server`,
    help: () => 'write the whole address, such as `https://mcp.example.com/docs`',
    why: 'The address is compared as text; a server whose identity does not match stays disabled.',
  }),
  'advice/mcp-url-slash': entry<{ url: string }>({
    severity: 'warning',
    message: ({ url }) => `\`${url}\` matches only a server whose address ends with \`/\` as well`,
    help: () =>
      'write the address exactly as it stands in the configuration of the server; usually that is without the slash',
    why: 'The address is compared as text; a server whose identity does not match stays disabled.',
  }),
  'advice/profiles-without-modes': entry<None>({
    severity: 'note',
    message: () => 'clients before 0.138.0 do not know permission profiles and have no limit here',
    help: () => 'add `allowed_sandbox_modes`, which every client knows',
    why: 'A fleet is seldom of one version.',
  }),
  'advice/root-key-in-table': entry<{ key: string; table: string; line: number }>({
    severity: 'warning',
    message: ({ key, table, line }) =>
      `\`${key}\` is an entry of \`${table}\` (line ${line}) here, not the requirement of that name`,
    help: ({ key }) => `move \`${key}\` above the first table of the file if the requirement is meant`,
    why: 'What stands below a table header belongs to that table.',
  }),
  'advice/rule-absolute-path': entry<{ word: string; program: string }>({
    severity: 'warning',
    message: ({ word, program }) => `this rule holds for \`${word}\` as it is written, not for \`${program}\``,
    help: ({ program }) => `write \`${program}\`, which holds for every path of it as well`,
    why: 'Codex compares words as text, and only a bare name stands for its paths too.',
  }),
  'advice/rule-word': entry<{ word: string; why: string }>({
    severity: 'warning',
    message: ({ word, why }) => `\`${word}\` is hardly ever a word of a command: ${why}`,
    help: () => 'write one word of the command in each place of the pattern',
    why: 'Codex splits a command line into words and compares them one by one, as text.',
  }),
  'advice/secret': entry<{ what: string }>({
    severity: 'warning',
    message: ({ what }) => `this text holds ${what}`,
    help: () => 'take the secret out of the file, deliver it apart from it, and revoke this one',
    why: 'Every user of the device can read this file, and so can all who handle it on the way.',
  }),
  'advice/shadowed-rule': entry<{ by: string; decision: string }>({
    severity: 'warning',
    message: ({ by, decision }) =>
      `this rule changes nothing: \`${by}\` already says \`${decision}\` for all that it matches`,
    help: () => 'remove it, or correct its pattern',
    why: 'Codex takes the strictest of all rules that match.',
  }),
};
