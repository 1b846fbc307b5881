import { askCodex } from './observe.ts';
import type { Scene } from './scene.ts';
import { type Statement, textsAt, valueAt } from './statements.ts';

/** What a host's Codex may do: the modes that it reports, and whether a command could write in workspace-write. */
export interface SandboxFacts {
  readonly modes: readonly string[] | undefined;
  readonly writes: boolean;
}

/** Asks Codex, and tries. */
export async function sandboxOf(on: Scene, binary: string): Promise<SandboxFacts> {
  const { requirements } = await askCodex(on, binary);
  const turn = await on.turn([{ calls: [{ kind: 'shell', command: 'touch written' }] }]);
  return { modes: textsAt(requirements, ['allowedSandboxModes']), writes: turn.files.includes('written') };
}

/** What these modes should come to. */
export function expectedSandbox(modes: readonly string[] | undefined): SandboxFacts {
  return { modes, writes: modes === undefined || modes.includes('workspace-write') };
}

/** The statements of which each one alone keeps --yolo from full access. */
export function statementsAgainstYolo(requirements: unknown): Statement[] {
  const modes = textsAt(requirements, ['allowed_sandbox_modes']);
  const denied = valueAt(requirements, ['permissions', 'filesystem', 'deny_read']);
  return [
    ...(modes && !modes.includes('danger-full-access') ? [['allowed_sandbox_modes']] : []),
    ...(Array.isArray(denied) && denied.length > 0 ? [['permissions', 'filesystem', 'deny_read']] : []),
  ];
}

export type YoloOutcome = 'refused' | 'confined to the sandbox' | 'full access';

/** `codex exec --yolo` with a command that writes outside every sandbox. */
export async function tryYolo(on: Scene): Promise<YoloOutcome> {
  const file = '/room/yolo-wrote';
  const turn = await on.turn([{ calls: [{ kind: 'shell', command: `touch ${file}` }] }], { args: ['--yolo'] });
  if (turn.exitCode === 1 && turn.requests.length === 0) return 'refused';
  return (await on.room.read(file)) === undefined ? 'confined to the sandbox' : 'full access';
}

/**
 * --yolo asks for approval `never`, which Codex refuses together with a sandbox that it would have to narrow. Where the
 * policy does not allow `never` either, Codex falls back to an approval that is allowed, and starts in the sandbox
 * (0.133.0, 0.141.0, 0.169.0).
 */
export function yoloOutcome(requirements: unknown): YoloOutcome {
  const approvals = valueAt(requirements, ['allowed_approval_policies']);
  return !Array.isArray(approvals) || approvals.includes('never') ? 'refused' : 'confined to the sandbox';
}
