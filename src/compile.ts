import { type FileArtifact, sha256 } from './artifacts/artifact.ts';
import { advise } from './contract/advice.ts';
import { holdsOn } from './contract/channels.ts';
import type { Contract } from './contract/contract.ts';
import { type Finding, findings, type Placing } from './contract/findings.ts';
import { statementsOf } from './contract/statements.ts';
import type { Code } from './diagnostics/catalog.ts';
import { type Diagnostic, diagnostic, hasErrors, type Result, sorted } from './diagnostics/diagnostic.ts';
import { acceptGaps, channelFindings, splitNote } from './policy/clients.ts';
import type { Policy } from './policy/policy.ts';
import { readPolicy } from './policy/read.ts';
import { checkPolicy, checkSources, checkTexts, sourceFiles } from './policy/rules.ts';
import { salvageRequirements } from './policy/salvage.ts';
import { relayGroups, relayScripts, vendorScriptName } from './relay/relay.ts';
import { hooksFlag, hooksPin, managedDirs, type Requirements, requirementsFrom } from './requirements/requirements.ts';
import { tomlText } from './requirements/toml.ts';
import { type DataTable, formatPath, locate, type ParsedDocument } from './source/document.ts';
import { secretIn } from './source/secrets.ts';
import type { SourceFile } from './source/source-file.ts';
import { parseToml } from './source/toml.ts';
import { parseYaml } from './source/yaml.ts';
import { bundleFiles, checkTargets, chosenTargets } from './targets/bundle.ts';
import { deviceFiles, managedDirOf } from './targets/device.ts';
import type { Bundle } from './targets/target.ts';

/** What the package brings along: the contract, the templates, its own version. */
export interface PackageData {
  readonly contract: Contract;
  readonly templates: ReadonlyMap<string, string>;
  readonly version: string;
}

export interface CompileOptions {
  /** Build for this product only, whatever the policy's `targets` say. */
  readonly target?: string;
}

/** A finished bundle: its files are below `<out>/<name>/`. */
export interface Compilation {
  readonly policy: Policy;
  readonly artifacts: readonly FileArtifact[];
}

interface Reading {
  readonly document: ParsedDocument | undefined;
  readonly policy: Policy | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const readings = new WeakMap<SourceFile, Reading>();

/** A policy as far as it can be read alone. Kept by source, because its files must be known before it is compiled. */
function read(source: SourceFile, contract: Contract): Reading {
  const known = readings.get(source);
  if (known) return known;
  const parsed = parseYaml(source);
  const document = parsed.value;
  const policy = document && readPolicy(document, contract);
  const reading = {
    document,
    policy: policy?.value,
    diagnostics: [...parsed.diagnostics, ...(document ? checkTexts(document) : []), ...(policy?.diagnostics ?? [])],
  };
  readings.set(source, reading);
  return reading;
}

/** The files beside the policy that compile needs read first, relative to it; none when the policy is broken. */
export function sourcesOf(source: SourceFile, data: PackageData): readonly string[] {
  const { document, policy } = read(source, data.contract);
  if (!document || !policy || hasErrors(checkSources(document, policy))) return [];
  return sourceFiles(policy).map((file) => file.source);
}

/** From the text of a policy to the files of its bundle. With any error there is no value. */
export async function compile(
  source: SourceFile,
  files: ReadonlyMap<string, Uint8Array>,
  data: PackageData,
  options: CompileOptions = {},
): Promise<Result<Compilation>> {
  const reading = read(source, data.contract);
  const { document, policy } = reading;
  const diagnostics = [...reading.diagnostics];
  if (!document) return { value: undefined, diagnostics: sorted(diagnostics) };
  if (!policy) {
    diagnostics.push(...salvageRequirements(document, data.contract));
    return { value: undefined, diagnostics: sorted(diagnostics) };
  }

  const flag = hooksFlag(policy, data.contract);
  const pin = hooksPin(policy.requirements);
  diagnostics.push(...checkPolicy({ document, policy, contract: data.contract, hooksFlag: flag, pin }));
  const targets = chosenTargets(options.target === undefined ? policy.targets : [options.target], policy.platforms);
  diagnostics.push(
    ...checkTargets(document, policy, targets),
    ...checkSources(document, policy),
    ...checkFiles(document, policy, files),
  );

  const groups = policy.relay
    ? relayGroups(policy.relay, {
        policyName: policy.name,
        platforms: policy.platforms,
        managedDir: managedDirs(policy),
      })
    : [];
  const requirements = requirementsFrom(policy, groups, data.contract);
  const requirementsToml = tomlText(requirements.table);

  const { value: table } = reread(requirementsToml);
  const statements = statementsOf(table, data.contract).filter(holdsOn(policy.platforms));
  const place = originIn(document, requirements);
  const told = new Set(diagnostics.flatMap(({ code, path }) => (stricter.has(code) ? [formatPath(path)] : [])));
  const found = [
    ...channelFindings(document, policy, data.contract),
    ...findings(statements, policy.clients.releases, data.contract, place),
  ].filter((finding) => !told.has(formatPath(finding.diagnostic.path)));
  const { remaining, accepted, diagnostics: aboutAccept } = acceptGaps(document, policy, found);
  diagnostics.push(
    ...remaining.map((finding) => finding.diagnostic),
    ...aboutAccept,
    ...splitNote(document, policy, remaining),
    ...advised(policy, table, found, data.contract, place),
  );
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics: sorted(diagnostics) };

  const bundle = bundleOf(policy, requirementsToml, files, data);
  const emitted = await bundleFiles(bundle, targets, {
    tool: { name: 'codex-mdm', version: data.version },
    contract: data.contract,
    statements,
    accepted,
  });
  // A bundle does not know the text that it came from: what its limits say is placed here, by its path.
  diagnostics.push(
    ...emitted.diagnostics.map((limit) => ({ ...limit, location: locate(document, limit.path, 'key') })),
  );
  const artifacts = hasErrors(diagnostics) ? undefined : emitted.value;
  return { value: artifacts && { policy, artifacts }, diagnostics: sorted(diagnostics) };
}

/** Our own output, read again by the parser that `validate` uses. */
function reread(toml: string): ParsedDocument {
  const { value, diagnostics } = parseToml({ name: 'requirements.toml', text: toml });
  if (!value || hasErrors(diagnostics)) throw new Error('unreachable: the emitted TOML does not parse');
  return value;
}

/** Each finding about the emitted TOML stands at the key of policy.yaml that asked for it. */
function originIn(document: ParsedDocument, requirements: Requirements): Placing {
  return (path, part) => {
    const origin = requirements.origin(path);
    return { location: locate(document, origin, part), path: origin };
  };
}

/** What `build` refuses on every client: what the judge finds at the same place is no more than a part of that. */
const stricter: ReadonlySet<Code> = new Set([
  'policy/hooks-switched-off',
  'policy/matcher-ignored',
  'policy/mcp-identity-both',
  'policy/path-not-absolute',
  'policy/relay-contradiction',
]);

/**
 * What `build` says in its own words, or has no reason to say: its scripts deliver the requirements after the files that
 * they name, it judges each of the policy's clients, and nobody writes an empty `mcp_servers` in a policy by mistake.
 */
const ownWords: ReadonlySet<Code> = new Set([
  'advice/command-unguarded',
  'advice/command-windows-missing',
  'advice/hooks-not-pinned',
  'advice/host-wider',
  'advice/managed-dir-relative',
  'advice/mcp-none',
  'advice/nothing-said',
  'advice/profiles-without-modes',
  'advice/secret',
  'advice/shadowed-rule',
]);

/** The warnings that `validate` gives as well, but for those about the relay, which nobody can change. */
function advised(
  policy: Policy,
  table: DataTable,
  found: readonly Finding[],
  contract: Contract,
  place: Placing,
): Diagnostic[] {
  const { platforms, clients } = policy;
  const options = { versions: clients.releases, platforms, found, without: ownWords };
  return advise(table, contract, options, place).filter(({ path }) => path[0] !== 'relay');
}

function checkFiles(document: ParsedDocument, policy: Policy, files: ReadonlyMap<string, Uint8Array>): Diagnostic[] {
  return sourceFiles(policy).flatMap(({ source, path }) => {
    const at = { location: locate(document, path, 'value'), path };
    const bytes = files.get(source);
    if (!bytes) return [diagnostic('policy/file-missing', at, { source })];
    // Latin-1 keeps every byte apart, so that a key inside a binary file is found as well.
    return secretIn(new TextDecoder('latin1').decode(bytes))
      ? [diagnostic('policy/file-holds-key', at, { name: source })]
      : [];
  });
}

/** The bundle as the targets see it: every device file with its bytes and its place. */
function bundleOf(
  policy: Policy,
  requirementsToml: string,
  files: ReadonlyMap<string, Uint8Array>,
  data: PackageData,
): Bundle {
  const dirs = managedDirs(policy);
  const { relay } = policy;
  const context = {
    policyName: policy.name,
    policyVersion: policy.policyVersion,
    platforms: policy.platforms,
    managedDir: dirs,
    requirementsSha256: sha256(new TextEncoder().encode(requirementsToml)),
    toolVersion: data.version,
  };
  const scripts = relay ? relayScripts(relay, context, data.templates) : undefined;
  const bytes = (source: string): Uint8Array => files.get(source) ?? unreachable(source);
  const device = deviceFiles(policy, dirs, {
    requirementsToml,
    configToml: policy.defaults && tomlText(policy.defaults),
    relaySh: scripts?.sh,
    relayPs1: scripts?.ps1,
    relayCa: relay?.caFile === undefined ? undefined : bytes(relay.caFile),
    files: [
      ...policy.files.map(({ source, name, platforms }) => ({ name, platforms, bytes: bytes(source) })),
      ...(relay?.script === undefined
        ? []
        : [{ name: vendorScriptName, platforms: policy.platforms, bytes: bytes(relay.script) }]),
    ],
  });
  return { policy, requirementsToml, device, managedDir: managedDirOf(policy, dirs), templates: data.templates };
}

function unreachable(source: string): never {
  throw new Error(`unreachable: ${source} was not read`);
}
