import { base64, byCodeUnit, type FileArtifact, sha256 } from '../artifacts/artifact.ts';
import { fillTemplate, shLiteral } from '../artifacts/script.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { wholePolicy } from './macos.ts';
import { type Bundle, codexFolder, type DeviceFile } from './target.ts';

/** What a script delivers: the POSIX platforms differ in tools, in the root group, and in who carries the requirements. */
type PosixPlatform = 'macos' | 'linux';

interface Placed {
  readonly file: DeviceFile;
  readonly folder: string;
}

/** Inlined scripts stay below this, so that every product takes them. */
const scriptLimit = 180_000;

/** Whether a platform gets anything by script: files, or a managed directory (0.128 to 0.130 skip all hooks without it). */
export function needsScripts(bundle: Bundle, platform: PosixPlatform): boolean {
  return folders(bundle, platform).length > 0;
}

/** The script that writes every file of a platform, for root; it may be run again at any time. */
export function installScript(bundle: Bundle, platform: PosixPlatform): string {
  const puts = placed(bundle, platform).flatMap(({ file, folder }) => [
    `  put ${literal(folder)} ${literal(file.name)} 0${file.mode.toString(8)} ${file.sha256} <<'CODEX_MDM'`,
    ...(base64(file.bytes).match(/.{1,76}/g) ?? []),
    'CODEX_MDM',
  ]);
  return fillTemplate(template(bundle, 'posix-install.sh'), [
    ...heading(bundle, platform),
    ...shellFunction(
      'folders',
      folders(bundle, platform).map((folder) => `  folder ${literal(folder)}`),
    ),
    ...shellFunction('files', puts),
  ]);
}

/** The script that removes what installScript wrote, and nothing else. */
export function uninstallScript(bundle: Bundle, platform: PosixPlatform): string {
  const all = placed(bundle, platform);
  const removal = ({ file, folder }: Placed): string => {
    const place = `${literal(folder)} ${literal(file.name)}`;
    if (file.role === 'requirements') return `  remove_requirements ${place} ${file.sha256}`;
    return isOwnName(file) ? `  remove_own ${place}` : `  remove_known ${place} ${file.sha256}`;
  };
  const isRequirements = ({ file }: Placed): boolean => file.role === 'requirements';
  return fillTemplate(template(bundle, 'posix-uninstall.sh'), [
    ...heading(bundle, platform),
    ...shellFunction('requirements', all.filter(isRequirements).map(removal)),
    ...shellFunction('files', all.filter((one) => !isRequirements(one)).map(removal)),
    ...shellFunction(
      'folders',
      folders(bundle, platform)
        .toReversed()
        .map((folder) => `  remove_empty ${literal(folder)}`),
    ),
  ]);
}

/** The script that reports a Mac's state in one line, between the marks that the product wants. */
export function policyStateScript(
  bundle: Bundle,
  marks: { readonly opening: string; readonly closing: string },
): string {
  const checks = placed(bundle, 'macos').map(({ file }) => {
    const what = file.role === 'relay' || file.role === 'relay-ca' ? 'Relay' : 'File';
    return `  check_file ${what} ${literal(file.destination.macos ?? '')} 0${file.mode.toString(8)} ${file.sha256}`;
  });
  return fillTemplate(template(bundle, 'posix-policy-state.sh'), [
    `label=${literal(plainLabel(bundle.policy.policyVersion))}`,
    `opening=${literal(marks.opening)}`,
    `closing=${literal(marks.closing)}`,
    `requirements=${sha256(Buffer.from(bundle.requirementsToml))}`,
    `second_channel=${literal(`${codexFolder.macos}/requirements.toml`)}`,
    ...shellFunction('files', [
      ...folders(bundle, 'macos').map((folder) => `  check_folder ${literal(folder)}`),
      ...checks,
    ]),
  ]);
}

/** The finding about a script that is too large for some product, or none. */
export function checkScript({ path, bytes }: FileArtifact): Diagnostic[] {
  const size = bytes.length;
  return size > scriptLimit
    ? [diagnostic('target/script-too-large', wholePolicy(['files']), { script: path, bytes: size, limit: scriptLimit })]
    : [];
}

/** The policy's name and version for console output: one line of ASCII without anything that a shell or console reads. */
export function policyLabel({ policy }: Bundle): string {
  return `${policy.name} ${plainLabel(policy.policyVersion)}`;
}

/** Files whose name is codex-mdm's own go whatever they hold; others only when they are what was written. */
export function isOwnName({ role }: DeviceFile): boolean {
  return role === 'relay' || role === 'relay-ca';
}

/** The files of a platform in order of delivery: the requirements come last. */
export function inDeliveryOrder(bundle: Bundle, platform: keyof DeviceFile['destination']): DeviceFile[] {
  const here = bundle.device.filter((file) => file.destination[platform] !== undefined);
  return [...here.filter(({ role }) => role !== 'requirements'), ...here.filter(({ role }) => role === 'requirements')];
}

/** The text of a template; a missing one is a fault of the installation. */
export function template(bundle: Bundle, name: string): string {
  const text = bundle.templates.get(name);
  if (text === undefined) throw new Error(`unreachable: the template ${name} is missing`);
  return text;
}

function plainLabel(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._+-]/gu, '_');
}

function placed(bundle: Bundle, platform: PosixPlatform): Placed[] {
  return inDeliveryOrder(bundle, platform).map((file) => ({ file, folder: parent(file.destination[platform] ?? '') }));
}

/** The folders that are the policy's own, parents first: Codex's where something lies in or below it, and those of the files. */
function folders(bundle: Bundle, platform: PosixPlatform): string[] {
  const managed = bundle.managedDir[platform];
  const own = new Set([
    ...(managed === undefined ? [] : [managed]),
    ...placed(bundle, platform).map(({ folder }) => folder),
  ]);
  const codex = codexFolder[platform];
  if ([...own].some((folder) => folder.startsWith(`${codex}/`))) own.add(codex);
  return [...own].sort(byCodeUnit);
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function heading(bundle: Bundle, platform: PosixPlatform): string[] {
  return [`label=${literal(policyLabel(bundle))}`, `system=${literal(platform === 'macos' ? 'Darwin' : 'Linux')}`];
}

function shellFunction(name: string, lines: readonly string[]): string[] {
  return [`${name}() {`, ...(lines.length > 0 ? lines : ['  :']), '}'];
}

/** A shell literal in which consoles find nothing to substitute: `''` splits `%NAME%`, `$NAME` and `{{name}}`. */
function literal(text: string): string {
  return shLiteral(text).replaceAll(/[$%{}]/g, "$&''");
}
