import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import { requirementsPath } from '../../src/codex/observe-client.ts';
import { type CodexVersion, compareVersions, parseVersion } from '../../src/contract/version.ts';
import type { RelayPolicy } from '../../src/policy/policy.ts';
import { readPolicy } from '../../src/policy/read.ts';
import { parseYaml } from '../../src/source/yaml.ts';
import { compileText, packageData } from '../support/policies.ts';

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
  const examples = names.map(({ name }) => exampleOf((path) => readFileSync(join(folder, name, path)), relayOf));
  return examples
    .filter(({ device }) => device.some(({ destination }) => destination === requirementsPath))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A policy compiled on the spot, as if it were a built example. Throws with the diagnostics when it is not right. */
export async function compiledExample(text: string, files?: ReadonlyMap<string, Uint8Array>): Promise<BuiltExample> {
  const { value, diagnostics } = await compileText(text, files);
  if (!value) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const bytes = new Map(value.artifacts.map((artifact) => [artifact.path, Buffer.from(artifact.bytes)]));
  const read = (path: string): Buffer => {
    const found = bytes.get(path);
    if (!found) throw new Error(`no ${path} in the bundle`);
    return found;
  };
  return exampleOf(read, () => value.policy.relay);
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

function exampleOf(
  read: (path: string) => Buffer,
  relay: (policyName: string) => RelayPolicy | undefined,
): BuiltExample {
  const bundle = JSON.parse(read('bundle.json').toString('utf8')) as BundleJson;
  const device = bundle.files.flatMap(({ path, mode, destination }) =>
    destination.linux === undefined
      ? []
      : [
          {
            destination: destination.linux,
            mode: Number.parseInt(mode, 8),
            bytes: read(path),
          },
        ],
  );
  return {
    name: bundle.policy.name,
    clients: bundle.clients,
    accepted: bundle.accepted,
    requirements: parse(read('device/requirements.toml').toString('utf8')),
    device,
    relay: relay(bundle.policy.name),
  };
}

function relayOf(name: string): RelayPolicy | undefined {
  const path = join('templates/policies', `${name}.yaml`);
  const document = parseYaml({ name: path, text: readFileSync(path, 'utf8') }).value;
  const policy = document && readPolicy(document, packageData.contract).value;
  if (policy?.name !== name) throw new Error(`${path} is not the policy of ${name}`);
  return policy.relay;
}
