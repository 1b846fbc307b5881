import type { CodexVersion } from '../contract/version.ts';
import type { DataTable } from '../source/document.ts';

export const platforms = ['macos', 'windows', 'linux'] as const;
export type Platform = (typeof platforms)[number];

export type RelayPreset = 'generic' | 'mintmcp' | 'akto' | 'agent-hooks' | 'custom';
export type RelayMode = 'observe' | 'enforce' | 'replace' | 'continue';

/** What the relay does at one event. Seconds are whole and at least 1. */
export interface RelayEvent {
  readonly mode: RelayMode;
  readonly onFailure: 'open' | 'closed';
  /** The hook group's matcher; undefined = none, which matches all. */
  readonly matcher: string | undefined;
  /** The whole exchange with the collector. */
  readonly timeoutSeconds: number;
  /** The hook's own limit in requirements.toml: 5 s above the exchange's, 1 s on SessionEnd and Interrupt. */
  readonly hookTimeoutSeconds: number;
}

export interface RelayPolicy {
  readonly preset: RelayPreset;
  /** https URL, http URL to loopback, or `unix:/absolute/path`; `{token}` in it is replaced on the device. */
  readonly endpoint: string | undefined;
  /** By Codex's event name, in the contract's order of events. */
  readonly events: ReadonlyMap<string, RelayEvent>;
  readonly auth:
    | {
        readonly tokenFile: { readonly posix: string | undefined; readonly windows: string | undefined };
        readonly header: string;
        /** '' for none. */
        readonly scheme: string;
      }
    | undefined;
  /** Source path relative to the policy. */
  readonly caFile: string | undefined;
  /** 'environment', 'none' or a URL. */
  readonly proxy: string;
  readonly spool: { readonly maxEvents: number; readonly maxBytes: number; readonly maxAgeSeconds: number };
  readonly payload: { readonly content: 'full' | 'metadata'; readonly maxBytes: number };
  readonly identity: readonly ('user' | 'host' | 'serial')[];
  /** Never empty. */
  readonly userMessage: string;
  readonly windowsGuard: 'none' | 'encoded';
  /** Text values of the preset, in sorted order of names. */
  readonly settings: Readonly<Record<string, string>>;
  /** Preset mintmcp: the vendor's script, relative to the policy. */
  readonly script: string | undefined;
  /** Presets custom and agent-hooks. */
  readonly command: { readonly posix: string | undefined; readonly windows: string | undefined } | undefined;
  readonly log: 'off' | 'errors' | 'events';
}

/** The compiler's view of policy.yaml: short forms expanded, defaults applied, everything checked. */
export interface Policy {
  readonly name: string;
  readonly description: string;
  readonly organization: { readonly name: string; readonly identifier: string };
  readonly policyVersion: string;
  readonly clients: Clients;
  readonly platforms: readonly Platform[];
  /** Codex's keys in Codex's own form, as the administrator wrote them (without the relay's additions). */
  readonly requirements: DataTable;
  readonly relay: RelayPolicy | undefined;
  readonly files: readonly {
    readonly source: string;
    readonly name: string;
    readonly platforms: readonly Platform[];
  }[];
  readonly defaults: DataTable | undefined;
  readonly accept: readonly { readonly finding: string; readonly path: string; readonly reason: string }[];
  /** Names of the products; undefined = all that fit the platforms. */
  readonly targets: readonly string[] | undefined;
}

/** The Codex releases of a fleet: the range as written and the known releases in it, oldest first, at least one. */
export interface Clients {
  readonly range: string;
  readonly releases: readonly CodexVersion[];
  readonly from: CodexVersion;
  readonly to: CodexVersion;
  /** The range has no upper end: releases after the newest known one were not judged. */
  readonly open: boolean;
}
