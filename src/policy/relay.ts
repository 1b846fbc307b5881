import { type Contract, type Fact, isEnforcedOn } from '../contract/contract.ts';
import { selectReleases } from '../contract/select.ts';
import { formatReleases } from '../contract/version.ts';
import { type Diagnostic, diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.ts';
import { shorten } from '../source/describe.ts';
import { type KeyPath, locate, type ParsedDocument } from '../source/document.ts';
import { nearest } from '../source/suggest.ts';
import { durationSeconds, sizeBytes } from './expand.ts';
import { isPosixPath, isWindowsPath } from './paths.ts';
import type { PolicySource } from './policy.gen.ts';
import type { Clients, Platform, RelayEvent, RelayMode, RelayPolicy } from './policy.ts';
import { type PresetOptions, presetOptions } from './presets.ts';

type RelaySource = NonNullable<PolicySource['relay']>;

interface Context {
  readonly document: ParsedDocument;
  readonly contract: Contract;
  readonly clients: Clients;
  readonly platforms: readonly Platform[];
  readonly name: string;
}

/** The events at which a mode other than `observe` means something. */
const modes: Readonly<Record<string, RelayMode>> = {
  UserPromptSubmit: 'enforce',
  PreToolUse: 'enforce',
  PermissionRequest: 'enforce',
  SessionStart: 'enforce',
  PreCompact: 'enforce',
  PostToolUse: 'replace',
  Stop: 'continue',
  SubagentStop: 'continue',
};

/** Codex ends these hooks after one second, whatever a handler's timeout says (hooks-runtime: SessionEnd, Interrupt). */
const oneSecondEvents: readonly string[] = ['SessionEnd', 'Interrupt'];

/** The hook's own limit stands this much above the exchange's, because Codex's time-out always lets through. */
const marginSeconds = 5;

/** The `relay` section with its defaults, and what is wrong with it. */
export function readRelay(source: RelaySource, context: Context): Result<RelayPolicy> {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (code, path, args, part = 'value') => {
    const full: KeyPath = ['relay', ...path];
    diagnostics.push(diagnostic(code, { location: locate(context.document, full, part), path: full }, args));
  };
  const preset = source.preset ?? 'generic';
  const options = presetOptions(preset, source.endpoint !== undefined);
  checkPreset(source, preset, options, context, report);
  checkPaths(source, context.platforms, report);
  if (
    source.endpoint !== undefined &&
    (!isEndpoint(source.endpoint) || (preset === 'akto' && /[?#]/.test(source.endpoint)))
  )
    report('policy/bad-endpoint', ['endpoint'], { endpoint: shorten(source.endpoint) });
  if (source.endpoint?.startsWith('unix:') && context.platforms.includes('windows'))
    report('policy/socket-on-windows', ['endpoint'], {});
  if (source.endpoint?.includes('{token}') && !source.auth)
    report('policy/relay-needs', ['endpoint'], { option: 'auth', preset });
  if (source.user_message !== undefined && !/[\p{L}\p{N}\p{P}\p{S}]/u.test(source.user_message))
    report('policy/empty', ['user_message'], { what: 'text', name: 'user_message' });
  if (source.proxy !== undefined && !isProxy(source.proxy))
    report('policy/bad-proxy', ['proxy'], { proxy: shorten(source.proxy) });
  const events = readEvents(source, options, context, report);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };

  const value: RelayPolicy = {
    preset,
    endpoint: source.endpoint,
    events,
    auth: source.auth && {
      tokenFile: { posix: source.auth.token_file.posix, windows: source.auth.token_file.windows },
      header: source.auth.header ?? 'Authorization',
      scheme: source.auth.scheme ?? options.scheme,
    },
    caFile: source.tls?.ca_file,
    proxy: source.proxy ?? 'environment',
    spool: {
      maxEvents: source.spool?.max_events ?? 1000,
      maxBytes: bytes(source.spool?.max_bytes ?? '50MiB'),
      maxAgeSeconds: secondsOf(source.spool?.max_age ?? '7d'),
    },
    payload: { content: source.payload?.content ?? 'full', maxBytes: bytes(source.payload?.max_bytes ?? '1MiB') },
    identity: source.identity ?? ['user', 'host', 'serial'],
    userMessage: source.user_message ?? `Blocked by policy ${context.name}.`,
    windowsGuard: source.windows_guard ?? 'none',
    settings: Object.fromEntries(Object.entries(source.settings ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
    script: source.script,
    command: source.command && { posix: source.command.posix, windows: source.command.windows },
    log: source.log ?? 'off',
  };
  return { value, diagnostics };
}

type Report = <C extends Parameters<typeof diagnostic>[0]>(
  code: C,
  path: KeyPath,
  args: Parameters<typeof diagnostic<C>>[2],
  part?: 'key' | 'value',
) => void;

function checkPreset(
  source: RelaySource,
  preset: RelayPolicy['preset'],
  options: PresetOptions,
  { platforms, clients, contract }: Context,
  report: Report,
): void {
  for (const platform of platforms)
    if (!options.platforms.includes(platform)) report('policy/preset-platform', ['preset'], { preset, platform });
  if (options.leastCodex !== undefined) {
    const served = selectReleases([`>=${options.leastCodex}`], contract);
    const older = clients.releases.filter((version) => 'releases' in served && !served.releases.includes(version));
    const registry = contract.releases.map(({ version }) => version);
    if (older.length > 0)
      report('policy/preset-clients', ['preset'], {
        preset,
        least: options.leastCodex,
        releases: formatReleases(older, registry),
      });
  }
  const [first = []] = options.ways;
  const chosen = options.ways.find((way) => way.every((option) => source[option] !== undefined));
  for (const option of first)
    if (!chosen && source[option] === undefined) report('policy/relay-needs', [], { option, preset }, 'key');
  for (const option of ['endpoint', 'script', 'command'] as const)
    if (source[option] !== undefined && !(chosen ?? options.ways.flat()).includes(option))
      report('policy/option-not-here', [option], { option, preset }, 'key');
  for (const [name, value] of Object.entries(source.settings ?? {})) {
    const setting = Object.hasOwn(options.settings, name) ? options.settings[name] : undefined;
    if (!setting)
      report(
        'policy/setting-unknown',
        ['settings', name],
        { setting: shorten(name), preset, known: Object.keys(options.settings) },
        'key',
      );
    else if (!setting.pattern.test(value))
      report('policy/wrong-format', ['settings', name], { found: shorten(value), expected: setting.expected });
  }
}

/** Each platform of the policy needs its own absolute path for the token and the command. */
function checkPaths(source: RelaySource, platforms: readonly Platform[], report: Report): void {
  const preset = source.preset ?? 'generic';
  const sides = [
    { side: 'posix', needed: platforms.some((platform) => platform !== 'windows'), isPath: isPosixPath },
    { side: 'windows', needed: platforms.includes('windows'), isPath: isWindowsPath },
  ] as const;
  for (const { side, needed, isPath } of sides) {
    const places = [
      { path: ['auth', 'token_file'], table: source.auth?.token_file, required: true },
      { path: ['command'], table: source.command, required: preset === 'custom' },
    ];
    for (const { path, table, required } of places) {
      const value = table?.[side];
      if (table && needed && required && value === undefined)
        report('policy/relay-needs', path, { option: [...path, side].join('.'), preset }, 'key');
      if (value !== undefined && !isPath(value))
        report('policy/path-not-absolute', [...path, side], { path: shorten(value), platform: side });
    }
  }
}

function readEvents(
  source: RelaySource,
  options: PresetOptions,
  context: Context,
  report: Report,
): ReadonlyMap<string, RelayEvent> {
  const known = context.contract.events;
  const timeoutSeconds = secondsOf(source.timeout ?? options.timeout);
  const own = options.events;
  if (!source.events && own)
    return new Map(
      Object.entries(own).map(([name, { mode, matcher }]) => [
        name,
        relayEvent(name, mode, 'open', matcher, timeoutSeconds),
      ]),
    );
  if (!source.events)
    return new Map(
      [...known]
        .filter(([, fact]) => isEnforcedOn(fact, context.clients.releases))
        .map(([name]) => [name, relayEvent(name, 'observe', 'open', undefined, timeoutSeconds)]),
    );
  const names = [...known.keys()];
  for (const name of Object.keys(source.events))
    if (!names.includes(name))
      report('policy/relay-event', ['events', name], { event: shorten(name), nearest: nearest(name, names) }, 'key');
  const events = new Map<string, RelayEvent>();
  for (const [name, fact] of known) {
    const written = Object.hasOwn(source.events, name) ? source.events[name] : undefined;
    if (written !== undefined) events.set(name, readEvent(name, fact, written, timeoutSeconds, report));
  }
  return events;
}

function readEvent(
  name: string,
  fact: Fact,
  written: NonNullable<RelaySource['events']>[string],
  relayTimeout: number,
  report: Report,
): RelayEvent {
  const form = (typeof written === 'string' ? { mode: written } : written) as {
    readonly mode: RelayMode;
    readonly on_failure?: 'open' | 'closed';
    readonly matcher?: string;
    readonly timeout?: string;
  };
  const accepted = ['observe', ...(modes[name] ? [modes[name]] : [])];
  if (!accepted.includes(form.mode))
    report('policy/relay-mode', ['events', name], { event: name, mode: form.mode, accepted });
  if (form.on_failure === 'closed' && form.mode !== 'enforce')
    report('policy/failure-without-enforce', ['events', name, 'on_failure'], { event: name, mode: form.mode });
  if (form.matcher !== undefined && fact.matcher === false)
    report('policy/matcher-ignored', ['events', name, 'matcher'], { event: name }, 'key');
  const timeout = form.timeout === undefined ? relayTimeout : secondsOf(form.timeout);
  if (form.timeout !== undefined && oneSecondEvents.includes(name) && timeout > 1)
    report('policy/relay-timeout', ['events', name, 'timeout'], { event: name, limit: 1 });
  return relayEvent(name, form.mode, form.on_failure ?? 'open', form.matcher, timeout);
}

function relayEvent(
  name: string,
  mode: RelayMode,
  onFailure: 'open' | 'closed',
  matcher: string | undefined,
  seconds: number,
): RelayEvent {
  const short = oneSecondEvents.includes(name);
  return {
    mode,
    onFailure,
    matcher,
    timeoutSeconds: short ? 1 : seconds,
    hookTimeoutSeconds: short ? 1 : seconds + marginSeconds,
  };
}

/** https anywhere, http to this machine only, or the socket of a local agent; printable ASCII, no user or password. */
function isEndpoint(text: string): boolean {
  if (/^unix:/.test(text)) return isPosixPath(text.slice('unix:'.length));
  const url = parseUrl(text.replaceAll('{token}', 'token'));
  if (!url || /[{}]/.test(text.replaceAll('{token}', ''))) return false;
  if (url.protocol === 'https:') return true;
  return url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

function isProxy(text: string): boolean {
  const url = parseUrl(text);
  return text === 'environment' || text === 'none' || (url !== undefined && /^https?:$/.test(url.protocol));
}

function parseUrl(text: string): URL | undefined {
  if (!/^https?:\/\/[^/?#]+/.test(text) || /[^!-~]|["'<>\\^`|]/.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.hash === '' ? url : undefined;
}

function secondsOf(duration: string): number {
  const value = durationSeconds(duration);
  if (value === undefined) throw new Error('unreachable: the schema lets only durations through');
  return Number(value);
}

function bytes(size: string): number {
  const value = sizeBytes(size);
  if (value === undefined) throw new Error('unreachable: the schema lets only sizes through');
  return value;
}
