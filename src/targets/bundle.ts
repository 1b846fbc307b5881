import { byCodeUnit, type FileArtifact } from '../artifacts/artifact.ts';
import { type Diagnostic, diagnostic, type Result } from '../diagnostics/diagnostic.ts';
import type { Policy } from '../policy/policy.ts';
import { locate, type ParsedDocument } from '../source/document.ts';
import { deviceArtifacts } from './device.ts';
import { targets } from './index.ts';
import { checkMacos, macosFiles } from './macos.ts';
import { manifest } from './manifest.ts';
import { type ReadmeFacts, readme } from './readme.ts';
import type { Bundle, Target } from './target.ts';

/** All files of a bundle, sorted by path, and what the products' limits have to say about it. */
export async function bundleFiles(
  bundle: Bundle,
  chosen: readonly Target[],
  facts: ReadmeFacts,
): Promise<Result<readonly FileArtifact[]>> {
  const hasMac = bundle.policy.platforms.includes('macos');
  const limits = [...(hasMac ? checkMacos(bundle) : []), ...chosen.flatMap((target) => target.check?.(bundle) ?? [])];
  const emitted = await Promise.all(chosen.map((target) => target.emit(bundle)));
  const files = [...deviceArtifacts(bundle.device), ...(hasMac ? macosFiles(bundle) : []), ...emitted.flat()];
  files.push(readme(bundle, chosen, facts));
  files.push(
    ...manifest({ tool: facts.tool, policy: bundle.policy, accepted: facts.accepted, device: bundle.device }, files),
  );
  refuseClashes(files);
  return { value: files.sort((a, b) => byCodeUnit(a.path, b.path)), diagnostics: limits };
}

/** The targets that a policy selects: those it names, or all that serve one of its platforms. */
export function chosenTargets(
  names: readonly string[] | undefined,
  platforms: Bundle['policy']['platforms'],
): readonly Target[] {
  return targets.filter((target) =>
    names ? names.includes(target.name) : target.platforms.some((platform) => platforms.includes(platform)),
  );
}

/** Products that serve none of the policy's platforms, whether the policy names them or the command line does. */
export function checkTargets(document: ParsedDocument, policy: Policy, chosen: readonly Target[]): Diagnostic[] {
  return chosen
    .filter((target) => !target.platforms.some((platform) => policy.platforms.includes(platform)))
    .map(({ name, platforms }) => {
      const path = policy.targets?.includes(name) ? ['targets', name] : ['platforms'];
      return diagnostic(
        'policy/target-platform',
        { location: locate(document, path, 'key'), path },
        { target: name, platforms },
      );
    });
}

/** A path of ours is relative, plain, and different from every other one also where letter case is not told apart. */
function refuseClashes(files: readonly FileArtifact[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    const isPlain =
      /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/.test(path) && !path.split('/').some((part) => /^\.+$/.test(part));
    if (!isPlain || seen.has(path.toLowerCase())) throw new Error(`unreachable: the artifact path ${path}`);
    seen.add(path.toLowerCase());
  }
}
