import { entry, list } from './entry.ts';

/** What can be wrong with policy.yaml itself. */
export const policyCodes = {
  'policy/accept-impossible': entry<{ finding: string }>({
    severity: 'error',
    message: ({ finding }) => `\`${finding}\` cannot be accepted`,
    help: () => 'mend what it reports, or leave out the clients that it names',
    why: 'Only what a client ignores or weakens can be accepted; a refused file, start or session stops Codex on that machine.',
  }),
  'policy/bad-endpoint': entry<{ endpoint: string }>({
    severity: 'error',
    message: ({ endpoint }) => `\`${endpoint}\` is not an endpoint for the relay`,
    help: () => 'write an https URL, an http URL to 127.0.0.1, [::1] or localhost, or `unix:/absolute/path`',
    why: 'Events hold prompts and commands: they travel encrypted, or do not leave the machine.',
  }),
  'policy/bad-proxy': entry<{ proxy: string }>({
    severity: 'error',
    message: ({ proxy }) => `\`${proxy}\` is not a proxy for the relay`,
    help: () => 'write `environment`, `none` or an http or https URL without user and password',
    why: 'The relay hands the proxy to curl and to .NET, which take URLs only.',
  }),
  'policy/bad-range': entry<{ range: string; example: string }>({
    severity: 'error',
    message: ({ range }) => `\`${range}\` is not a range of Codex versions`,
    help: ({ example }) => `write a semver range such as \`${example}\``,
    why: 'The range decides on which clients every statement must hold.',
  }),
  'policy/clients-split': entry<{ range: string; at: readonly string[] }>({
    severity: 'note',
    message: ({ range, at }) =>
      `one requirements.toml cannot serve all of \`${range}\`: what is right for it changes at ${at.join(', ')}`,
    help: ({ at }) =>
      `make one policy for each part of the range, split at ${at.join(' and at ')}, or narrow \`clients\``,
    why: 'A client reads one file whole: where two releases need different contents, they need different files.',
  }),
  'policy/command-windows-missing': entry<Record<never, never>>({
    severity: 'error',
    message: () => 'this command hook has no `command_windows`, and `windows` is one of the platforms',
    help: () => 'write `command_windows` beside `command`, or take `windows` out of `platforms`',
    why: 'Without it Codex hands the POSIX command line to PowerShell, where it fails and the action goes through.',
  }),
  'policy/console-substitution': entry<{ found: string }>({
    severity: 'error',
    message: ({ found }) => `\`${found}\` would be substituted by an MDM console`,
    help: ({ found }) => `take \`${found}\` out of this text`,
    why: 'Jamf, Intune and others replace `$NAME`, `{{name}}` and `%NAME%` in what is uploaded.',
  }),
  'policy/defaults-key': entry<{ key: string }>({
    severity: 'error',
    message: ({ key }) => `\`${key}\` cannot stand in \`defaults\``,
    help: ({ key }) => `set \`${key}\` under \`requirements\` where it is enforced, or remove it`,
    why: 'A default that requirements also decide, or that turns on hooks or features beside them, only misleads.',
  }),
  'policy/duplicate-file': entry<{ name: string }>({
    severity: 'error',
    message: ({ name }) => `two files would be called \`${name}\` on the device`,
    help: () => 'give each file a name of its own; letter case does not tell them apart',
    why: 'The folder device/ is flat, and macOS and Windows disks do not tell case apart.',
  }),
  'policy/duplicate-item': entry<Record<never, never>>({
    severity: 'error',
    message: () => 'the list holds one item twice',
    help: () => 'remove the second one',
    why: 'A repeated item is usually a slip for another one.',
  }),
  'policy/empty': entry<{ what: 'list' | 'text' | 'table'; name: string }>({
    severity: 'error',
    message: ({ what, name }) => `\`${name}\` is an empty ${what}`,
    help: ({ name }) => `give \`${name}\` a value, or remove it where it is optional`,
    why: 'An empty value here decides nothing.',
  }),
  'policy/failure-without-enforce': entry<{ event: string; mode: string }>({
    severity: 'error',
    message: ({ event, mode }) => `\`on_failure: closed\` has no meaning for \`${event}\` with mode \`${mode}\``,
    help: () => 'write `mode: enforce`, or remove `on_failure`',
    why: 'Only a verdict that is waited for can fail closed.',
  }),
  'policy/file-holds-key': entry<{ name: string }>({
    severity: 'warning',
    message: ({ name }) => `\`${name}\` seems to hold a key, and every user of the device can read the file`,
    help: () => 'use a key that can only write, or deliver it apart from the bundle',
    why: 'Hooks run as the user, so the files they use are readable by the user, and so is the bundle by all who handle it.',
  }),
  'policy/file-missing': entry<{ source: string }>({
    severity: 'error',
    message: ({ source }) => `there is no file \`${source}\` beside the policy`,
    help: () => 'put the file there, or correct the path; it is relative to the policy',
    why: 'The bundle ships this file byte for byte.',
  }),
  'policy/hooks-not-pinned': entry<{ flag: string }>({
    severity: 'error',
    message: () => 'users can switch these hooks off: `features` does not pin them',
    help: ({ flag }) => `add \`features: { ${flag}: true }\` to \`requirements\``,
    why: "Without the pin, `[features] hooks = false` in a user's config.toml or `--disable hooks` turns managed hooks off.",
  }),
  'policy/hooks-switched-off': entry<{ flag: string }>({
    severity: 'error',
    message: ({ flag }) => `\`${flag}\` is pinned to false, so none of the hooks would run`,
    help: ({ flag }) => `write \`${flag}: true\`, or remove the hooks and the relay`,
    why: 'A pin of the hooks feature to false switches managed hooks off as well.',
  }),
  'policy/mcp-identity-both': entry<Record<never, never>>({
    severity: 'error',
    message: () => 'an MCP identity is either a `command` or a `url`, and this one has both',
    help: () => 'remove one of them, or make two entries',
    why: 'Codex ignores the url without a word, and a server that matches only the url stays disabled.',
  }),
  'policy/matcher-ignored': entry<{ event: string }>({
    severity: 'error',
    message: ({ event }) => `\`${event}\` has no matcher: Codex drops it and runs the hook always`,
    help: () => 'remove the matcher',
    why: 'The event has nothing that a matcher could be applied to.',
  }),
  'policy/missing-key': entry<{ key: string; parent: string }>({
    severity: 'error',
    message: ({ key, parent }) => (parent === '' ? `\`${key}\` is missing` : `\`${key}\` is missing in \`${parent}\``),
    help: ({ key }) => `add \`${key}\``,
    why: 'The policy cannot be built without it.',
  }),
  'policy/no-release': entry<{ range: string; oldest: string; newest: string }>({
    severity: 'error',
    message: ({ range, oldest, newest }) =>
      `no known release of Codex is in \`${range}\`; known are ${oldest} to ${newest}`,
    help: () => 'write a range that holds at least one of them',
    why: 'A policy for no client enforces nothing.',
  }),
  'policy/nul': entry<Record<never, never>>({
    severity: 'error',
    message: () => 'this text holds a NUL character',
    help: () => 'remove `\\0` or `\\x00` from it',
    why: 'A NUL ends a text for shells and for the system: what stands behind it would be lost.',
  }),
  'policy/number-out-of-range': entry<{ key: string; minimum: number; maximum: number }>({
    severity: 'error',
    message: ({ key, minimum, maximum }) => `\`${key}\` takes a whole number from ${minimum} to ${maximum}`,
    help: () => 'choose a number in that range',
    why: 'The value is outside what the relay can keep to.',
  }),
  'policy/option-not-here': entry<{ option: string; preset: string }>({
    severity: 'error',
    message: ({ option, preset }) => `\`${option}\` has no meaning for the preset \`${preset}\``,
    help: ({ option }) => `remove \`${option}\`, or choose the preset that has it`,
    why: 'An option that does nothing would be believed.',
  }),
  'policy/path-not-absolute': entry<{ path: string; platform: 'posix' | 'windows' }>({
    severity: 'error',
    message: ({ path }) => `\`${path}\` is not an absolute path`,
    help: ({ platform }) =>
      platform === 'posix'
        ? 'write a path that begins with `/` and holds no `.` or `..`'
        : 'write a path such as `C:\\ProgramData\\OpenAI\\Codex\\hooks`, without `.` or `..`',
    why: 'A relative path means another place in every folder that Codex is started in.',
  }),
  'policy/path-not-quotable': entry<{ path: string }>({
    severity: 'error',
    message: ({ path }) => `the relay cannot be started from \`${path}\``,
    help: () => 'write a Windows path of letters, digits, `.`, `_` and `-` between the backslashes, without spaces',
    why: 'PowerShell, cmd and Git Bash agree only on a launch line without quotes.',
  }),
  'policy/preset-clients': entry<{ preset: string; least: string; releases: string }>({
    severity: 'warning',
    message: ({ preset, least, releases }) =>
      `the vendor of the preset \`${preset}\` names Codex ${least} as the least version; \`clients\` has ${releases}`,
    help: ({ least }) => `write \`clients: ">=${least}"\`, or try it on the older clients before you rely on it`,
    why: 'The hooks are set up on older clients as well, but nobody answers for what the vendor makes of their events.',
  }),
  'policy/preset-platform': entry<{ preset: string; platform: string }>({
    severity: 'error',
    message: ({ preset, platform }) => `the preset \`${preset}\` has nothing for \`${platform}\``,
    help: ({ platform }) => `make a policy of its own for \`${platform}\`, or choose another preset`,
    why: 'The vendor of the preset serves other platforms only.',
  }),
  'policy/relay-contradiction': entry<{ key: string }>({
    severity: 'error',
    message: ({ key }) => `the relay needs \`${key}\` to be true, and \`requirements\` says false`,
    help: () => 'set it to true, or remove `relay`',
    why: 'The relay never overwrites what `requirements` says.',
  }),
  'policy/relay-event': entry<{ event: string; nearest: string | undefined }>({
    severity: 'error',
    message: ({ event, nearest }) =>
      `\`${event}\` is not a hook event of Codex${nearest ? `; nearest is \`${nearest}\`` : ''}`,
    help: ({ nearest }) => (nearest ? `write \`${nearest}\`` : 'run `codex-mdm schema policy` for the list of events'),
    why: 'Codex ignores unknown events without a word.',
  }),
  'policy/relay-mode': entry<{ event: string; mode: string; accepted: readonly string[] }>({
    severity: 'error',
    message: ({ event, mode, accepted }) => `\`${event}\` cannot have the mode \`${mode}\`; it takes ${list(accepted)}`,
    help: ({ accepted }) => `write one of ${list(accepted)}`,
    why: 'A denial means something else, or nothing, at this event.',
  }),
  'policy/relay-needs': entry<{ option: string; preset: string }>({
    severity: 'error',
    message: ({ option, preset }) => `the preset \`${preset}\` needs \`${option}\``,
    help: ({ option }) => `add \`relay.${option}\``,
    why: 'The relay cannot work without it.',
  }),
  'policy/relay-timeout': entry<{ event: string; limit: number }>({
    severity: 'error',
    message: ({ event, limit }) => `\`${event}\` gives the relay ${limit} s at most`,
    help: () => 'remove this `timeout`',
    why: 'Codex ends these hooks after its own short limit, whatever the file says.',
  }),
  'policy/remote-sandbox-wider': entry<{ modes: readonly string[] }>({
    severity: 'warning',
    message: ({ modes }) =>
      `hosts that match get ${list(modes)}, which \`allowed_sandbox_modes\` does not allow elsewhere`,
    help: () => 'keep it if that is meant; a matching entry replaces the list, it does not narrow it',
    why: 'The host name is what the machine says of itself: whoever may change it gets the wider list.',
  }),
  'policy/secret': entry<{ what: string }>({
    severity: 'error',
    message: ({ what }) => `this text holds ${what}`,
    help: () =>
      'take the secret out of the policy; deliver it to the device by `relay.auth.token_file` or the MDM, and revoke this one',
    why: 'Policies are kept in git, and everything built from them is readable by every user of the device.',
  }),
  'policy/setting-unknown': entry<{ setting: string; preset: string; known: readonly string[] }>({
    severity: 'error',
    message: ({ setting, preset, known }) =>
      `\`${setting}\` is not a setting of the preset \`${preset}\`${known.length > 0 ? `; it has ${list(known)}` : ', which has none'}`,
    help: () => 'correct or remove it; docs/relay.md names the settings',
    why: 'A setting that nothing reads would be believed.',
  }),
  'policy/shadowed-rule': entry<{ by: string; decision: string }>({
    severity: 'warning',
    message: ({ by, decision }) =>
      `this rule changes nothing: \`${by}\` already says \`${decision}\` for all that it matches`,
    help: () => 'remove it, or correct its pattern',
    why: 'Codex takes the strictest of all rules that match.',
  }),
  'policy/shared-folder': entry<{ path: string }>({
    severity: 'error',
    message: ({ path }) => `\`${path}\` is not a folder that a policy can have for itself`,
    help: () => 'name a folder that holds nothing but hook scripts, such as `/etc/codex/hooks`',
    why: 'The install scripts own the managed directory: they set its rights, and in shared folders that would break others.',
  }),
  'policy/socket-on-windows': entry<Record<never, never>>({
    severity: 'error',
    message: () => 'a unix socket cannot be the endpoint where `windows` is one of the platforms',
    help: () => 'make a policy of its own for Windows, with an https endpoint or http to loopback',
    why: 'The PowerShell relay has no unix sockets: each event would be a failure there.',
  }),
  'policy/source-path': entry<{ source: string }>({
    severity: 'error',
    message: ({ source }) => `\`${source}\` does not stay beside the policy`,
    help: () =>
      'write a path relative to the policy, with `/`, without `..`, and without links that lead out of its folder',
    why: 'A policy from somebody else must not carry files of this machine into a bundle.',
  }),
  'policy/target-platform': entry<{ target: string; platforms: readonly string[] }>({
    severity: 'error',
    message: ({ target, platforms }) => `\`${target}\` serves ${list(platforms)}, none of which is in \`platforms\``,
    help: ({ target }) => `remove \`${target}\`, or add a platform that it serves`,
    why: 'Nothing would be emitted for it.',
  }),
  'policy/text-too-long': entry<{ length: number; limit: number }>({
    severity: 'error',
    message: ({ length, limit }) => `this text has ${length} characters; at most ${limit} are taken`,
    help: () => 'shorten it, or put it into a file of its own',
    why: 'No key of Codex needs a text of that length, and products limit what they carry.',
  }),
  'policy/unknown-key': entry<{ key: string; parent: string; nearest: string | undefined }>({
    severity: 'error',
    message: ({ key, parent, nearest }) =>
      `\`${key}\` is not a key of ${parent === '' ? 'a policy' : `\`${parent}\``}${nearest ? `; nearest is \`${nearest}\`` : ''}`,
    help: ({ nearest }) => (nearest ? `write \`${nearest}\`` : 'remove it'),
    why: 'A key that nothing reads has no effect.',
  }),
  'policy/unknown-value': entry<{ value: string; accepted: readonly string[]; nearest: string | undefined }>({
    severity: 'error',
    message: ({ value, accepted }) => `\`${value}\` is not accepted here; accepted are ${list(accepted)}`,
    help: ({ accepted, nearest }) => (nearest ? `write \`${nearest}\`` : `write one of ${list(accepted)}`),
    why: 'Only the values named have a meaning.',
  }),
  'policy/unused-accept': entry<{ finding: string; path: string }>({
    severity: 'warning',
    message: ({ finding, path }) => `nothing to accept: \`${finding}\` is not found at \`${path}\``,
    help: () => 'remove the entry, or correct `finding` and `path`',
    why: 'An acceptance that outlives its reason would cover the next gap unseen.',
  }),
  'policy/wrong-format': entry<{ found: string; expected: string }>({
    severity: 'error',
    message: ({ found, expected }) => `\`${found}\` is not ${expected}`,
    help: ({ expected }) => `write ${expected}`,
    why: 'The text has a form of its own here.',
  }),
  'policy/wrong-type': entry<{ expected: string; found: string; help: string | undefined }>({
    severity: 'error',
    message: ({ expected, found }) => `expected ${expected}, found ${found}`,
    help: ({ expected, help }) => help ?? `write ${expected}`,
    why: 'A value of another kind would be refused or misread.',
  }),
};
