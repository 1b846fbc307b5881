import { describe, expect, test } from 'vitest';
import { fillTemplate, psLiteral } from '../../src/artifacts/script.ts';
import { relayScripts } from '../../src/relay/relay.ts';
import { powershellFaults } from '../support/powershell.ts';
import { table } from './faults.ts';
import { hash, relayPolicy, templates } from './support.ts';

const script = templates.get('Test-CodexRelay.ps1') ?? '';

describe('Test-CodexRelay.ps1', () => {
  test('is PowerShell that Windows PowerShell 5.1 takes, whatever the relay is called', async () => {
    expect(await powershellFaults(script)).toEqual([]);
    const filled = fillTemplate(script, [`$RelayPath = ${psLiteral("C:\\it's \u2018here\u2019\\codex-relay.ps1")}`]);
    expect(await powershellFaults(filled)).toEqual([]);
  });

  test('finds in the relay what it changes in its copies', () => {
    const { ps1 = '' } = relayScripts(
      relayPolicy({ endpoint: 'https://collector.acme.com/' }),
      {
        policyName: 'acme',
        policyVersion: '1',
        requirementsSha256: hash,
        toolVersion: '0.1.0',
        platforms: ['windows'],
        managedDir: { posix: undefined, windows: 'C:\\hooks' },
      },
      templates,
    );
    const names = [...script.matchAll(/^ {8}["']`?\$([A-Z]\w+) = /gm)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(10);
    // A value that the relay no longer has would be set for nobody.
    for (const name of names) expect([name, ps1.includes(`\n$${name} = `)]).toEqual([name, true]);
    const literal = String.raw`\[Text\.Encoding\]::UTF8\.GetString\([^)]+\)\)`;
    expect(ps1).toMatch(new RegExp(`\\n\\$Events\\[${literal}\\] = @\\((?:${literal}, ){4}\\d+\\)\\n`));
    for (const mark of [
      '# codex-mdm: values end\n',
      "[Environment]::GetFolderPath('LocalApplicationData')",
      'preset generic',
    ])
      expect([mark, ps1.split(mark).length]).toEqual([mark, 2]);
  });

  test('stages every fault of the table that a PC can show', () => {
    const shown = table.faults.filter(({ windows }) => windows !== undefined).map(({ id }) => id);
    expect([...script.matchAll(/@\{ Id = '([\w-]+)'; Cells/g)].map(([, id]) => id)).toEqual(shown);
    // Those that are the plain event, with a collector that is fine or an answer that goes by the address.
    const plain = new Set(['fine', 'spool-missing']);
    for (const id of shown) expect([id, plain.has(id) || script.includes(`-eq '${id}'`)]).toEqual([id, true]);
  });
});
