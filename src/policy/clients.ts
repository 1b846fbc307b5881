import { channelFact } from '../contract/channels.ts';
import { type Contract, effectOn } from '../contract/contract.ts';
import type { Finding } from '../contract/findings.ts';
import { type CodexVersion, formatReleases } from '../contract/version.ts';
import type { Code } from '../diagnostics/catalog.ts';
import { type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath, locate, type ParsedDocument } from '../source/document.ts';
import type { Policy } from './policy.ts';

/** What is left of the findings once the policy's `accept` has had its say. */
export interface Acceptance {
  readonly remaining: readonly Finding[];
  readonly accepted: Policy['accept'];
  /** About the entries of `accept` themselves. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Takes out the gaps that somebody answers for. Only what a client ignores or weakens can be accepted. */
export function acceptGaps(document: ParsedDocument, policy: Policy, found: readonly Finding[]): Acceptance {
  const taken = new Set<Finding>();
  const accepted: Policy['accept'][number][] = [];
  const diagnostics = policy.accept.flatMap((entry, index) => {
    const matching = found.filter(({ diagnostic: d }) => d.code === entry.finding && formatPath(d.path) === entry.path);
    const gaps = matching.filter(({ isGap }) => isGap);
    for (const gap of gaps) taken.add(gap);
    if (gaps.length > 0) accepted.push(entry);
    const path = ['accept', index];
    const at = { location: locate(document, path, 'value'), path };
    if (matching.length === 0)
      return [diagnostic('policy/unused-accept', at, { finding: entry.finding, path: entry.path })];
    return gaps.length < matching.length
      ? [diagnostic('policy/accept-impossible', at, { finding: entry.finding })]
      : [];
  });
  const remaining = found.filter((finding) => !taken.has(finding));
  return {
    remaining: remaining.map((finding) => ({ ...finding, diagnostic: withHint(finding) })),
    accepted,
    diagnostics,
  };
}

/** Names that stand in the wrong place, or are another program's. */
const slips: ReadonlySet<Code> = new Set([
  'contract/config-key',
  'contract/handler-field',
  'contract/handler-in-group',
  'contract/root-key-after-table',
  'contract/table-key-at-root',
]);

/** Shows the entry that would accept a gap; a name that no release knows is a slip, and nobody answers for that. */
function withHint({ diagnostic: found, isGap }: Finding): Diagnostic {
  if (!isGap || found.code.startsWith('contract/unknown-') || slips.has(found.code)) return found;
  const path = formatPath(found.path);
  const scalar = /^[A-Za-z0-9_.-]+$/.test(path) ? path : JSON.stringify(path);
  const entry = `- { finding: ${found.code}, path: ${scalar}, reason: … }`;
  return { ...found, help: `${found.help ?? 'correct it'}; or answer for it under \`accept\`: \`${entry}\`` };
}

/** Clients that are too old for the channel which carries the requirements on a platform of the policy. */
export function channelFindings(document: ParsedDocument, policy: Policy, contract: Contract): Finding[] {
  const registry = contract.releases.map(({ version }) => version);
  return policy.platforms.flatMap((platform) => {
    // The channel that the bundle uses: the preference on macOS, a file elsewhere.
    const fact = channelFact(platform === 'macos' ? 'profile' : 'system', platform, contract);
    if (!fact) throw new Error(`unreachable: the contract has no channel for ${platform}`);
    const versions = policy.clients.releases.filter((version) => effectOn(fact, version) !== 'enforced');
    if (versions.length === 0) return [];
    const since = fact.ranges.find(({ effect }) => effect === 'enforced')?.from ?? '';
    const at = { location: locate(document, ['clients'], 'value'), path: ['clients'] };
    const args = { releases: formatReleases(versions, registry), channel: fact.title ?? fact.subject, since, platform };
    return [{ diagnostic: diagnostic('contract/channel-too-new', at, args), versions, isGap: true }];
  });
}

/** Says at which versions the range would have to be split, where a statement suits only a part of the clients. */
export function splitNote(document: ParsedDocument, policy: Policy, remaining: readonly Finding[]): Diagnostic[] {
  const { releases, range } = policy.clients;
  const at = releases.filter((version, index) => {
    const before = releases[index - 1];
    return before !== undefined && remaining.some((finding) => holds(finding, before) !== holds(finding, version));
  });
  if (at.length === 0) return [];
  const place = { location: locate(document, ['clients'], 'value'), path: ['clients'] };
  return [diagnostic('policy/clients-split', place, { range, at })];
}

function holds(finding: Finding, version: CodexVersion): boolean {
  return !finding.versions.includes(version);
}
