import type { Json } from '../../src/codex/app-server.ts';
import type { Reports } from './observe.ts';
import type { Pair } from './plan.ts';
import type { HookStatement } from './statements.ts';

/** Events of one ordinary `codex exec` turn with a shell command in it. */
const ordinary: ReadonlySet<string> = new Set([
  'SessionStart',
  'UserPromptSubmit',
  'PreToolUse',
  'PostToolUse',
  'Stop',
  'SessionEnd',
]);

/** Events whose matcher Codex drops. */
const withoutMatcher: ReadonlySet<string> = new Set([
  'UserPromptSubmit',
  'Stop',
  'Interrupt',
  'PreModelRequest',
  'PostModelRequest',
]);

/** Whether a hook is the relay's launch line. */
export function isRelay({ command }: HookStatement): boolean {
  return command?.includes('codex-relay') === true;
}

/** The words of a command line; ours stand in single quotes. */
export function wordsOf(command: string): string[] {
  return command.split(' ').map((word) => word.replace(/^'(.*)'$/, '$1'));
}

/** Whether a hook runs a script that the administrator brought along. */
export function isOwn(hook: HookStatement, { example }: Pair): boolean {
  const words = wordsOf(hook.command ?? '');
  return !isRelay(hook) && example.device.some(({ destination }) => words.includes(destination));
}

/** Whether an ordinary turn fires this hook on a Codex that reports this. */
export function fires(hook: HookStatement, reports: Reports): boolean {
  const subject = { PreToolUse: 'Bash', PostToolUse: 'Bash', SessionStart: 'startup' }[hook.event];
  const matches =
    hook.matcher === undefined ||
    hook.matcher === '*' ||
    subject === undefined ||
    new RegExp(`^(?:${hook.matcher})$`).test(subject);
  return ordinary.has(hook.event) && matches && isListed(hook, reports);
}

/** Whether a version leaves a hook's event out, and the policy accepts that. */
export function isMissingByAgreement(hook: HookStatement, reports: Reports, { example }: Pair): boolean {
  return !isListed(hook, reports) && example.accepted.some(({ path }) => path.split(/[.[\]]+/).includes(hook.event));
}

/** A hook of the file, as `describeReported` would put it. */
export function describeStated(hook: HookStatement): string {
  const limit = hook.event === 'SessionEnd' || hook.event === 'Interrupt' ? 1 : 600;
  return JSON.stringify({
    event: hook.event,
    matcher: withoutMatcher.has(hook.event) ? null : (hook.matcher ?? null),
    type: hook.type,
    command: hook.command ?? null,
    timeout: hook.timeout ?? limit,
    statusMessage: hook.statusMessage ?? null,
    trust: 'managed',
    isManaged: true,
    isEnabled: true,
  });
}

/** A hook of `hooks/list` in one line. */
export function describeReported(hook: Json): string {
  return JSON.stringify({
    event: eventOf(hook),
    matcher: hook['matcher'] ?? null,
    type: hook['handlerType'],
    command: hook['command'] ?? null,
    timeout: hook['timeoutSec'],
    statusMessage: hook['statusMessage'] ?? null,
    trust: hook['trustStatus'],
    isManaged: hook['isManaged'],
    isEnabled: hook['enabled'],
  });
}

function isListed(hook: HookStatement, { hooks }: Reports): boolean {
  return hooks.some(
    (listed) => eventOf(listed) === hook.event && (listed['command'] ?? null) === (hook.command ?? null),
  );
}

/** `preToolUse` in the report is `PreToolUse` in the file. */
function eventOf(hook: Json): string {
  return String(hook['eventName']).replace(/^./, (letter) => letter.toUpperCase());
}
