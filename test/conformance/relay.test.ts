import { describe, expect, test } from 'vitest';
import { obtainCodex } from '../../src/codex/binary.ts';
import { type CollectedEvent, letThrough } from '../../src/codex/collector.ts';
import type { ModelStep, ToolCall } from '../../src/codex/model-server.ts';
import type { Turn } from '../../src/codex/turn.ts';
import { type CodexVersion, compareVersions } from '../../src/contract/version.ts';
import { testWith } from '../support/programs.ts';
import { v } from '../support/versions.ts';
import { chosenVersions, inTurn } from './plan.ts';
import {
  askingAndReporting,
  askingBeside,
  bundleFor,
  enforcing,
  isFor,
  judgement,
  judges,
  observing,
  type RelayCase,
} from './relay-policies.ts';
import { type Answers, deniedMark, inScene, type Scene, type TurnChoices } from './scene.ts';
import { arrival, denyAt, outputsOf } from './turns.ts';
import { calledFolder, hijacks, naiveLine, naiveMark, sparingTools, withLoginShell } from './user-shell.ts';

/**
 * The relay inside the real Codex: whole turns whose tool calls leave files, so that what ran is seen on disk. The
 * control stands in the same turn, after the machine was changed.
 */
for (const version of chosenVersions()) describe.concurrent(`relay on ${version}`, () => checks(version));

function checks(version: CodexVersion): void {
  const scene = <T>(policy: RelayCase, body: (on: Scene) => Promise<T>): Promise<T> =>
    inTurn(async () => inScene(await bundleFor(version, policy), { binary: await obtainCodex(version) }, body));

  for (const judge of judges.filter((one) => isFor(one, version)))
    for (const failure of ['open', 'closed'] as const)
      test(`${judge.name} is away and fails ${failure}; back again, it says the opposite`, () =>
        scene({ relay: judge.relay(failure) }, async (on) => {
          const isOpen = failure === 'open';
          const turn = await run(on, [
            { before: () => judge.leave(on), calls: [touch('while-away')] },
            { before: () => judge.answer(on, isOpen), calls: [touch('when-back')] },
          ]);
          expect(turn.files, turn.stderr).toEqual([isOpen ? 'while-away' : 'when-back']);
          expect(outputsOf(turn)).toContain(isOpen ? judgement : 'Blocked by policy test.');
        }));

  for (const event of ['SessionStart', 'UserPromptSubmit'])
    test(`the collector is away and ${event} fails closed: no model is asked; with the collector it is`, () =>
      scene(enforcing(event), async (on) => {
        await on.setCollector(undefined);
        expect((await run(on, [])).requests).toHaveLength(0);
        await on.setCollector(() => letThrough);
        expect((await run(on, [])).requests).toHaveLength(1);
      }));

  const hasSessionEnd = compareVersions(version, firstSessionEnd) >= 0;
  const observed = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'Stop'];
  if (hasSessionEnd) observed.push('SessionEnd');
  test('what is observed during an outage arrives afterwards, each event under one key', () =>
    scene(observing(observed), async (on) => {
      await on.setCollector(undefined);
      await run(on, [{ calls: ['1', '2', '3'].map((name) => touch(`during-${name}`)) }]);
      const missed = await on.recorded();
      await arrival(async () => (await spooled(on)).length === missed.length);
      expect(missed).toHaveLength(observed.length + 2 * 2);
      // The control: nothing was sent, and all of it waits.
      expect(on.collected).toEqual([]);
      expect(await spooled(on)).toHaveLength(missed.length);

      let answers = 0;
      await on.setCollector(() => {
        answers += 1;
        return answers === 1 ? { status: 503 } : letThrough;
      });
      await run(on, [{ calls: [touch('afterwards')] }]);
      const fired = await on.recorded();
      await arrival(async () => on.collected.length > fired.length && (await spooled(on)).length === 0);
      expect(fired).toHaveLength(missed.length + observed.length);
      // The one that was answered with 503 came a second time, under the same key; no other did.
      const [first] = on.collected;
      expect(on.collected).toHaveLength(fired.length + 1);
      expect(on.collected.filter((event) => keyOf(event) === first?.headers['ce-id'])).toHaveLength(2);
      const byKey = new Map(on.collected.map((event) => [keyOf(event), event.json]));
      expect([...byKey.values()].map((json) => JSON.stringify(json)).sort()).toEqual(
        fired.map((json) => JSON.stringify(json)).sort(),
      );
    }));

  for (const [name, { shell, file, text, env }] of Object.entries(hijacks))
    testWith([shell], `words that the user redefines in ${name} change nothing; a naive hook is undone by them`, () =>
      scene(askingBeside(naiveLine), async (on) => {
        await on.setCollector(denyAt('PreToolUse'));
        await on.room.write('/etc/passwd', withLoginShell(String(await on.room.read('/etc/passwd')), shell));
        if (name === 'bash') await on.room.run('cp', ['--remove-destination', shell, '/bin/sh']);
        await on.room.makeFolder(calledFolder);
        await on.room.write(file, '');
        const calls = (step: string): ToolCall[] =>
          ['allowed', deniedMark, naiveMark].map((word) => touch(`${word}-${step}`));
        const steps = [
          { calls: calls('before') },
          { before: () => on.room.write(file, text), calls: calls('after') },
          { before: () => on.room.remove('/etc/codex/hooks/codex-relay'), calls: [touch('without-relay')] },
        ];
        const turn = await run(on, steps, { env, userConfig: sparingTools });
        expect(turn.files, turn.stderr).toEqual(['allowed-after', 'allowed-before', `${naiveMark}-after`]);
        expect(outputsOf(turn).split('denied by the mock collector')).toHaveLength(1 + 2);
        expect(outputsOf(turn)).toContain('Blocked by policy test.');
        // What the naive hook called, and nobody else: so the words were indeed others.
        expect(await on.room.list(calledFolder)).toEqual(['cat']);
        expect(commandsAt(on, 'PreToolUse')).toEqual([...calls('before'), ...calls('after')].map(commandOf).sort());
      }),
    );

  test('of parallel tool calls all are asked about, and only the denied one does not run', () =>
    scene(askingAndReporting, async (on) => {
      const names = ['a', 'b', 'c', deniedMark, 'e', 'f'];
      const files = (step: string): string[] => names.map((name) => `${name}-${step}`);
      const ask = (step: string, answers: Answers): ModelStep => ({
        before: () => on.setCollector(whenTogether(names.length, answers)),
        calls: files(step).map(touch),
      });
      const turn = await run(on, [ask('first', denyAt('PreToolUse')), ask('second', () => letThrough)]);
      const asked = [...files('first'), ...files('second')];
      const ran = asked.filter((file) => file !== `${deniedMark}-first`).sort();
      expect(turn.files, turn.stderr).toEqual(ran);
      await arrival(async () => commandsAt(on, 'PostToolUse').length >= ran.length);
      expect(commandsAt(on, 'PreToolUse')).toEqual(asked.map(touch).map(commandOf).sort());
      expect(commandsAt(on, 'PostToolUse')).toEqual(ran.map(touch).map(commandOf).sort());
      expect(new Set(on.collected.map(keyOf)).size).toBe(on.collected.length);
    }));

  if (hasSessionEnd)
    test('at SessionEnd the relay is done within its second, and its report arrives; a hook that waits is ended', () =>
      scene(observing(['SessionEnd'], 'cat >/dev/null\nsleep 2\n: >/room/waited\n'), async (on) => {
        // Codex ends a late hook with all that it has started: then nobody would hear this answer.
        await on.setCollector(async () => {
          await new Promise((resolve) => setTimeout(resolve, 2500));
          return letThrough;
        });
        await run(on, []);
        await arrival(async () => on.collected.length > 0);
        await arrival(async () => (await spooled(on)).length === 0);
        expect(await spooled(on)).toEqual([]);
        expect(on.collected.map(({ json }) => json)).toEqual(await on.recorded());
        expect(on.collected).toHaveLength(1);
        expect(await on.room.read('/room/waited')).toBeUndefined();
      }));
}

const firstSessionEnd = v('0.145.0');

/** A turn without a sandbox: what keeps a command from running is the relay. The files are those of the tool calls. */
async function run(on: Scene, steps: readonly ModelStep[], choices: TurnChoices = {}): Promise<Turn> {
  const turn = await on.turn(steps, { args: ['--sandbox', 'danger-full-access'], ...choices });
  return { ...turn, files: turn.files.filter((file) => file !== 'note.txt') };
}

function touch(file: string): ToolCall {
  return { kind: 'shell', command: `touch ${file}` };
}

function commandOf(call: ToolCall): string {
  return call.kind === 'shell' ? call.command : '';
}

/** The commands of the tool events that came in, sorted. */
function commandsAt(on: Scene, event: string): string[] {
  const inputs = on.collected.filter((one) => one.event === event).map(({ json }) => json?.['tool_input']);
  return inputs.map((input) => String(Object(input)['command'])).sort();
}

/** The key by which a collector knows a repetition. */
function keyOf({ headers }: CollectedEvent): string {
  return String(headers['ce-id']);
}

/** What waits in the user's spool. */
async function spooled(on: Scene): Promise<readonly string[]> {
  const files = await on.room.list('/room/user/.local/state/codex-relay');
  return files.filter((file) => /^raw,|\.event$/.test(file));
}

/** Holds the answers to tool calls back until so many are asked about, at most 2 s: only parallel ones get through. */
function whenTogether(size: number, answers: Answers): Answers {
  let count = 0;
  let open = (): void => undefined;
  const gate = new Promise<boolean>((resolve) => {
    open = () => resolve(true);
    setTimeout(() => resolve(false), 2000);
  });
  return async (event) => {
    if (event.event !== 'PreToolUse') return answers(event);
    count += 1;
    if (count === size) open();
    return (await gate) ? answers(event) : { status: 500 };
  };
}
