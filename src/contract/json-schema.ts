import { type Contract, type ContractNode, effectOn, type Fact } from './contract.ts';
import type { CodexVersion } from './version.ts';

export type JsonSchema = { readonly [key: string]: unknown };

/** A JSON Schema (draft 2020-12) of requirements.toml: every key and value that at least one of these releases takes. */
export function requirementsSchema(contract: Contract, versions: readonly CodexVersion[]): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Codex requirements.toml',
    ...tableSchema(contract.root, versions),
  };
}

function isTaken(fact: Fact | undefined, versions: readonly CodexVersion[]): boolean {
  return fact === undefined || versions.some((version) => ['enforced', 'weakened'].includes(effectOn(fact, version)));
}

function nodeSchema(node: ContractNode, versions: readonly CodexVersion[]): JsonSchema {
  const type = node.fact?.kind === 'flag' ? 'boolean' : node.fact?.kind === 'event' ? 'array' : node.fact?.type;
  const types = type === undefined ? [node.element ? 'array' : 'table'] : typeof type === 'string' ? [type] : type;
  const shapes = types.map((one) => typeSchema(one, node, versions));
  const [only] = shapes;
  const description = node.fact?.title ?? node.fact?.note;
  return { ...(description === undefined ? {} : { description }), ...(shapes.length === 1 ? only : { anyOf: shapes }) };
}

function typeSchema(type: string, node: ContractNode, versions: readonly CodexVersion[]): JsonSchema {
  switch (type) {
    case 'boolean':
    case 'number':
      return { type };
    case 'integer':
      return {
        type,
        ...(node.fact?.minimum === undefined ? {} : { minimum: node.fact.minimum }),
        ...(node.fact?.maximum === undefined ? {} : { maximum: node.fact.maximum }),
      };
    case 'string':
    case 'path':
      return { type: 'string' };
    case 'enum':
      return {
        enum: [...node.values]
          .filter(([value, fact]) => !/^(?:$|[[{<])/.test(value) && isTaken(fact, versions))
          .map(([value]) => value),
      };
    case 'array': {
      const mayBeEmpty = !node.values.has('[]') || isTaken(node.values.get('[]'), versions);
      return {
        type,
        ...(node.element ? { items: nodeSchema(node.element, versions) } : {}),
        ...(mayBeEmpty ? {} : { minItems: 1 }),
      };
    }
    case 'table':
    case 'map':
      return tableSchema(node, versions);
    default:
      return {};
  }
}

function tableSchema(node: ContractNode, versions: readonly CodexVersion[]): JsonSchema {
  if (node.variants.size > 0)
    return { anyOf: [...node.variants].map(([type, variant]) => variantSchema(type, node, variant, versions)) };
  const members = [...node.members].filter(([, member]) => isTaken(member.fact, versions));
  if (members.length === 0 && !node.wildcard) return { type: 'object' };
  const required = members.filter(([, member]) => member.fact?.required).map(([key]) => key);
  return {
    type: 'object',
    ...(members.length > 0
      ? { properties: Object.fromEntries(members.map(([key, member]) => [key, nodeSchema(member, versions)])) }
      : {}),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: node.wildcard ? nodeSchema(node.wildcard, versions) : false,
  };
}

/** One kind of hook handler: the shared members, its own, and its `type`. */
function variantSchema(
  type: string,
  node: ContractNode,
  variant: ContractNode,
  versions: readonly CodexVersion[],
): JsonSchema {
  const members = new Map([...node.members, ...variant.members]);
  const schema = tableSchema({ ...node, members, variants: new Map() }, versions) as {
    readonly properties?: JsonSchema;
  };
  return { ...schema, properties: { ...schema.properties, type: { const: type } } };
}
