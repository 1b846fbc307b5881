import { deny, letThrough } from '../../src/codex/collector.ts';
import { type CodexVersion, compareVersions, parseVersion } from '../../src/contract/version.ts';
import { policyWith } from '../support/policies.ts';
import { type BuiltExample, compiledExample } from './example.ts';
import type { Scene } from './scene.ts';

/** What a check's policy has below `relay:`, and beside it; files by the name that they get on the device. */
export interface RelayCase {
  readonly relay: string;
  readonly requirements?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** The bundle of a small policy for exactly one release. */
export function bundleFor(
  version: CodexVersion,
  { relay, requirements, files = {} }: RelayCase,
): Promise<BuiltExample> {
  const names = Object.keys(files);
  const text = [
    ...(requirements === undefined ? [] : ['requirements:', indented(requirements)]),
    ...(names.length === 0 ? [] : ['files:', ...names.map((name) => `  - { source: ${name}, name: ${name} }`)]),
    'relay:',
    indented(relay),
    'targets: {}',
    '',
  ].join('\n');
  const sources = { 'mint.sh': 'exit 0\n', ...files };
  const bytes = new Map(Object.entries(sources).map(([name, content]) => [name, new TextEncoder().encode(content)]));
  return compiledExample(policyWith(text, { clients: `=${version}` }), bytes);
}

/** Who judges tool calls: as a preset knows it, and as the machine of a test has it. */
export interface Judge {
  readonly name: string;
  /** The oldest release that the preset is meant for. */
  readonly least: string;
  relay(onFailure: string): string;
  /** Nobody listens, or the program is not there. */
  leave(on: Scene): Promise<void>;
  /** It is there and says the same to every question. */
  answer(on: Scene, isDenial: boolean): Promise<void>;
}

/** The reason of every judge. */
export const judgement = 'denied by the judge';

const endpoint = 'endpoint: http://127.0.0.1:9009';
const enforced = (onFailure: string): string =>
  `events:\n  PreToolUse: { mode: enforce, on_failure: ${onFailure}, timeout: 3s }`;

const collector: Pick<Judge, 'leave' | 'answer'> = {
  leave: (on) => on.setCollector(undefined),
  answer: (on, isDenial) => on.setCollector(() => (isDenial ? deny(judgement) : letThrough)),
};

function program(path: string): Pick<Judge, 'leave' | 'answer'> {
  return {
    leave: (on) => on.room.remove(path),
    answer: (on, isDenial) =>
      on.room.write(path, `#!/bin/sh\ncat >/dev/null\n${isDenial ? `echo "${judgement}" >&2\nexit 2\n` : ''}`, 0o755),
  };
}

export const judges: readonly Judge[] = [
  {
    name: 'generic: the collector',
    least: '0.133.0',
    relay: (onFailure) => `${endpoint}\n${enforced(onFailure)}`,
    ...collector,
  },
  {
    name: 'akto: the service',
    least: '0.133.0',
    relay: (onFailure) => `preset: akto\n${endpoint}\n${enforced(onFailure)}`,
    ...collector,
  },
  {
    name: 'agent-hooks: the tool',
    least: '0.133.0',
    relay: (onFailure) => `preset: agent-hooks\ncommand: { posix: /opt/judge }\n${enforced(onFailure)}`,
    ...program('/opt/judge'),
  },
  {
    name: 'custom: the program',
    least: '0.133.0',
    relay: (onFailure) => `preset: custom\ncommand: { posix: /opt/judge }\n${enforced(onFailure)}`,
    ...program('/opt/judge'),
  },
  {
    name: 'mintmcp: the script',
    least: '0.141.0',
    relay: (onFailure) => `preset: mintmcp\nscript: mint.sh\n${enforced(onFailure).replace(', timeout: 3s', '')}`,
    ...program('/etc/codex/hooks/mint.sh'),
  },
];

/** Whether a judge's preset is meant for a release. */
export function isFor(judge: Judge, version: CodexVersion): boolean {
  const least = parseVersion(judge.least);
  return least !== undefined && compareVersions(least, version) <= 0;
}

/** Asks about one event, closed on failure. */
export function enforcing(event: string): RelayCase {
  return { relay: `${endpoint}\n${enforced('closed').replace('PreToolUse', event)}` };
}

/** Observes events, beside a script of the administrator's that gets the same ones (and that the scene records). */
export function observing(events: readonly string[], script = 'cat >/dev/null\n'): RelayCase {
  const hook = '[{ hooks: [{ type: command, command: /bin/sh /etc/codex/hooks/beside.sh }] }]';
  return {
    requirements: hooks(events.map((event) => `${event}: ${hook}`)),
    files: { 'beside.sh': script },
    relay: `${endpoint}\nevents:\n${events.map((event) => `  ${event}: observe`).join('\n')}`,
  };
}

/** Asks about tool calls and reports their results. */
export const askingAndReporting: RelayCase = {
  relay: `${endpoint}\n${enforced('closed')}\n  PostToolUse: observe`,
};

/** The same beside another hook on tool calls. */
export function askingBeside(command: string): RelayCase {
  const hook = `PreToolUse: [{ hooks: [{ type: command, command: ${JSON.stringify(command)} }] }]`;
  return { ...askingAndReporting, requirements: hooks([hook]) };
}

function hooks(groups: readonly string[]): string {
  return ['hooks:', ...groups.map((group) => `  ${group}`)].join('\n');
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
