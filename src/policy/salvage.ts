import type { Contract } from '../contract/contract.ts';
import { findings } from '../contract/findings.ts';
import { selectReleases } from '../contract/select.ts';
import { statementsOf } from '../contract/statements.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { formatPath, isArray, isTable, locate, type ParsedDocument } from '../source/document.ts';
import { expandRequirements } from './expand.ts';

/**
 * What is wrong with the requirements of a policy that cannot be read as a whole: somebody who mends one key should
 * not learn of the next mistake only then. Judged for `clients`, or for the newest release where that is broken too.
 */
export function salvageRequirements(document: ParsedDocument, contract: Contract): Diagnostic[] {
  const { clients, requirements, accept } = document.value;
  if (!isTable(requirements)) return [];
  const chosen = selectReleases([typeof clients === 'string' ? clients : 'latest'], contract);
  const { releases } =
    'releases' in chosen ? chosen : { releases: contract.releases.slice(-1).map(({ version }) => version) };
  const { table, diagnostics } = expandRequirements(document, requirements);
  const found = findings(statementsOf(table, contract), releases, contract, (path, part) => {
    const full = ['requirements', ...path];
    return { location: locate(document, full, part), path: full };
  });
  // A short form that could not be written out is one mistake; Codex never sees it.
  const told = new Set(diagnostics.map(({ path }) => formatPath(path)));
  const isAccepted = ({ code, path }: Diagnostic): boolean =>
    isArray(accept) &&
    accept.some((one) => isTable(one) && one['finding'] === code && one['path'] === formatPath(path));
  const rest = found
    .map((finding) => finding.diagnostic)
    .filter((one) => !told.has(formatPath(one.path)) && !isAccepted(one));
  return [...diagnostics, ...rest];
}
