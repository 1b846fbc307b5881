import type { Contract } from '../contract/contract.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { shorten } from '../source/describe.ts';
import {
  type Data,
  type DataTable,
  isArray,
  isTable,
  type KeyPath,
  locate,
  type ParsedDocument,
  valueAt,
} from '../source/document.ts';
import { secretIn } from '../source/secrets.ts';
import {
  isPosixPath,
  isReservedName,
  isSharedFolder,
  isSourcePath,
  isUnquotedWindowsPath,
  isWindowsPath,
} from './paths.ts';
import type { Policy } from './policy.ts';
import { checkPrefixRules } from './prefix-rules.ts';

/** What every rule sees. Paths are those of policy.yaml. */
export interface Rules {
  readonly document: ParsedDocument;
  readonly policy: Policy;
  readonly contract: Contract;
  /** The flag by which these clients pin hooks. */
  readonly hooksFlag: string;
  /** The policy's own pin of the hooks feature, path below `requirements`. */
  readonly pin: { readonly path: KeyPath; readonly value: Data } | undefined;
}

/** The longest text of a policy, in UTF-16 units: what the TOML reader can take again with room to spare. */
const maxTextLength = 100_000;

/** What no text of a policy may be, keys included, also in a policy that is broken elsewhere: a secret, with NUL, endless. */
export function checkTexts(document: ParsedDocument): Diagnostic[] {
  const found: Diagnostic[] = [];
  const look = (text: string, path: KeyPath, part: 'key' | 'value'): void => {
    const place = { location: locate(document, path, part), path };
    const what = secretIn(text);
    if (what) found.push(diagnostic('policy/secret', place, { what }));
    if (text.includes('\0')) found.push(diagnostic('policy/nul', place, {}));
    if (text.length > maxTextLength)
      found.push(diagnostic('policy/text-too-long', place, { length: text.length, limit: maxTextLength }));
  };
  const walk = (value: Data, path: KeyPath): void => {
    if (typeof value === 'string') look(value, path, 'value');
    else if (isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    else if (isTable(value))
      for (const [key, member] of Object.entries(value)) {
        look(key, [...path, key], 'key');
        walk(member, [...path, key]);
      }
  };
  walk(document.value, []);
  return found;
}

/** The rules over more than one key of a policy, and those of `build` that are stricter than Codex. */
export function checkPolicy(rules: Rules): Diagnostic[] {
  return [
    ...consoleTexts(rules),
    ...managedDirs(rules),
    ...hooksPinned(rules),
    ...hookGroups(rules),
    ...mcpIdentities(rules),
    ...defaultsKeys(rules),
    ...widerHosts(rules),
    ...fileNames(rules),
    ...checkPrefixRules(rules.document, rules.policy.requirements),
  ];
}

function at(
  rules: Rules,
  path: KeyPath,
  part: 'key' | 'value' = 'value',
): { location: Diagnostic['location']; path: KeyPath } {
  return { location: locate(rules.document, path, part), path };
}

function consoleTexts(rules: Rules): Diagnostic[] {
  return [['organization', 'name'], ['description'], ['policy_version']].flatMap((path) => {
    const text = valueAt(rules.document.value, path);
    const found = typeof text === 'string' ? /\$|\{\{|\}\}|%/.exec(text)?.[0] : undefined;
    return found ? [diagnostic('policy/console-substitution', at(rules, path), { found })] : [];
  });
}

function managedDirs(rules: Rules): Diagnostic[] {
  const { policy } = rules;
  const hooks = policy.requirements['hooks'];
  const sides = [
    { key: 'managed_dir', platform: 'posix', isPath: isPosixPath },
    { key: 'windows_managed_dir', platform: 'windows', isPath: isWindowsPath },
  ] as const;
  return sides.flatMap(({ key, platform, isPath }) => {
    const value = isTable(hooks) ? hooks[key] : undefined;
    if (typeof value !== 'string') return [];
    const place = at(rules, ['requirements', 'hooks', key]);
    const path = shorten(value);
    if (!isPath(value)) return [diagnostic('policy/path-not-absolute', place, { path, platform })];
    if (isSharedFolder(value)) return [diagnostic('policy/shared-folder', place, { path })];
    const isLaunched = platform === 'windows' && policy.relay !== undefined && policy.platforms.includes('windows');
    return isLaunched && !isUnquotedWindowsPath(value) ? [diagnostic('policy/path-not-quotable', place, { path })] : [];
  });
}

/** The event tables below `hooks`: all but the managed directories. */
function eventTables(requirements: DataTable): [string, Data][] {
  const hooks = requirements['hooks'];
  return isTable(hooks)
    ? Object.entries(hooks).filter(([key]) => key !== 'managed_dir' && key !== 'windows_managed_dir')
    : [];
}

function hooksPinned({ document, policy, hooksFlag, pin }: Rules): Diagnostic[] {
  const hasHooks = eventTables(policy.requirements).length > 0;
  if (!hasHooks && !policy.relay) return [];
  const related = policy.relay
    ? [{ message: 'the relay is asked for here', location: locate(document, ['relay'], 'key') }]
    : [];
  if (pin?.value === false) {
    const path = ['requirements', ...pin.path];
    const place = { location: locate(document, path, 'value'), path, related };
    const flag = pin.path.join('.');
    return [
      policy.relay
        ? diagnostic('policy/relay-contradiction', place, { key: flag })
        : diagnostic('policy/hooks-switched-off', place, { flag }),
    ];
  }
  if (pin || policy.relay) return [];
  const path = ['requirements', 'hooks'];
  return [
    diagnostic('policy/hooks-not-pinned', { location: locate(document, path, 'key'), path }, { flag: hooksFlag }),
  ];
}

function hookGroups(rules: Rules): Diagnostic[] {
  const { policy, contract } = rules;
  const withoutMatcher = [...contract.events].filter(([, fact]) => fact.matcher === false).map(([name]) => name);
  return eventTables(policy.requirements).flatMap(([event, groups]) =>
    (isArray(groups) ? groups : []).flatMap((group, index) => {
      const path = ['requirements', 'hooks', event, index];
      const matcher = isTable(group) ? group['matcher'] : undefined;
      // "*" and "" match all, as no matcher does.
      const dropped =
        typeof matcher === 'string' && matcher !== '*' && matcher !== '' && withoutMatcher.includes(event);
      return [
        ...(dropped ? [diagnostic('policy/matcher-ignored', at(rules, [...path, 'matcher'], 'key'), { event })] : []),
        ...(policy.platforms.includes('windows') ? windowsCommands(rules, group, path) : []),
      ];
    }),
  );
}

function windowsCommands(rules: Rules, group: Data, path: KeyPath): Diagnostic[] {
  const handlers = isTable(group) ? group['hooks'] : undefined;
  return (isArray(handlers) ? handlers : []).flatMap((handler, index) => {
    const lacks =
      isTable(handler) &&
      handler['type'] === 'command' &&
      handler['command_windows'] === undefined &&
      handler['commandWindows'] === undefined;
    return lacks ? [diagnostic('policy/command-windows-missing', at(rules, [...path, 'hooks', index]), {})] : [];
  });
}

function mcpIdentities(rules: Rules): Diagnostic[] {
  const { requirements } = rules.policy;
  const plugins = requirements['plugins'];
  const tables: [KeyPath, Data | undefined][] = [
    [['mcp_servers'], requirements['mcp_servers']],
    ...(isTable(plugins) ? Object.keys(plugins) : []).map((plugin): [KeyPath, Data | undefined] => {
      const path = ['plugins', plugin, 'mcp_servers'];
      return [path, valueAt(requirements, path)];
    }),
  ];
  return tables.flatMap(([path, servers]) =>
    Object.keys(isTable(servers) ? servers : {}).flatMap((id) => {
      const identity = valueAt(requirements, [...path, id, 'identity']);
      const both = isTable(identity) && identity['command'] !== undefined && identity['url'] !== undefined;
      return both
        ? [
            diagnostic(
              'policy/mcp-identity-both',
              at(rules, ['requirements', ...path, id, 'identity', 'url'], 'key'),
              {},
            ),
          ]
        : [];
    }),
  );
}

function defaultsKeys(rules: Rules): Diagnostic[] {
  const refused = new Set([
    'hooks',
    'features',
    'approval_policy',
    'sandbox_mode',
    ...Object.keys(rules.policy.requirements),
  ]);
  return Object.keys(rules.policy.defaults ?? {})
    .filter((key) => refused.has(key))
    .map((key) => diagnostic('policy/defaults-key', at(rules, ['defaults', key], 'key'), { key }));
}

function widerHosts(rules: Rules): Diagnostic[] {
  const { remote_sandbox_config: entries, allowed_sandbox_modes: everywhere } = rules.policy.requirements;
  if (!isArray(entries) || !isArray(everywhere)) return [];
  return entries.flatMap((entry, index) => {
    const modes = isTable(entry) ? entry['allowed_sandbox_modes'] : undefined;
    const wider = isArray(modes)
      ? modes.filter((mode): mode is string => typeof mode === 'string' && !everywhere.includes(mode))
      : [];
    const path = ['requirements', 'remote_sandbox_config', index, 'allowed_sandbox_modes'];
    return wider.length > 0 ? [diagnostic('policy/remote-sandbox-wider', at(rules, path), { modes: wider })] : [];
  });
}

/** Names that the bundle uses itself. */
const ownNames = ['requirements.toml', 'config.toml', 'codex-relay', 'codex-relay.ps1', 'codex-relay-ca.pem'];

function fileNames(rules: Rules): Diagnostic[] {
  const seen = new Set(ownNames);
  return rules.policy.files.flatMap((file, index) => {
    const found: Diagnostic[] = [];
    const name = file.name.toLowerCase();
    if (seen.has(name))
      found.push(diagnostic('policy/duplicate-file', at(rules, ['files', index, 'name']), { name: file.name }));
    seen.add(name);
    if (isReservedName(name))
      found.push(
        diagnostic('policy/wrong-format', at(rules, ['files', index, 'name']), {
          found: file.name,
          expected: 'a file name that Windows can hold',
        }),
      );
    return found;
  });
}

/** The files that a policy names, with the path of the key that names each: all must stay beside the policy. */
export function sourceFiles(policy: Policy): { readonly source: string; readonly path: KeyPath }[] {
  return [
    ...policy.files.map((file, index) => ({ source: file.source, path: ['files', index, 'source'] })),
    ...(policy.relay?.caFile === undefined ? [] : [{ source: policy.relay.caFile, path: ['relay', 'tls', 'ca_file'] }]),
    ...(policy.relay?.script === undefined ? [] : [{ source: policy.relay.script, path: ['relay', 'script'] }]),
  ];
}

/** Refuses sources that would leave the policy's folder. */
export function checkSources(document: ParsedDocument, policy: Policy): Diagnostic[] {
  return sourceFiles(policy)
    .filter(({ source }) => !isSourcePath(source))
    .map(({ source, path }) =>
      diagnostic(
        'policy/source-path',
        { location: locate(document, path, 'value'), path },
        { source: shorten(source) },
      ),
    );
}
