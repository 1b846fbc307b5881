import { yamlScalar } from '../artifacts/yaml.ts';
import type { Platform } from '../policy/policy.ts';
import { type Bundle, codexFolder, type DeviceFile } from './target.ts';

/** The systems that share one set of states: paths and ownership are the same on macOS and Linux. */
export type Side = 'unix' | 'windows';

/** The value of the grain `kernel` on each platform. */
export const kernels: Readonly<Record<Platform, string>> = { linux: 'Linux', macos: 'Darwin', windows: 'Windows' };

/** What one side gets. */
interface Plan {
  readonly side: Side;
  readonly platforms: readonly Platform[];
  /** Parents first. */
  readonly folders: readonly Folder[];
  readonly files: readonly Placed[];
  readonly tokenFile: string | undefined;
  readonly requirements: Placed;
}

interface Folder {
  readonly name: string;
  readonly path: string;
}

interface Placed {
  readonly file: DeviceFile;
  readonly path: string;
  /** Those of the side's platforms that get the file at this path. */
  readonly platforms: readonly Platform[];
}

/** The platforms of the policy that a side serves. */
export function platformsOf({ policy }: Bundle, side: Side): Platform[] {
  return policy.platforms.filter((platform) => (platform === 'windows') === (side === 'windows'));
}

/** The states that put everything in place: folders, files and token, the requirements last. */
export function installStates(bundle: Bundle, side: Side): string {
  const plan = planOf(bundle, side);
  return sls(bundle, [
    ...variables(plan),
    ...plan.folders.flatMap((folder, index) => folderState(plan, folder, plan.folders[index - 1])),
    ...plan.files.flatMap((placed) =>
      guarded(plan, placed.platforms, [
        '',
        ...fileState(plan, `file-${placed.file.name}`, placed, [after(folderOf(plan, placed.path).name)]),
      ]),
    ),
    ...tokenStates(plan),
    ...requirementsStates(plan),
  ]);
}

/** The states that remove what installStates wrote: the requirements first, folders last and only when they are empty. */
export function cleanStates(bundle: Bundle, side: Side): string {
  const plan = planOf(bundle, side);
  const { tokenFile, platforms: all } = plan;
  const files = [
    ...plan.files.map(({ file, path, platforms }) => ({ name: `file-${file.name}`, path, platforms })),
    ...(tokenFile === undefined ? [] : [{ name: 'relay-token', path: tokenFile, platforms: all }]),
  ];
  const folders = plan.folders.filter(({ name }) => name !== 'vendor-folder').toReversed();
  return sls(bundle, [
    '',
    ...state('clean-requirements', 'file.absent', [named(plan.requirements.path)]),
    ...files.flatMap(({ name, path, platforms }) =>
      guarded(plan, platforms, [
        '',
        ...state(`clean-${name}`, 'file.absent', [named(path), '- require:', after('clean-requirements')]),
      ]),
    ),
    ...folders.flatMap(({ name, path }, index) => [
      '',
      ...state(`clean-${name}`, 'file.absent', [
        named(path),
        '# Only when it is empty: file.absent removes whole trees. The path is a pattern to file.find.',
        '- unless:',
        '  - fun: file.find',
        `    args: [${yamlScalar(path.replaceAll(/[*?[]/g, '[$&]'))}]`,
        '    mindepth: 1',
        '    maxdepth: 1',
        '- require:',
        after(index === 0 ? 'clean-requirements' : `clean-${folders[index - 1]?.name}`),
        ...(index === 0 ? files : []).flatMap((file) => guarded(plan, file.platforms, [after(`clean-${file.name}`)])),
      ]),
    ]),
  ]);
}

function planOf(bundle: Bundle, side: Side): Plan {
  const platforms = platformsOf(bundle, side);
  const requirements = bundle.device.find(({ role }) => role === 'requirements');
  if (!requirements) throw new Error('unreachable: a bundle without requirements');
  const system = side === 'windows' ? codexFolder.windows : codexFolder.linux;
  const tokenFiles = bundle.policy.relay?.auth?.tokenFile;
  return {
    side,
    platforms,
    folders: foldersOf(system, platforms.map((platform) => bundle.managedDir[platform]).find(Boolean)),
    files: bundle.device
      .filter((file) => file !== requirements)
      .flatMap((file) => {
        const paths = new Set(platforms.flatMap((platform) => file.destination[platform] ?? []));
        return [...paths].map((path) => ({
          file,
          path,
          platforms: platforms.filter((platform) => file.destination[platform] === path),
        }));
      }),
    tokenFile: side === 'windows' ? tokenFiles?.windows : tokenFiles?.posix,
    // On macOS they have no destination, because the profile carries them; the pillar may ask for the file all the same.
    requirements: { file: requirements, path: `${system}${separator(system)}${requirements.name}`, platforms },
  };
}

/** Codex's folder, the managed one, and what lies between; on Windows the vendor's as well, which any user may make. */
function foldersOf(system: string, managed: string | undefined): Folder[] {
  const vendor = separator(system) === '/' ? [] : [{ name: 'vendor-folder', path: parentOf(system) }];
  const folders = [...vendor, { name: 'folder', path: system }];
  if (managed === undefined || sameCase(managed) === sameCase(system)) return folders;
  const between: string[] = [];
  if (sameCase(managed).startsWith(sameCase(system + separator(system))))
    for (let path = parentOf(managed); path.length > system.length; path = parentOf(path)) between.unshift(path);
  return [
    ...folders,
    ...between.map((path, index) => ({ name: `hooks-folder-parent-${index + 1}`, path })),
    { name: 'hooks-folder', path: managed },
  ];
}

function separator(path: string): '/' | '\\' {
  return path.startsWith('/') ? '/' : '\\';
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf(separator(path)));
}

/** Windows does not tell letter case apart. */
function sameCase(path: string): string {
  return separator(path) === '/' ? path : path.toLowerCase();
}

function folderOf(plan: Plan, path: string): Folder {
  const found = plan.folders.find((folder) => sameCase(folder.path) === sameCase(parentOf(path)));
  if (!found) throw new Error('unreachable: a device file outside the folders of the bundle');
  return found;
}

/** Who may do what: root on POSIX systems; on Windows SYSTEM, Administrators and Users, by SID because names are localised. */
function access(plan: Plan, key: 'mode' | 'dir_mode', mode: string): string[] {
  if (plan.side === 'unix') return ['- user: root', '- group: {{ group }}', `- ${key}: '${mode}'`];
  return [
    '- win_owner: S-1-5-32-544',
    '- win_perms:',
    ...[
      ['S-1-5-18', 'full_control'],
      ['S-1-5-32-544', 'full_control'],
      ['S-1-5-32-545', 'read_execute'],
    ].flatMap(([sid, perms]) => [`    ${sid}:`, `      perms: ${perms}`]),
    '- win_inheritance: false',
    '- win_perms_reset: true',
  ];
}

function folderState(plan: Plan, folder: Folder, before: Folder | undefined): string[] {
  return [
    '',
    ...state(folder.name, 'file.directory', [
      named(folder.path),
      ...access(plan, 'dir_mode', '0755'),
      '- makedirs: true',
      '- allow_symlink: false',
      ...(before ? ['- require:', after(before.name)] : []),
    ]),
  ];
}

function fileState(plan: Plan, name: string, { file, path }: Placed, needs: readonly string[]): string[] {
  return state(name, 'file.managed', [
    named(path),
    `- source: salt://codex_managed/files/${file.name}`,
    ...access(plan, 'mode', `0${file.mode.toString(8)}`),
    '- follow_symlinks: false',
    ...checkCommand(plan, file.sha256),
    '- require:',
    ...needs,
  ]);
}

/**
 * Refuses other bytes than those of this build before the old file is touched; Salt ignores source_hash for salt://.
 * Salt appends the path of the new file. The Windows line has no quotes or `&`, so that no shell on the way changes it.
 */
function checkCommand({ side }: Plan, sha256: string): string[] {
  if (side === 'unix') return [`- check_cmd: /bin/sh -c 'test "$({{ digest }} <"$0" | cut -c1-64)" = ${sha256}'`];
  return [
    '- check_cmd: >-',
    '    powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command',
    `    . {exit [int]((Get-FileHash -LiteralPath ($args -join ' ')).Hash -ne '${sha256}')}`,
  ];
}

/** Without a value in the pillar somebody else must have delivered the token; a GPG pillar that fails is an empty one. */
function tokenStates(plan: Plan): string[] {
  if (plan.tokenFile === undefined) return [];
  const last = plan.folders.at(-1);
  return [
    `{%- if salt['pillar.get']('codex_managed:relay_token') %}`,
    '',
    ...state('relay-token', 'file.managed', [
      named(plan.tokenFile),
      '- contents_pillar: codex_managed:relay_token',
      ...access(plan, 'mode', '0644'),
      ...(plan.side === 'unix' ? [`- dir_mode: '0755'`] : []),
      '- makedirs: true',
      '- follow_symlinks: false',
      '- show_changes: false',
      ...(last ? ['- require:', after(last.name)] : []),
    ]),
    '{%- else %}',
    '',
    '# The pillar holds no token: another channel must have delivered it.',
    ...state('relay-token', 'file.exists', [named(plan.tokenFile)]),
    '{%- endif %}',
  ];
}

function requirementsStates(plan: Plan): string[] {
  const last = plan.folders.at(-1);
  const needs = [
    ...(last ? [after(last.name)] : []),
    ...plan.files.flatMap(({ file, platforms }) => guarded(plan, platforms, [after(`file-${file.name}`)])),
  ];
  const install = ['', ...fileState(plan, 'requirements', plan.requirements, needs)];
  if (!plan.platforms.includes('macos')) return install;
  return [
    `{%- if channel == 'file' %}`,
    ...install,
    `{%- elif channel == 'mdm' %}`,
    '',
    '# The profile carries the requirements. A file beside it would run every hook twice; without the profile it stays.',
    ...state('requirements', 'file.absent', [
      named(plan.requirements.path),
      `- onlyif: /usr/bin/defaults read '/Library/Managed Preferences/com.openai.codex' requirements_toml_base64`,
    ]),
    '{%- else %}',
    '',
    ...state('requirements', 'test.fail_without_changes', [
      '- comment: The pillar codex_managed:requirements_channel must be mdm or file.',
    ]),
    '{%- endif %}',
  ];
}

/** Jinja variables for what differs between macOS and Linux. */
function variables({ side, platforms }: Plan): string[] {
  if (side === 'windows') return [];
  const either = (darwin: string, linux: string): string => {
    if (!platforms.includes('linux')) return darwin;
    return platforms.includes('macos') ? `${darwin} if grains['kernel'] == 'Darwin' else ${linux}` : linux;
  };
  return [
    `{%- set group = ${either(`'wheel'`, `'root'`)} %}`,
    `{%- set digest = ${either(`'/usr/bin/shasum -a 256'`, `'sha256sum'`)} %}`,
    ...(platforms.includes('macos')
      ? [`{%- set channel = ${either(`salt['pillar.get']('codex_managed:requirements_channel', 'mdm')`, `'file'`)} %}`]
      : []),
  ];
}

/** Lines that hold for some platforms of a side only. */
function guarded({ platforms }: Plan, some: readonly Platform[], lines: readonly string[]): string[] {
  if (some.length === platforms.length) return [...lines];
  const names = some.map((platform) => `'${kernels[platform]}'`).join(', ');
  return [`{%- if grains['kernel'] in [${names}] %}`, ...lines, '{%- endif %}'];
}

function state(name: string, fun: string, lines: readonly string[]): string[] {
  return [`codex-managed-${name}:`, `  ${fun}:`, ...lines.map((line) => `    ${line}`)];
}

function named(path: string): string {
  return `- name: ${yamlScalar(path)}`;
}

function after(name: string): string {
  return `  - file: codex-managed-${name}`;
}

function sls({ policy }: Bundle, lines: readonly string[]): string {
  const heading = [
    '# -*- coding: utf-8 -*-',
    '# vim: ft=sls',
    `# Made by codex-mdm from the policy ${policy.name}. Change the policy and build again.`,
  ];
  return `${[...heading, ...lines].join('\n')}\n`;
}
