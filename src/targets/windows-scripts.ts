import { base64, byCodeUnit } from '../artifacts/artifact.ts';
import { fillTemplate, psLiteral } from '../artifacts/script.ts';
import { inDeliveryOrder, isOwnName, policyLabel, template } from './posix-scripts.ts';
import { type Bundle, codexFolder, type DeviceFile } from './target.ts';

/** The script that exits 1 when a Windows device differs from the bundle. */
export function detectScript(bundle: Bundle): string {
  return fillTemplate(template(bundle, 'windows-detect.ps1'), [
    ...heading(bundle, folders(bundle)),
    ...list(
      'files',
      inDeliveryOrder(bundle, 'windows').map((file) => entry(file, '')),
    ),
  ]);
}

/** The script that writes every Windows file, for SYSTEM; it may be run again at any time. */
export function remediateScript(bundle: Bundle): string {
  return fillTemplate(template(bundle, 'windows-remediate.ps1'), [
    ...heading(bundle, folders(bundle)),
    ...list(
      'files',
      inDeliveryOrder(bundle, 'windows').map((file) => entry(file, `; Base64 = '${base64(file.bytes)}'`)),
    ),
  ]);
}

/** The script that removes what remediateScript wrote, and nothing else: the requirements go first. */
export function removalScript(bundle: Bundle): string {
  const rule = (file: DeviceFile): string =>
    file.role === 'requirements' ? 'first' : isOwnName(file) ? 'own' : 'known';
  return fillTemplate(template(bundle, 'windows-uninstall.ps1'), [
    ...heading(bundle, folders(bundle).toReversed()),
    ...list(
      'files',
      inDeliveryOrder(bundle, 'windows')
        .toReversed()
        .map((file) => entry(file, `; Rule = '${rule(file)}'`)),
    ),
  ]);
}

function heading(bundle: Bundle, dirs: readonly string[]): string[] {
  return [`$label = ${literal(policyLabel(bundle))}`, ...list('folders', dirs.map(place))];
}

function entry(file: DeviceFile, more: string): string {
  const folder = place(parent(file.destination.windows ?? ''));
  return `@{ Folder = ${folder}; Name = ${literal(file.name)}; Hash = '${file.sha256.toUpperCase()}'${more} }`;
}

function list(name: string, items: readonly string[]): string[] {
  return [`$${name} = @(`, ...items.map((item) => `    ${item}`), ')'];
}

/** Codex asks Windows where ProgramData is; every other folder is where the policy says. */
function place(folder: string): string {
  return isCodexFolder(folder) ? '$codex' : literal(folder);
}

function isCodexFolder(folder: string): boolean {
  return folder.toLowerCase() === codexFolder.windows.toLowerCase();
}

/** The folders that are the policy's own, parents first; letter case does not tell them apart. */
function folders(bundle: Bundle): string[] {
  const managed = bundle.managedDir.windows;
  const all = [
    codexFolder.windows,
    ...(managed === undefined ? [] : [managed]),
    ...inDeliveryOrder(bundle, 'windows').map((file) => parent(file.destination.windows ?? '')),
  ];
  const distinct = new Map(all.toReversed().map((folder) => [folder.toLowerCase(), folder]));
  return [...distinct.values()].sort((a, b) => a.length - b.length || byCodeUnit(a, b));
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('\\'));
}

/** Plain text stays readable for whoever reviews the script; all other text is base64. */
function literal(text: string): string {
  return /^[A-Za-z0-9 ._:\\+-]*$/.test(text) ? `'${text}'` : psLiteral(text);
}
