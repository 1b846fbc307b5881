import type { Platform, RelayMode, RelayPreset } from './policy.ts';

/** What a preset of the relay takes beside the options that all have. */
export interface PresetOptions {
  readonly needs: readonly ('endpoint' | 'script' | 'command')[];
  readonly takes: readonly ('endpoint' | 'script' | 'command')[];
  /** Names of `relay.settings`. */
  readonly settings: readonly string[];
  /** Where the vendor's part runs. */
  readonly platforms: readonly Platform[];
  /** The events when the policy writes none; undefined = observe every event that all clients know. */
  readonly events?: Readonly<Record<string, { readonly mode: RelayMode; readonly matcher?: string }>>;
  /** The time limit when the policy writes none. */
  readonly timeout: string;
}

const everywhere: readonly Platform[] = ['macos', 'windows', 'linux'];

/** One row for each preset that this release can build; docs/relay.md says more. */
export const presets: { readonly [P in RelayPreset]?: PresetOptions } = {
  generic: { needs: ['endpoint'], takes: ['endpoint'], settings: [], platforms: everywhere, timeout: '5s' },
  mintmcp: {
    needs: ['script'],
    takes: ['script'],
    settings: ['MINTMCP_USER'],
    platforms: ['macos', 'linux'],
    // As the vendor's documentation of a managed deployment has it.
    events: {
      PreToolUse: { mode: 'observe', matcher: '*' },
      PostToolUse: { mode: 'observe', matcher: '*' },
      UserPromptSubmit: { mode: 'observe' },
    },
    timeout: '600s',
  },
  'agent-hooks': {
    needs: ['command'],
    takes: ['command'],
    settings: ['AGENT_HOOK_CODEX_EXECPOLICY_MODEL', 'AGENT_HOOK_CODEX_EXECPOLICY_RULES'],
    platforms: everywhere,
    events: { PreToolUse: { mode: 'enforce', matcher: '^Bash$' } },
    timeout: '30s',
  },
  custom: { needs: ['command'], takes: ['command'], settings: [], platforms: everywhere, timeout: '5s' },
};
