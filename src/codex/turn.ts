import { type ModelRequest, type ModelStep, startModelServer } from './model-server.ts';
import type { Room, RunResult } from './room.ts';

export interface TurnOptions {
  readonly binary: string;
  /** A folder of this turn's own inside the room, not below its temp folder: there Codex leaves its helper links out. */
  readonly folder: string;
  readonly steps: readonly ModelStep[];
  readonly prompt?: string;
  /** Flags of `codex exec` before the prompt. */
  readonly args?: readonly string[];
  /** TOML after the user's config.toml; tables only. */
  readonly userConfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitSeconds?: number;
}

export interface Turn extends RunResult {
  readonly requests: readonly ModelRequest[];
  /** Paths of the files in the work folder afterwards, sorted. */
  readonly files: readonly string[];
  /** The folder where commands ran. */
  readonly work: string;
}

/** Where a turn's CODEX_HOME and work folder lie. */
export function foldersOf(folder: string): { readonly codexHome: string; readonly work: string } {
  return { codexHome: `${folder}/home`, work: `${folder}/work` };
}

/** The user's config.toml that brings Codex to a mock model and keeps it from waiting for a network. */
export function userConfig(baseUrl: string, work: string): string {
  return `model = "mock-model"
model_provider = "mock"

[model_providers.mock]
name = "mock"
base_url = ${JSON.stringify(baseUrl)}
wire_api = "responses"
requires_openai_auth = false
request_max_retries = 0
stream_max_retries = 0

[projects.${JSON.stringify(work)}]
trust_level = "trusted"

[analytics]
enabled = false

[otel]
exporter = "none"
metrics_exporter = "none"
trace_exporter = "none"

`;
}

/** Runs one whole `codex exec` turn in a room against a scripted model. Files put into its folders before are kept. */
export async function runTurn(room: Room, options: TurnOptions): Promise<Turn> {
  const { codexHome, work } = foldersOf(options.folder);
  const model = startModelServer(await room.listen(), options.steps);
  try {
    await room.makeFolder(work);
    await room.write(`${codexHome}/config.toml`, userConfig(model.baseUrl, work) + (options.userConfig ?? ''));
    const args = ['exec', '--skip-git-repo-check', ...(options.args ?? []), options.prompt ?? 'Do the task.'];
    const result = await room.run(options.binary, args, {
      cwd: work,
      env: { CODEX_HOME: codexHome, ...options.env },
      ...(options.limitSeconds === undefined ? {} : { limitSeconds: options.limitSeconds }),
    });
    return { ...result, requests: model.requests, files: await room.list(work), work };
  } finally {
    model.close();
  }
}
