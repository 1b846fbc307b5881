import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { requirementsPath } from '../../src/codex/observe-client.ts';
import { type CodexVersion, compareVersions, parseVersion } from '../../src/contract/version.ts';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { readPolicy } from '../../src/policy/read.ts';
import { parseYaml } from '../../src/source/yaml.ts';
import { packageData } from '../support/policies.ts';

/** A finished bundle as it would be handed to a fleet, with what its policy says about the relay. */
export interface BuiltExample {
  readonly name: string;
  readonly clients: { readonly from: string; readonly to: string };
  readonly accepted: readonly { readonly finding: string; readonly path: string; readonly reason: string }[];
  /** device/requirements.toml, read by a parser that is not ours. */
  readonly requirements: TomlTable;
  /** Files for Linux devices: where each goes. */
  readonly device: readonly { readonly destination: string; readonly mode: number; readonly bytes: Buffer }[];
  readonly relay: RelayPolicy | undefined;
}

/** The built examples that have files for Linux, sorted by name. */
export function builtExamples(folder: string): BuiltExample[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const examples = names.map(({ name }) => readExample(join(folder, name)));
  return examples
    .filter(({ device }) => device.some(({ destination }) => destination === requirementsPath))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a release lies inside the example's `clients`. */
export function covers(example: BuiltExample, version: CodexVersion): boolean {
  const from = parseVersion(example.clients.from);
  const to = parseVersion(example.clients.to);
  if (!from || !to) throw new Error(`bundle.json of ${example.name}: clients without versions`);
  return compareVersions(from, version) <= 0 && compareVersions(version, to) <= 0;
}

interface BundleJson {
  readonly policy: { readonly name: string };
  readonly clients: BuiltExample['clients'];
  readonly accepted: BuiltExample['accepted'];
  readonly files: readonly {
    readonly path: string;
    readonly mode: string;
    readonly destination: { readonly linux?: string };
  }[];
}

function readExample(folder: string): BuiltExample {
  const bundle = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as BundleJson;
  const device = bundle.files.flatMap(({ path, mode, destination }) =>
    destination.linux === undefined
      ? []
      : [
          {
            destination: destination.linux,
            mode: Number.parseInt(mode, 8),
            bytes: readFileSync(join(folder, path)),
          },
        ],
  );
  return {
    name: bundle.policy.name,
    clients: bundle.clients,
    accepted: bundle.accepted,
    requirements: parse(readFileSync(join(folder, 'device', 'requirements.toml'), 'utf8')),
    device,
    relay: relayOf(bundle.policy.name),
  };
}

function relayOf(name: string): RelayPolicy | undefined {
  const path = join('templates/policies', `${name}.yaml`);
  const document = parseYaml({ name: path, text: readFileSync(path, 'utf8') }).value;
  const policy = document && readPolicy(document, packageData.contract).value;
  if (policy?.name !== name) throw new Error(`${path} is not the policy of ${name}`);
  return policy.relay;
}
