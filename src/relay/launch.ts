import { psLiteral, shLiteral } from '../artifacts/script.ts';
import type { RelayEvent } from '../policy/policy.ts';
import { jsonText } from './message.ts';

/**
 * Launch lines: what Codex hands to the account's login shell. Every word of a POSIX line is quoted, so that no alias
 * of ~/.zshenv rewrites it; the paths are absolute; the texts of the policy are arguments of the guard and never a part
 * of it. The relay runs in a subshell of the guard and ends it with 10 (let through) or 11 (denied). Any other end is
 * a missing, damaged or killed relay: the guard then reads the event to its end (clients before 0.169 let an action
 * through whose event nobody read) and gives the answer that the policy has for a failure.
 */
const guards = {
  observe: `${run()} >/dev/null 2>&1; case $? in 10) exit 0;; esac; ${drain()}; exit 0`,
  open: `${run()}; case $? in 10) exit 0;; 11) exit 2;; esac; ${drain()}; exit 0`,
  closed: `${run()}; case $? in 10) exit 0;; 11) exit 2;; esac; ${drain()}; printf "%s\\n" "$3" >&2; exit 2`,
  closedJson: `${run()}; case $? in 10) exit 0;; esac; ${drain()}; printf "%s\\n" "$3"; exit 0`,
} as const;

/** The vendor's script replaces the guard: its exit code and its output are the answer. */
const vendorGuards = {
  open: `${vendor()} ${drain()}; exit 0`,
  closed: `${vendor()} ${drain()}; printf "%s\\n" "$2" >&2; exit 2`,
} as const;

function run(): string {
  return `${clear()}; ( [ -f "$0" ] && [ -r "$0" ] && . "$0" )`;
}

function vendor(): string {
  return `${clear()}; [ -z "$1" ] || { MINTMCP_USER=$1; export MINTMCP_USER; }; [ -f "$0" ] && [ -r "$0" ] && exec /bin/sh "$0";`;
}

/** Bash takes functions from the environment, under any name; ksh takes "unset -f" for a built-in amiss. */
function clear(): string {
  return 'case $BASH_VERSION in ?*) unset -f "[" printf 2>/dev/null;; esac';
}

function drain(): string {
  return '/bin/cat >/dev/null 2>&1';
}

/** What the guard must say when the relay cannot. */
export type Outcome = keyof typeof guards;

/** SessionStart and PreCompact are stopped by JSON with exit 0; exit 2 lets them go on (hooks-runtime section 4). */
export const jsonEvents: readonly string[] = ['SessionStart', 'PreCompact'];

/** What a failure at this event comes to. */
export function outcomeOf(name: string, event: RelayEvent): Outcome {
  if (event.mode === 'observe') return 'observe';
  if (event.onFailure === 'open') return 'open';
  return jsonEvents.includes(name) ? 'closedJson' : 'closed';
}

/** The launch line for macOS and Linux. */
export function posixLine(script: string, event: string, outcome: Outcome, message: string): string {
  const reason = outcome === 'closed' ? [message] : outcome === 'closedJson' ? [stopAnswer(message)] : [];
  return words(['/bin/sh', '-c', guards[outcome], script, event, 'guarded', ...reason]);
}

/** The launch line of a vendor's own script, which gets the user's name in MINTMCP_USER unless it is empty. */
export function vendorLine(script: string, user: string, onFailure: 'open' | 'closed', message: string): string {
  return words(['/bin/sh', '-c', vendorGuards[onFailure], script, user, ...(onFailure === 'closed' ? [message] : [])]);
}

function words(list: readonly string[]): string {
  return list.map(shLiteral).join(' ');
}

const powershell = 'powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass';

/** The launch line for Windows: free of quotes and backslashes, so that PowerShell, cmd and Git Bash read it alike. */
export function windowsLine(script: string, event: string): string {
  return `${powershell} -File ${script.replaceAll('\\', '/')} ${event}`;
}

/** The same behind a guard, encoded because every shell of Windows quotes otherwise. */
export function encodedWindowsLine(script: string, event: string, outcome: Outcome, message: string): string {
  const answer = outcome === 'closed' || outcome === 'closedJson' ? denialAnswer(event, message) : '';
  const guard = [
    `$p = ${psLiteral(script)}`,
    `if (Test-Path -LiteralPath $p -PathType Leaf) { & $p ${psLiteral(event)}; exit 0 }`,
    '[Console]::OpenStandardInput().CopyTo([IO.Stream]::Null)',
    `$b = [Convert]::FromBase64String('${Buffer.from(answer).toString('base64')}')`,
    '[Console]::OpenStandardOutput().Write($b, 0, $b.Length)',
    'exit 0',
  ].join('; ');
  return `${powershell} -EncodedCommand ${Buffer.from(guard, 'utf16le').toString('base64')}`;
}

function stopAnswer(message: string): string {
  return `{"continue":false,"stopReason":"${jsonText(message)}"}`;
}

/** The denial that Codex takes at this event, as JSON. Windows has no other: a shell there turns exit 2 into 1. */
export function denialAnswer(event: string, message: string): string {
  const [before, after] = denialForm(event);
  return `${before}${jsonText(message)}${after}`;
}

/** What stands before and after the reason in that JSON. */
export function denialForm(event: string): readonly [string, string] {
  if (jsonEvents.includes(event)) return ['{"continue":false,"stopReason":"', '"}'];
  if (event === 'PreToolUse')
    return [
      '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"',
      '"}}',
    ];
  if (event === 'PermissionRequest')
    return [
      '{"hookSpecificOutput":{"hookEventName":"PermissionRequest","decision":{"behavior":"deny","message":"',
      '"}}}',
    ];
  return ['{"decision":"block","reason":"', '"}'];
}
