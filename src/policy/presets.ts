import type { Platform, RelayPreset } from './policy.ts';

/** What a preset of the relay takes beside the options that all have. */
export interface PresetOptions {
  readonly needs: readonly ('endpoint' | 'script' | 'command')[];
  readonly takes: readonly ('endpoint' | 'script' | 'command')[];
  /** Names of `relay.settings`. */
  readonly settings: readonly string[];
  /** Where the vendor's part runs. */
  readonly platforms: readonly Platform[];
}

const everywhere: readonly Platform[] = ['macos', 'windows', 'linux'];

/** One row for each preset that this release can build; docs/relay.md says more. */
export const presets: { readonly [P in RelayPreset]?: PresetOptions } = {
  generic: { needs: ['endpoint'], takes: ['endpoint'], settings: [], platforms: everywhere },
  mintmcp: { needs: ['script'], takes: ['script'], settings: ['MINTMCP_USER'], platforms: ['macos', 'linux'] },
  'agent-hooks': {
    needs: ['command'],
    takes: ['command'],
    settings: ['AGENT_HOOK_CODEX_EXECPOLICY_MODEL', 'AGENT_HOOK_CODEX_EXECPOLICY_RULES'],
    platforms: everywhere,
  },
  custom: { needs: ['command'], takes: ['command'], settings: [], platforms: everywhere },
};
