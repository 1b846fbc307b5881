import type { Contract } from '../contract/contract.ts';
import { isRange, releasesIn } from '../contract/range.ts';
import type { CodexVersion } from '../contract/version.ts';
import { type Diagnostic, diagnostic, hasErrors, type Result } from '../diagnostics/diagnostic.ts';
import { shorten } from '../source/describe.ts';
import { emptyTable, isTable, locate, type ParsedDocument } from '../source/document.ts';
import { checkEnvelope } from './envelope.ts';
import { expandRequirements } from './expand.ts';
import type { Clients, Platform, Policy } from './policy.ts';
import { readRelay } from './relay.ts';

/** The policy of a parsed policy.yaml: checked for its shape, short forms expanded, defaults applied. */
export function readPolicy(document: ParsedDocument, contract: Contract): Result<Policy> {
  const { value: source, diagnostics: shape } = checkEnvelope(document);
  if (!source) return { value: undefined, diagnostics: shape };
  const diagnostics: Diagnostic[] = [...shape];
  const clients = readClients(document, source.clients, contract, diagnostics);
  const { requirements: written, defaults } = document.value;
  const expanded = expandRequirements(document, isTable(written) ? written : emptyTable());
  diagnostics.push(...expanded.diagnostics);
  const platforms: readonly Platform[] = source.platforms;
  const relay =
    source.relay && clients
      ? readRelay(source.relay, { document, contract, clients, platforms, name: source.name })
      : undefined;
  diagnostics.push(...(relay?.diagnostics ?? []));
  if (!clients || hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const policy: Policy = {
    name: source.name,
    description: source.description ?? '',
    organization: source.organization,
    policyVersion: source.policy_version ?? '1',
    clients,
    platforms,
    requirements: expanded.table,
    relay: relay?.value,
    files: (source.files ?? []).map((file) => ({
      source: file.source,
      name: file.name,
      platforms: (file.platforms ?? platforms).filter((platform) => platforms.includes(platform)),
    })),
    defaults: isTable(defaults) ? defaults : undefined,
    accept: source.accept ?? [],
    targets: source.targets ? Object.keys(source.targets) : undefined,
  };
  return { value: policy, diagnostics };
}

function readClients(
  document: ParsedDocument,
  range: string,
  contract: Contract,
  diagnostics: Diagnostic[],
): Clients | undefined {
  const at = { location: locate(document, ['clients'], 'value'), path: ['clients'] };
  const known = contract.releases.map(({ version }) => version);
  const [oldest, newest] = [known[0], known.at(-1)];
  if (!oldest || !newest) throw new Error('unreachable: no release is registered');
  if (!isRange(range)) {
    diagnostics.push(diagnostic('policy/bad-range', at, { range: shorten(range), example: `>=${newest}` }));
    return undefined;
  }
  const releases = releasesIn(range, known);
  const [from, to] = [releases[0], releases.at(-1)];
  if (!from || !to) {
    diagnostics.push(diagnostic('policy/no-release', at, { range, oldest, newest }));
    return undefined;
  }
  const beyond = '999999.0.0' as CodexVersion;
  return { range, releases, from, to, open: releasesIn(range, [beyond]).length > 0 };
}
