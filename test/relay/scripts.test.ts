import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { Platform, RelayPolicy } from '../../src/policy/policy.ts';
import { denialMessage, headerValue, jsonText } from '../../src/relay/message.ts';
import { relayGroups, relayScripts } from '../../src/relay/relay.ts';
import { powershellFaults } from '../support/powershell.ts';
import { testWith } from '../support/programs.ts';
import { hash, relayEvent, relayPolicy, templates } from './support.ts';

const context = {
  policyName: 'acme',
  policyVersion: '2026.11 é',
  requirementsSha256: hash,
  toolVersion: '0.1.0',
  platforms: ['macos', 'linux', 'windows'] as readonly Platform[],
  managedDir: { posix: '/etc/codex/hooks', windows: 'C:\\ProgramData\\OpenAI\\Codex\\hooks' },
};

/** What the preset mintmcp serves. */
const posixOnly: typeof context = { ...context, platforms: ['macos', 'linux'] };

const hostile = `'"$(id)\`id\` \\ \u2018\u2019\u201c {{x}} ]]> %PATH% \u{1f600}\nrm -rf /\r\n# codex-mdm: values end\n`;

const policies: readonly (readonly [string, RelayPolicy, typeof context?])[] = [
  ['generic', relayPolicy({ endpoint: 'unix:/run/a "b" c' })],
  [
    'generic with everything',
    relayPolicy({
      endpoint: 'https://collector.acme.com/codex',
      auth: { tokenFile: { posix: `/etc/${hostile}`, windows: `C:\\${hostile}` }, header: 'X-Acme', scheme: '' },
      caFile: 'ca.pem',
      proxy: 'http://proxy.acme.com:3128',
      payload: { content: 'metadata', maxBytes: 1 },
      identity: ['host'],
      userMessage: hostile,
      windowsGuard: 'encoded',
      log: 'events',
      events: new Map([
        ['SessionStart', relayEvent({ onFailure: 'closed', matcher: hostile })],
        ['PermissionRequest', relayEvent({ onFailure: 'closed' })],
        ['SessionEnd', relayEvent({ mode: 'observe', timeoutSeconds: 1, hookTimeoutSeconds: 1 })],
      ]),
    }),
  ],
  [
    'akto',
    relayPolicy({
      preset: 'akto',
      endpoint: 'https://akto.acme.com/',
      caFile: 'ca.pem',
      settings: { MODE: 'atlas', CONTEXT_SOURCE: hostile },
      userMessage: hostile,
    }),
  ],
  ['mintmcp', relayPolicy({ preset: 'mintmcp', endpoint: 'https://mintmcp.acme.com/h/{token}' }), posixOnly],
  ['custom', relayPolicy({ preset: 'custom', endpoint: undefined, command: { posix: '/opt/x', windows: 'C:/x' } })],
  [
    'agent-hooks',
    relayPolicy({
      preset: 'agent-hooks',
      endpoint: undefined,
      command: { posix: `/opt/${hostile}`, windows: `C:/${hostile}` },
      settings: { AGENT_HOOK_CODEX_EXECPOLICY_MODEL: hostile },
    }),
  ],
];

for (const [name, policy, on = context] of policies)
  describe(`the scripts of preset ${name}`, () => {
    const { sh = '', ps1 = '' } = relayScripts(policy, on, templates);

    testWith(['shellcheck'], 'pass shellcheck', () => {
      const { stdout, status } = spawnSync('shellcheck', ['-s', 'sh', '-S', 'style', '-'], {
        input: sh,
        encoding: 'utf8',
      });
      expect([stdout, status]).toEqual(['', 0]);
    });

    for (const shell of ['dash', 'bash', 'busybox', 'zsh', 'mksh'])
      testWith([shell], `are grammatical in ${shell}`, () => {
        const { stderr, status } = spawnSync(shell, [...(shell === 'busybox' ? ['sh'] : []), '-n'], {
          input: sh,
          encoding: 'utf8',
        });
        expect([stderr, status]).toEqual(['', 0]);
      });

    if (on.platforms.includes('windows'))
      test('are PowerShell that Windows PowerShell 5.1 takes', async () => {
        expect(await powershellFaults(ps1)).toEqual([]);
      });
  });

test('the scripts exist for the platforms of the policy only, and say nothing of the machine that made them', () => {
  const policy = relayPolicy({ endpoint: 'https://collector.acme.com/' });
  expect(relayScripts(policy, { ...context, platforms: ['windows'] }, templates).sh).toBeUndefined();
  expect(relayScripts(policy, { ...context, platforms: ['macos'] }, templates).ps1).toBeUndefined();
  expect(relayScripts(policy, context, templates)).toEqual(relayScripts(policy, context, templates));
});

test('the groups carry matcher, limit and commands in the order of the events', () => {
  const events = new Map([
    ['PreToolUse', relayEvent({ matcher: '*', onFailure: 'closed' })],
    ['SessionEnd', relayEvent({ mode: 'observe', timeoutSeconds: 1, hookTimeoutSeconds: 1 })],
  ]);
  const groups = relayGroups(relayPolicy({ events }), context);
  expect(groups.map(({ event, matcher, timeoutSeconds }) => [event, matcher, timeoutSeconds])).toEqual([
    ['PreToolUse', '*', 7],
    ['SessionEnd', undefined, 1],
  ]);
  for (const { command } of groups)
    expect(command).toMatch(/^'\/bin\/sh' '-c' '[^\n]+' '\/etc\/codex\/hooks\/codex-relay' '\w+' 'guarded'/);
  expect(relayGroups(relayPolicy(), { ...context, platforms: ['linux'] })[0]?.commandWindows).toBeUndefined();
});

test('a vendor script stands behind the guard without a script of ours', () => {
  const policy = relayPolicy({
    preset: 'mintmcp',
    endpoint: undefined,
    script: 'vendor/mint.sh',
    events: new Map([['PreToolUse', relayEvent({ timeoutSeconds: 600, matcher: '*' })]]),
  });
  expect(relayScripts(policy, context, templates)).toEqual({ sh: undefined, ps1: undefined });
  expect(relayGroups(policy, context)).toMatchObject([
    { event: 'PreToolUse', matcher: '*', timeoutSeconds: 600, commandWindows: undefined },
  ]);
});

test('a message is one visible line, whatever the policy says', () => {
  expect(denialMessage('a\u202e\tb\nc\u200b', 'acme')).toBe('a b c');
  for (const nothing of ['', ' ', '\u00a0\u3000', '\u200b\u2060\ufeff', '\u{e0041}', '\n'])
    expect(denialMessage(nothing, 'acme')).toBe('Blocked by policy acme.');
  expect(denialMessage('\u{1f600}'.repeat(3000), 'acme')).toBe('\u{1f600}'.repeat(2000));
  expect(jsonText('"\\ é \u{1f600}')).toBe('\\"\\\\ \\u00e9 \\ud83d\\ude00');
  expect(headerValue('a b"%é')).toBe('a%20b%22%25%C3%A9');
});
