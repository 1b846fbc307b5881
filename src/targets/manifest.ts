import { byCodeUnit, type FileArtifact, file, sha256 } from '../artifacts/artifact.ts';
import type { Policy } from '../policy/policy.ts';
import type { DeviceFile } from './target.ts';

/** What bundle.json says about the bundle as a whole. */
export interface ManifestFacts {
  readonly tool: { readonly name: string; readonly version: string };
  readonly policy: Policy;
  readonly accepted: readonly { readonly finding: string; readonly path: string; readonly reason: string }[];
  readonly device: readonly DeviceFile[];
}

/** bundle.json and SHA256SUMS for the files of a bundle, README.md among them. */
export function manifest(facts: ManifestFacts, files: readonly FileArtifact[]): FileArtifact[] {
  const sorted = [...files].sort((a, b) => byCodeUnit(a.path, b.path));
  const destinations = new Map(facts.device.map((entry) => [`device/${entry.name}`, entry.destination]));
  const { policy } = facts;
  const bundle = {
    schemaVersion: 1,
    tool: facts.tool,
    policy: { name: policy.name, version: policy.policyVersion },
    clients: { range: policy.clients.range, from: policy.clients.from, to: policy.clients.to },
    accepted: facts.accepted,
    device: Object.fromEntries(facts.device.map((entry) => [entry.name, entry.sha256])),
    files: sorted.map(({ path, mode, bytes }) => ({
      path,
      mode: `0${mode.toString(8)}`,
      sha256: sha256(bytes),
      destination: destinations.get(path) ?? {},
    })),
  };
  const bundleJson = file('bundle.json', `${JSON.stringify(bundle, null, 2)}\n`);
  const sums = [...sorted, bundleJson]
    .sort((a, b) => byCodeUnit(a.path, b.path))
    .map(({ path, bytes }) => `${sha256(bytes)}  ${path}\n`);
  return [bundleJson, file('SHA256SUMS', sums.join(''))];
}
