import { type FileArtifact, file } from '../artifacts/artifact.ts';
import { behaviours } from '../contract/behaviours.ts';
import { type Contract, effectOn } from '../contract/contract.ts';
import { worstOn } from '../contract/judge.ts';
import type { Statement } from '../contract/statement.ts';
import { formatReleases } from '../contract/version.ts';
import type { Platform } from '../policy/policy.ts';
import { formatPath } from '../source/document.ts';
import { macosRunbook } from './macos.ts';
import type { Bundle, DeviceFile, Target } from './target.ts';

/** What README.md needs beside the bundle itself. */
export interface ReadmeFacts {
  readonly tool: { readonly name: string; readonly version: string };
  readonly contract: Contract;
  readonly statements: readonly Statement[];
  readonly accepted: readonly { readonly finding: string; readonly path: string; readonly reason: string }[];
}

/** README.md: the runbook of one policy. */
export function readme(bundle: Bundle, chosen: readonly Target[], facts: ReadmeFacts): FileArtifact {
  const { policy } = bundle;
  const { clients } = policy;
  const parts = [
    `# ${policy.name}`,
    text(policy.description),
    [
      `Managed OpenAI Codex of ${text(policy.organization.name)}, policy version ${text(policy.policyVersion)}.`,
      `Made by ${facts.tool.name} ${facts.tool.version} for ${policy.platforms.map((platform) => platformNames[platform]).join(', ')}`,
      `and the Codex releases ${clients.from} to ${clients.to} (\`${clients.range}\`).`,
      ...(clients.open
        ? [
            `The range is open: releases after ${clients.to} were not known when this was built. Build again when one comes out.`,
          ]
        : []),
      'Do not edit these files: change the policy and build again.',
    ].join('\n'),
    `## What is enforced\n\n${enforced(bundle, facts)}`,
    `## What is not\n\n${notEnforced(bundle, facts)}`,
    `## Order of work\n\n${orderOfWork(bundle)}`,
    `## Files on the devices\n\n${placesTable(bundle)}`,
    ...(policy.platforms.includes('macos') ? [macosRunbook(bundle).trim()] : []),
    ...chosen.map((target) => target.runbook(bundle).trim()),
  ];
  return file('README.md', `${parts.filter((part) => part !== '').join('\n\n')}\n`);
}

const platformNames: Readonly<Record<Platform, string>> = { macos: 'macOS', windows: 'Windows', linux: 'Linux' };

/** Text of the policy inside Markdown: one line, nothing in it is markup. */
function text(value: string): string {
  return value
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]<>#|~&]/g, '\\$&')
    .replace(/^(?=[-+=])|^\d+(?=[.)])/, '$&\\');
}

function code(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return line.includes('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

function cell(value: string): string {
  return value.replaceAll('|', '\\|');
}

/** One row for each root key: the releases on which all of it holds. */
function enforced(bundle: Bundle, { statements, contract }: ReadmeFacts): string {
  if (statements.length === 0) return 'This policy sets no requirements.';
  const registry = contract.releases.map(({ version }) => version);
  const rows = statements.map((statement) => {
    const whole = bundle.policy.clients.releases.filter((version) => worstOn([statement], version) === 'enforced');
    const holds =
      whole.length === bundle.policy.clients.releases.length
        ? 'all of the fleet'
        : formatReleases(whole, registry) || 'no release: see below';
    return `| ${cell(code(formatPath(statement.path)))} | ${holds} |`;
  });
  return [
    '`device/requirements.toml` says it in full. The real Codex is the judge of this table.',
    '',
    '| Key | Enforced as written on |',
    '| --- | --- |',
    ...rows,
  ].join('\n');
}

function notEnforced(bundle: Bundle, facts: ReadmeFacts): string {
  const { accepted, contract } = facts;
  const gaps = accepted.map(
    ({ finding, path, reason }) => `- Accepted gap: ${code(path)} (${code(finding)}). Reason: ${text(reason)}`,
  );
  const limits = behaviours(contract, bundle.policy.clients.releases).map((line) => `- ${line}`);
  const { defaults, relay, platforms, requirements } = bundle.policy;
  const hasScripts = bundle.device.some(({ role }) => role === 'relay' || role === 'file');
  const isOpenOnWindows = relay !== undefined && platforms.includes('windows') && relay.windowsGuard === 'none';
  const own: readonly (readonly [applies: boolean, line: string])[] = [
    [
      defaults !== undefined,
      '`config.toml` holds starting values: users may change them, and its keys were not judged.',
    ],
    [
      isOpenOnWindows,
      'Windows: where `codex-relay.ps1` is missing, Codex lets the action through, also at events that fail closed. `relay.windows_guard: encoded` closes that.',
    ],
    [hasScripts, "Hooks run as the user. Whatever a hook may read, such as the relay's token, the user may read."],
    [
      requirements['rules'] !== undefined,
      'Prefix rules match plain words only: wrappers such as `env`, `bash -c` or a redirection pass them by.',
    ],
  ];
  const applying = own.flatMap(([applies, line]) => (applies ? [`- ${line}`] : []));
  return [...gaps, ...applying, ...formerFlag(bundle, facts), ...limits].join('\n');
}

/** Newer clients warn of the former name of the hooks feature; older ones know no other. */
function formerFlag(bundle: Bundle, { contract, statements }: ReadmeFacts): string[] {
  const flags = contract.root.members.get('features')?.members;
  const present = flags?.get('hooks')?.fact;
  const isPinned = statements.some(({ inner }) => inner.some(({ path }) => path[1] === 'codex_hooks'));
  if (!isPinned || !present) return [];
  const warned = bundle.policy.clients.releases.filter((version) => effectOn(present, version) === 'enforced');
  const registry = contract.releases.map(({ version }) => version);
  if (warned.length === 0) return [];
  return [
    `- Codex ${formatReleases(warned, registry)} warns that ${code('codex_hooks')} is the former name of ${code('hooks')}. The pin holds.`,
  ];
}

function orderOfWork({ device, policy }: Bundle): string {
  const scripts = device.some(({ role }) => role !== 'requirements' && role !== 'config');
  const steps = [
    'Try the bundle on a pilot group first.',
    ...(scripts
      ? ['Deliver the scripts of the managed directory (and the token, if the relay has one) to every device.']
      : []),
    `Then deliver the requirements${policy.platforms.includes('macos') ? ' (on macOS the profile, nowhere a file beside it)' : ''}.`,
    'Have Codex restarted: a running session keeps the policy that it started with.',
    'To roll back, deliver the former bundle over the same objects. To remove, take the requirements away first, then the scripts.',
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

function placesTable({ device, policy }: Bundle): string {
  const place = (entry: DeviceFile, platform: Bundle['policy']['platforms'][number]): string => {
    const path = entry.destination[platform];
    if (path !== undefined) return cell(code(path));
    return entry.role === 'requirements' && platform === 'macos' ? 'in the profile' : '';
  };
  const rows = device.map(
    (entry) =>
      `| ${cell(code(entry.name))} | ${policy.platforms.map((platform) => place(entry, platform)).join(' | ')} |`,
  );
  return [
    `| File | ${policy.platforms.map((platform) => platformNames[platform]).join(' | ')} |`,
    `| --- |${policy.platforms.map(() => ' --- |').join('')}`,
    ...rows,
  ].join('\n');
}
