import { CliError } from '../cli-error.ts';
import type { Contract } from '../contract/contract.ts';
import { type JsonSchema, requirementsSchema } from '../contract/json-schema.ts';
import { selectReleases } from '../contract/select.ts';
import { loadWholeContract, schemaText } from '../package-data.ts';
import type { ExitCode, Io } from './io.ts';
import type { Arguments } from './options.ts';
import { listOption } from './style.ts';

/** `codex-mdm schema`: prints the schema that an editor needs. */
export async function schema(args: Arguments, io: Io): Promise<ExitCode> {
  const [what] = args.positionals;
  const contract = loadWholeContract();
  const texts = listOption(args, 'codex');
  const selected = selectReleases(texts.length === 0 ? ['*'] : texts, contract);
  if ('unknown' in selected)
    throw new CliError(`--codex ${selected.unknown} names no known release; \`codex-mdm versions\` lists them`);
  const requirements = requirementsSchema(contract, selected.releases);
  if (what !== 'policy' && what !== 'requirements')
    throw new CliError(`there is a schema for policy and for requirements, not for ${what}`);
  io.stdout(`${JSON.stringify(what === 'policy' ? policySchema(contract, requirements) : requirements, null, 2)}\n`);
  return 0;
}

/** The envelope with Codex's keys below `requirements`, where the policy's short forms are taken too. */
function policySchema(contract: Contract, requirements: JsonSchema): JsonSchema {
  const policy = JSON.parse(schemaText('policy.schema.json')) as {
    properties: Record<string, JsonSchema>;
    $defs: { relay: { properties: Record<string, JsonSchema> } };
  };
  const {
    $schema: _,
    title: __,
    description: ___,
    'x-tombi-toml-version': ____,
    ...table
  } = withShortForms(requirements, []) as JsonSchema;
  policy.properties['requirements'] = { ...policy.properties['requirements'], ...table };
  const names = [...contract.events.keys()];
  policy.$defs.relay.properties['events'] = {
    ...policy.$defs.relay.properties['events'],
    propertyNames: { enum: names },
  };
  return policy as unknown as JsonSchema;
}

/** Durations at hook timeouts, words and lists in rule patterns. */
function withShortForms(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => withShortForms(item, path));
  if (typeof value !== 'object' || value === null) return value;
  const result = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withShortForms(member, [...path, key])]),
  );
  const properties = path.filter((_, index) => path[index - 1] === 'properties');
  if (path.at(-2) === 'properties' && path.at(-1) === 'timeout' && properties[0] === 'hooks')
    return { anyOf: [result, { type: 'string', pattern: '^[1-9][0-9]{0,6}[smhd]$' }] };
  if (path.at(-1) === 'items' && properties.at(-1) === 'pattern')
    return { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }, result] };
  return result;
}
