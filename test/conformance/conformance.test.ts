import { describe, expect, test } from 'vitest';
import { plainPlaces, readable } from './deny-read.ts';
import { foreignHooks, runForeignHooks } from './foreign-hooks.ts';
import { describeReported, describeStated, fires, isMissingByAgreement, isOwn, isRelay } from './hooks.ts';
import { expectedServers, startableServers, startedServers } from './mcp-servers.ts';
import { inTurn, once, type Pair, plannedPairs } from './plan.ts';
import { differences, isAccepted, isExpectedWarning, unreported } from './report.ts';
import { expectedSandbox, sandboxOf, statementsAgainstYolo, tryYolo, yoloOutcome } from './sandbox.ts';
import { inScene, note, type Scene, type SceneOptions, tokenInScene } from './scene.ts';
import { hooksOf, isTable, rulesOf, textsAt, valueAt, without } from './statements.ts';
import {
  codexOwnRefusals,
  deniedCommand,
  denyAt,
  fateOf,
  ordinaryTurn,
  outputsOf,
  programsOf,
  readNote,
  ruleCommand,
} from './turns.ts';

/**
 * Every built example against the real Codex. What must happen is read from the example's own requirements.toml; each
 * thing that must not happen has a control: with that statement taken out, the same turn gets through.
 */
const pairs = await plannedPairs();
test('there is something to compare', () => expect(pairs).not.toEqual([]));

for (const pair of pairs) describe.concurrent(`${pair.example.name} on ${pair.version}`, () => checks(pair));

function checks(pair: Pair): void {
  const { requirements } = pair.example;
  const scene = <T>(options: Omit<SceneOptions, 'binary'>, body: (scene: Scene) => Promise<T>): Promise<T> =>
    inTurn(() => inScene(pair.example, { binary: pair.binary, ...options }, body));

  const normal = once(() => scene({ probed: programsOf(rulesOf(requirements)) }, (on) => ordinaryTurn(on, pair)));

  test('starts without a warning about the file', async () => {
    const { reports } = await normal();
    expect(reports.warnings.filter((text) => !isExpectedWarning(text, pair))).toEqual([]);
  });

  test('reports the requirements of the policy', async () => {
    const { reports } = await normal();
    const found = differences(requirements, reports.requirements);
    expect(found.filter((line) => !isAccepted(line, pair))).toEqual([]);
    const silent = unreported(requirements, reports.requirements);
    if (silent.length > 0)
      console.log(`${pair.example.name} on ${pair.version}: not in the report: ${silent.join(', ')}`);
  });

  const features = requirements['features'];
  if (isTable(features))
    test('has the features that the policy pins', async () => {
      const { reports } = await normal();
      // The flag's old name is listed under the new one since 0.129.0.
      const effective = Object.keys(features).map((name) => [
        name,
        reports.features.get(name) ?? reports.features.get(name === 'codex_hooks' ? 'hooks' : name),
      ]);
      expect(Object.fromEntries(effective)).toEqual({ ...features });
    });

  test('lists exactly the hooks of the policy, trusted as managed', async () => {
    const { reports } = await normal();
    const expected = hooksOf(requirements).filter((hook) => !isMissingByAgreement(hook, reports, pair));
    expect(reports.hooks.map(describeReported).sort()).toEqual(expected.map(describeStated).sort());
  });

  test('a harmless command runs', async () => {
    const { turn } = await normal();
    expect(turn.exitCode, turn.stderr).toBe(0);
    expect(outputsOf(turn)).toContain(note);
  });

  if (hooksOf(requirements).some((hook) => isOwn(hook, pair)))
    test('the hooks of the administrator get their events', async () => {
      const { reports, recorded } = await normal();
      const listed = hooksOf(requirements).filter((hook) => isOwn(hook, pair) && fires(hook, reports));
      expect([...new Set(recorded)].sort()).toEqual([...new Set(listed.map(({ event }) => event))].sort());
    });

  const { relay } = pair.example;
  if (relay?.endpoint !== undefined)
    test('the events of the relay arrive at the collector', async () => {
      const { reports, collected } = await normal();
      const listed = hooksOf(requirements).filter((hook) => isRelay(hook) && fires(hook, reports));
      expect(listed).not.toEqual([]);
      const names = collected.map(({ event }) => event);
      expect([...new Set(names)].sort()).toEqual([...new Set(listed.map(({ event }) => event))].sort());
      // Codex's own event, whole, and with the token of the policy.
      expect(collected.map(({ json }) => json?.['hook_event_name'])).toEqual(names);
      const { auth } = relay;
      if (auth)
        for (const { headers } of collected)
          expect(headers[auth.header.toLowerCase()]).toBe(`${auth.scheme} ${tokenInScene}`.trim());
    });

  if (relay?.command)
    test('the events of the relay arrive at its program', async () => {
      const { reports, judged } = await normal();
      const listed = hooksOf(requirements).filter((hook) => isRelay(hook) && fires(hook, reports));
      expect([...judged].sort()).toEqual([...new Set(listed.map(({ event }) => event))].sort());
    });

  for (const rule of rulesOf(requirements))
    test(`the rule on ${rule.commands.map((words) => words.join(' ')).join(', ')} stops it; without the rule it runs`, async () => {
      const { turn } = await normal();
      const control = await scene(
        { requirements: without(requirements, [rule.statement]), probed: programsOf([rule]) },
        (on) => on.turn([{ calls: rule.commands.map(ruleCommand) }]),
      );
      for (const words of rule.commands) {
        const fate = fateOf(turn, words);
        const command = words.join(' ');
        expect(fate, command).not.toBe('ran');
        if (rule.decision === 'forbidden')
          expect(fate, command).toBe(rule.justification ?? `policy forbids commands starting with \`${command}\``);
        // Nobody can be asked in `codex exec`; this refusal does not name the command.
        else expect(outputsOf(turn)).toContain('approval required by policy');
        const otherwise = fateOf(control, words);
        expect(['ran', ...codexOwnRefusals], control.stderr).toContain(otherwise);
        if (otherwise !== 'ran')
          console.log(
            `${pair.example.name} on ${pair.version}: without the rule, Codex itself refuses ${command}: ${otherwise}`,
          );
      }
    });

  for (const event of ['SessionStart', 'UserPromptSubmit', 'PreToolUse'])
    if ((relay?.endpoint ?? relay?.command) !== undefined && relay?.events.get(event)?.mode === 'enforce')
      test(`a deny of the collector or program at ${event} stops it; without the hook it goes on`, async () => {
        const hooks = hooksOf(requirements).filter((hook) => hook.event === event && isRelay(hook));
        // The whole group, which is the relay's own: a group without handlers says nothing.
        const control = without(
          requirements,
          hooks.map(({ statement }) => statement.slice(0, 3)),
        );
        const went = async (on: Scene): Promise<boolean> => {
          const turn = await on.turn([{ calls: [deniedCommand] }]);
          return event === 'PreToolUse' ? outputsOf(turn).includes(note) : turn.requests.length > 0;
        };
        const denial = { answer: denyAt(event), deniedAt: event };
        expect(await scene(denial, went)).toBe(false);
        expect(await scene({ ...denial, requirements: control }, went)).toBe(true);
      });

  const barring = statementsAgainstYolo(requirements);
  if (barring.length > 0) {
    const outcome = yoloOutcome(requirements);
    const names = barring.map((statement) => statement.join('.')).join(' and ');
    test(`--yolo is ${outcome} by ${names}; without, it has full access`, async () => {
      for (const kept of barring) {
        const others = barring.filter((statement) => statement !== kept);
        const found = await scene({ requirements: without(requirements, others) }, tryYolo);
        expect(found, kept.join('.')).toBe(outcome);
      }
      expect(await scene({ requirements: without(requirements, barring) }, tryYolo)).toBe('full access');
    });
  }

  // The two that no version reports, and no other check needs.
  const denied = plainPlaces(textsAt(requirements, ['permissions', 'filesystem', 'deny_read']) ?? []);
  if (denied.length > 0)
    test(`${denied.join(', ')} cannot be read; without permissions.filesystem.deny_read they can`, async () => {
      const control = without(requirements, [['permissions', 'filesystem', 'deny_read']]);
      expect(await scene({}, (on) => readable(on, denied))).toEqual([]);
      expect(await scene({ requirements: control }, (on) => readable(on, denied))).toEqual(denied);
    });

  if (isTable(requirements['mcp_servers']))
    test('only the MCP servers of the policy start; without mcp_servers any does', async () => {
      const servers = startableServers(requirements);
      const started = (on: Scene): Promise<readonly string[]> => startedServers(on, servers);
      expect(await scene({}, started)).toEqual(expectedServers(servers, true));
      expect(await scene({ requirements: without(requirements, [['mcp_servers']]) }, started)).toEqual(
        expectedServers(servers, false),
      );
    });

  if (requirements['allow_managed_hooks_only'] === true)
    test('hooks of user, project and plugin are silenced; without allow_managed_hooks_only they run', async () => {
      const ran = (on: Scene): Promise<readonly string[]> => runForeignHooks(on, pair.binary);
      expect(await scene({}, ran)).toEqual([]);
      const control = await scene({ requirements: without(requirements, [['allow_managed_hooks_only']]) }, ran);
      const pluginsOff = ['plugins', 'plugin_hooks'].some(
        (flag) => valueAt(requirements, ['features', flag]) === false,
      );
      expect(control).toEqual(foreignHooks.filter((source) => source !== 'plugin' || !pluginsOff));
    });

  const pin = ['hooks', 'codex_hooks'].find((name) => valueAt(requirements, ['features', name]) === true);
  if (pin !== undefined && hooksOf(requirements).length > 0)
    test(`the user cannot switch the hooks off; without features.${pin} they can`, async () => {
      const hookLines = async (on: Scene): Promise<number> => {
        const { stderr } = await on.turn([{ calls: [readNote] }], { userConfig: '[features]\nhooks = false\n' });
        return stderr.split('\n').filter((line) => line.startsWith('hook: ')).length;
      };
      expect(await scene({}, hookLines)).toBeGreaterThan(0);
      expect(await scene({ requirements: without(requirements, [['features', pin]]) }, hookLines)).toBe(0);
    });

  const hosts = valueAt(requirements, ['remote_sandbox_config']);
  for (const [index, host] of (Array.isArray(hosts) ? hosts : []).entries())
    for (const pattern of textsAt(host, ['hostname_patterns']) ?? []) {
      const hostName = pattern.replaceAll('*', 'conformance').replaceAll('?', 'x');
      test(`the host ${hostName} gets its sandbox modes; without remote_sandbox_config the others`, async () => {
        const modes = textsAt(host, ['allowed_sandbox_modes']) ?? [];
        const otherwise = textsAt(requirements, ['allowed_sandbox_modes']);
        expect(await scene({ hostName }, (on) => sandboxOf(on, pair.binary))).toEqual(expectedSandbox(modes));
        const control = without(requirements, [['remote_sandbox_config', index]]);
        expect(await scene({ hostName, requirements: control }, (on) => sandboxOf(on, pair.binary))).toEqual(
          expectedSandbox(otherwise),
        );
      });
    }
}
