import { describe, expect, test } from 'vitest';
import { powershellFaults, windowsLineFaults } from './powershell.ts';

describe('the PowerShell checker', () => {
  test.each([
    [
      'functions, try and pipelines',
      'function Get-It {\n    param([string]$Name)\n    try {\n        return $Name | Sort-Object\n    } catch {\n        return $null\n    }\n}\nGet-It -Name a\nexit 0\n',
    ],
    ['a method call and an index', '$a = [IO.File]::ReadAllBytes("x")\n$b = $a[0]\nif (-not $b) {\n    exit 1\n}\n'],
  ])('accepts %s', async (_, text) => {
    expect(await powershellFaults(text)).toEqual([]);
  });

  test.each([
    ['an open brace', 'if ($a) {\n'],
    ['an open string', '$a = "x\n'],
    ['a misspelt keyword', 'if ($a) {\n    exit 0\n} esle {\n    exit 1\n}\n'],
    ['an unknown cmdlet', 'Get-Nothing\n'],
    ['a function without a name', 'function { 1 }\n'],
    ['a ternary', '$a = $b ? 1 : 2\n'],
    ['null coalescing', '$a = $b ?? 1\n'],
    ['a chain', 'Get-Item a && Get-Item b\n'],
    ['try alone', 'try {\n    Get-Item a\n}\n'],
    ['curly quotation marks', '$a = \u201cx\u201d\n'],
    ['an unquoted call of a string', '"C:\\a b\\c.exe" -x 1\n'],
  ])('refuses %s', async (_, text) => {
    expect(await powershellFaults(text)).not.toEqual([]);
  });

  test('knows which launch lines mean the same everywhere', async () => {
    expect(
      await windowsLineFaults('powershell.exe -NoProfile -File C:/ProgramData/x/codex-relay.ps1 PreToolUse'),
    ).toEqual([]);
    expect(await windowsLineFaults('powershell.exe -File "C:/a b.ps1"')).not.toEqual([]);
    expect(await windowsLineFaults('powershell.exe -File C:\\a.ps1')).not.toEqual([]);
  });
});
