import { type CollectedEvent, type CollectorAnswer, deny, letThrough } from '../../src/codex/collector.ts';
import { type ToolCall, toolOutputs } from '../../src/codex/model-server.ts';
import type { Turn } from '../../src/codex/turn.ts';
import { fires, isRelay } from './hooks.ts';
import { askCodex, type Reports } from './observe.ts';
import type { Pair } from './plan.ts';
import { deniedMark, probe, probeRan, type Scene } from './scene.ts';
import { hooksOf, type RuleStatement, rulesOf } from './statements.ts';

/** A command that is harmless under any approval policy. Its output shows that it ran, its text does not. */
export const readNote: ToolCall = { kind: 'shell', command: 'cat note.txt' };

/** A command that the collector of `denyAt` and the relay's program know. */
export const deniedCommand: ToolCall = { kind: 'shell', command: `cat note.txt ${deniedMark}` };

/** A collector that denies at one event: every one of them, but of PreToolUse only `deniedCommand`. */
export function denyAt(event: string): (collected: CollectedEvent) => CollectorAnswer {
  return (collected) => {
    const isMeant = collected.event === event && (event !== 'PreToolUse' || collected.body.includes(deniedMark));
    return isMeant ? deny('denied by the mock collector') : letThrough;
  };
}

/** What came of an ordinary turn on an untouched machine: a harmless command, then every command under a rule. */
export interface Ordinary {
  readonly reports: Reports;
  readonly turn: Turn;
  /** What came in at the collector from this turn. */
  readonly collected: readonly CollectedEvent[];
  /** Names of the events that the administrator's scripts were given. */
  readonly recorded: readonly string[];
  /** Names of the events that the relay's program was given. */
  readonly judged: readonly string[];
}

export async function ordinaryTurn(on: Scene, { example, binary }: Pair): Promise<Ordinary> {
  const reports = await askCodex(on, binary);
  const forbidden = rulesOf(example.requirements).flatMap(({ commands }) => commands.map(ruleCommand));
  const before = on.collected.length;
  const turn = await on.turn([{ calls: [readNote] }, ...(forbidden.length === 0 ? [] : [{ calls: forbidden }])]);
  const expected = hooksOf(example.requirements).filter((hook) => isRelay(hook) && fires(hook, reports));
  const collected = (): readonly CollectedEvent[] => on.collected.slice(before);
  const arrived = async (): Promise<readonly string[]> =>
    example.relay?.command ? on.judged() : collected().map(({ event }) => event);
  await arrival(async () => {
    const names = await arrived();
    return expected.every((hook) => names.includes(hook.event));
  });
  return {
    reports,
    turn,
    collected: collected(),
    judged: await on.judged(),
    recorded: (await on.recorded()).map((event) => String(event['hook_event_name'])),
  };
}

/** All that the model was told about its tool calls. */
export function outputsOf(turn: Turn): string {
  return toolOutputs(turn.requests).join('\n');
}

/** The command under a rule, with the argument on which the probed program reports. */
export function ruleCommand(words: readonly string[]): ToolCall {
  return { kind: 'shell', command: [...words, probe].join(' ') };
}

/** What became of a command under a rule: `ran`, or the reason that the model was given. */
export function fateOf(turn: Turn, words: readonly string[]): string {
  const command = [...words, probe].join(' ');
  // In the model's hands where the sandbox forbids to write, else on disk too.
  if (outputsOf(turn).includes(`${probeRan} ${command}`) || turn.files.includes(`${probeRan} ${command}`)) return 'ran';
  const [, rest] = outputsOf(turn).split(`${command}'\` rejected: `);
  return rest === undefined ? 'not heard of again' : rest.replace(/\\?"\).*$/s, '');
}

/**
 * The words with which Codex refuses `rm -f` in all its spellings by itself, whatever the rules say: 0.141.0 (inside a
 * sandbox; not `-fr`) and 0.169.0 (always).
 */
export const codexOwnRefusals: readonly string[] = [
  'blocked by policy',
  'rm -f style commands are not permitted. Use a safer approach',
];

/** The programs that rules name. */
export function programsOf(rules: readonly RuleStatement[]): string[] {
  return [...new Set(rules.flatMap(({ commands }) => commands.flatMap(([program]) => program ?? [])))];
}

/** Waits up to 10 s: observed events are sent by processes that Codex does not wait for. */
export async function arrival(isThere: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isThere()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
}
