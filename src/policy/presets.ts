import type { Platform, RelayMode, RelayPreset } from './policy.ts';

type Option = 'endpoint' | 'script' | 'command';

/** What a preset of the relay takes beside the options that all have. */
export interface PresetOptions {
  /** One list for each way to use the preset: all options of one of them must be there, and no other option. */
  readonly ways: readonly (readonly Option[])[];
  /** Names of `relay.settings`, each with what it may be. */
  readonly settings: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>>;
  /** Where the vendor's part runs. */
  readonly platforms: readonly Platform[];
  /** The least Codex version that the vendor names. */
  readonly leastCodex?: string;
  /** The events when the policy writes none; undefined = observe every event that all clients know. */
  readonly events?: Readonly<Record<string, { readonly mode: RelayMode; readonly matcher?: string }>>;
  /** The time limit when the policy writes none. */
  readonly timeout: string;
  /** The word before the token when the policy writes none. */
  readonly scheme: string;
}

const everywhere: readonly Platform[] = ['macos', 'windows', 'linux'];
const anyText = { pattern: /^/, expected: 'a text' };
const word = { pattern: /^[A-Za-z0-9_.-]+$/, expected: 'a word of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`' };

/** One row for each preset; docs/relay.md says more. */
export const presets: { readonly [P in RelayPreset]: PresetOptions } = {
  generic: { ways: [['endpoint']], settings: {}, platforms: everywhere, timeout: '5s', scheme: 'Bearer' },
  mintmcp: {
    ways: [['script'], ['endpoint']],
    settings: { MINTMCP_USER: anyText },
    platforms: ['macos', 'linux'],
    leastCodex: '0.141.0',
    // As the vendor's documentation of a managed deployment has it.
    events: {
      PreToolUse: { mode: 'observe', matcher: '*' },
      PostToolUse: { mode: 'observe', matcher: '*' },
      UserPromptSubmit: { mode: 'observe' },
    },
    timeout: '600s',
    scheme: 'Bearer',
  },
  akto: {
    ways: [['endpoint']],
    settings: {
      MODE: { pattern: /^(?:argus|atlas)$/, expected: '`argus` or `atlas`' },
      AKTO_CONNECTOR: word,
      CONTEXT_SOURCE: word,
    },
    platforms: everywhere,
    // The vendor's hooks in its sync mode.
    events: {
      SessionStart: { mode: 'observe' },
      UserPromptSubmit: { mode: 'enforce' },
      PreToolUse: { mode: 'enforce' },
      PostToolUse: { mode: 'replace' },
      Stop: { mode: 'continue' },
    },
    timeout: '5s',
    scheme: '',
  },
  'agent-hooks': {
    ways: [['command']],
    settings: { AGENT_HOOK_CODEX_EXECPOLICY_MODEL: anyText, AGENT_HOOK_CODEX_EXECPOLICY_RULES: anyText },
    platforms: everywhere,
    events: { PreToolUse: { mode: 'enforce', matcher: '^Bash$' }, Stop: { mode: 'observe' } },
    timeout: '30s',
    scheme: 'Bearer',
  },
  custom: { ways: [['command']], settings: {}, platforms: everywhere, timeout: '5s', scheme: 'Bearer' },
};

/** MintMCP without its script: the relay asks by itself, and waits for the answer as the vendor's script does. */
const mintmcpByAddress: PresetOptions = {
  ...presets.mintmcp,
  settings: {},
  events: {
    PreToolUse: { mode: 'enforce', matcher: '*' },
    PostToolUse: { mode: 'replace', matcher: '*' },
    UserPromptSubmit: { mode: 'enforce' },
  },
  timeout: '5s',
};

/** The row of a preset, for a policy that has an `endpoint` or not. */
export function presetOptions(preset: RelayPreset, hasEndpoint: boolean): PresetOptions {
  return preset === 'mintmcp' && hasEndpoint ? mintmcpByAddress : presets[preset];
}
