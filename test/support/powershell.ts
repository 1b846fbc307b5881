import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

/**
 * Windows PowerShell cannot be run where the tests run, so scripts are parsed with an independent grammar, and these
 * rules close what the grammar lets through. Found: syntax errors, operators that 5.1 does not have, misspelt keywords
 * and cmdlets (a name outside this list that the script does not define), bytes that 5.1 would misread.
 */
const commands: ReadonlySet<string> = new Set(
  [
    'Add-Content Add-Member Add-Type Compare-Object ConvertFrom-Json ConvertTo-Json Copy-Item ForEach-Object Get-Acl Get-ChildItem',
    'Get-CimInstance Get-Command Get-Content Get-Date Get-FileHash Get-Item Get-ItemProperty Get-Process Get-Variable',
    'Join-Path Measure-Object Move-Item New-Item New-ItemProperty New-Object New-TimeSpan Out-Null Out-String',
    'Remove-Item Remove-ItemProperty Rename-Item Resolve-Path Select-Object Select-String Set-Acl Set-Content Set-Item',
    'Set-ItemProperty Set-StrictMode Sort-Object Split-Path Start-Process Start-Sleep Stop-Process Test-Path',
    'Where-Object Write-Error Write-Host Write-Output Write-Verbose Write-Warning',
    'powershell.exe icacls.exe',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);

let parser: Promise<Parser> | undefined;

/** What is wrong with a PowerShell script, one sentence each with its line; nothing when it is fit for 5.1. */
export async function powershellFaults(text: string): Promise<string[]> {
  parser ??= load();
  const root = (await parser).parse(text)?.rootNode;
  if (!root) return ['the grammar gave no tree'];
  const faults: string[] = [];
  const fault = (node: Node, what: string): void => {
    faults.push(`line ${node.startPosition.row + 1}: ${what}: ${node.text.slice(0, 60)}`);
  };
  const nodes: Node[] = [];
  collect(root, nodes);
  // A missing hidden token sets hasError and never shows up as a node: the flag decides, the nodes only tell where.
  if (root.hasError) {
    for (const node of nodes) if (node.isError || node.isMissing) fault(node, 'syntax error');
    if (faults.length === 0) faults.push('line 1: syntax error somewhere');
  }
  const own = new Set(nodes.filter(({ type }) => type === 'function_name').map((node) => node.text.toLowerCase()));
  for (const node of nodes) {
    if (node.type === 'command_name' && !commands.has(node.text.toLowerCase()) && !own.has(node.text.toLowerCase()))
      fault(node, 'unknown command');
    if (node.type === 'pipeline_chain_tail') fault(node, '&& and || are not in Windows PowerShell 5.1');
    if (
      node.type === 'try_statement' &&
      !node.children.some((child) => child && /^(?:catch_clauses|finally_clause)$/.test(child.type))
    )
      fault(node, 'try without catch or finally');
  }
  text.split('\n').forEach((line, index) => {
    if (/[^\t\r -~]/.test(line)) faults.push(`line ${index + 1}: not printable ASCII`);
  });
  return faults;
}

/**
 * What is wrong with a hook's launch line for Windows: it must mean the same in PowerShell, cmd and Git Bash, so
 * it is one plain command without quotes, variables, backslashes or operators.
 */
export async function windowsLineFaults(line: string): Promise<string[]> {
  const unsafe = /[^A-Za-z0-9 ./:=_+-]/.exec(line);
  return [
    ...(await powershellFaults(line)),
    ...(unsafe ? [`${JSON.stringify(unsafe[0])} is not the same in every shell`] : []),
  ];
}

async function load(): Promise<Parser> {
  await Parser.init();
  const made = new Parser();
  made.setLanguage(
    await Language.load(createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm')),
  );
  return made;
}

/** A node and all below it, in the order of the text. */
function collect(node: Node, into: Node[]): void {
  into.push(node);
  for (const child of node.children) if (child) collect(child, into);
}
