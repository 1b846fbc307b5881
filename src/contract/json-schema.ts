import { type Contract, type ContractNode, effectOn, type Fact } from './contract.ts';
import { type CodexVersion, formatReleases, isWithin } from './version.ts';

export type JsonSchema = { readonly [key: string]: unknown };

interface Shaping {
  /** A place is shown when at least one of these takes it. Oldest first. */
  readonly versions: readonly CodexVersion[];
  readonly registry: readonly CodexVersion[];
}

/**
 * A JSON Schema (draft 2020-12) of requirements.toml: every key and value that at least one of these releases takes.
 * It is written for editors: only words that Taplo, Tombi and yaml-language-server all read.
 */
export function requirementsSchema(contract: Contract, versions: readonly CodexVersion[]): JsonSchema {
  const registry = contract.releases.map(({ version }) => version);
  const shaping = { versions: versions.filter((version) => takesAny(contract.root, version)), registry };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Codex requirements.toml',
    description: `What an administrator can require of Codex ${formatReleases(shaping.versions, registry)}. \`codex-mdm validate\` checks more.`,
    'x-tombi-toml-version': 'v1.1.0',
    ...tableSchema(contract.root, shaping),
  };
}

function takes(fact: Fact, version: CodexVersion | undefined): boolean {
  return version !== undefined && ['enforced', 'weakened'].includes(effectOn(fact, version));
}

function takesAny(root: ContractNode, version: CodexVersion): boolean {
  return [...root.members.values()].some(({ fact }) => fact && takes(fact, version));
}

function isTaken(fact: Fact | undefined, { versions }: Shaping): boolean {
  return fact === undefined || versions.some((version) => takes(fact, version));
}

/** Whether a value that the contract knows about may stand; of others it says nothing. */
function mayBe(node: ContractNode, value: string, shaping: Shaping): boolean {
  const fact = node.values.get(value);
  return fact === undefined || fact.ranges.every(({ effect }) => effect === 'ignored') || isTaken(fact, shaping);
}

function nodeSchema(node: ContractNode, parent: ContractNode, shaping: Shaping): JsonSchema {
  const type = node.fact?.kind === 'flag' ? 'boolean' : node.fact?.kind === 'event' ? 'array' : node.fact?.type;
  const types = type === undefined ? [node.element ? 'array' : 'table'] : typeof type === 'string' ? [type] : type;
  const shapes = types
    .filter((one) => mayBe(node, one === 'map' ? '<table>' : `<${one}>`, shaping))
    .map((one) => typeSchema(one, node, shaping));
  const [only] = shapes;
  return { ...about(node.fact, parent.fact, shaping), ...(shapes.length === 1 ? only : { anyOf: shapes }) };
}

/** What an editor shows beside a key; releases only where they are others than those of its table. */
function about(fact: Fact | undefined, parent: Fact | undefined, { versions, registry }: Shaping): JsonSchema {
  if (!fact) return {};
  const newest = versions.at(-1);
  const taking = registry.filter((version) => takes(fact, version));
  const [oldest] = taking;
  const isGone = !takes(fact, newest);
  const known = (parent && registry.find((version) => takes(parent, version))) ?? fact.ranges[0]?.from;
  const stage = newest === undefined ? undefined : stageOn(fact, newest);
  const sentences = [
    fact.title,
    fact.note,
    stage && `Stage: ${stage.stage}, ${stage.default ? 'on' : 'off'} by default.`,
    fact.platforms && `Has an effect on ${fact.platforms.map((name) => platforms[name] ?? name).join(' and ')} only.`,
    isGone && oldest && `Codex ${formatReleases(taking, registry)} only.`,
    !isGone && oldest !== known && `Codex ${oldest} and later.`,
  ];
  const description = sentences.filter((sentence) => sentence).join(' ');
  return {
    ...(description === '' ? {} : { description }),
    ...(isGone || stage?.stage === 'deprecated' || stage?.stage === 'removed' ? { deprecated: true } : {}),
  };
}

const platforms: Readonly<Record<string, string>> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };

type Stage = NonNullable<Fact['stages']>[number];

/** The stage of a flag on a release; undefined before its first. */
export function stageOn(fact: Fact, version: CodexVersion): Stage | undefined {
  return fact.stages?.findLast(({ from }) => isWithin(version, { from }));
}

function typeSchema(type: string, node: ContractNode, shaping: Shaping): JsonSchema {
  const { fact } = node;
  switch (type) {
    case 'boolean': {
      const refused = [true, false].filter((value) => !mayBe(node, String(value), shaping));
      return refused.length === 0
        ? { type }
        : { type, enum: [true, false].filter((value) => !refused.includes(value)) };
    }
    case 'number':
      return { type };
    case 'integer':
      return {
        type,
        ...(fact?.minimum === undefined ? {} : { minimum: fact.minimum }),
        ...(fact?.maximum === undefined ? {} : { maximum: fact.maximum }),
      };
    case 'string':
    case 'path':
      return stringSchema(node, shaping);
    case 'enum':
      return enumSchema(node, shaping);
    case 'array':
      return {
        type,
        ...(node.element ? { items: nodeSchema(node.element, node, shaping) } : {}),
        ...(mayBe(node, '[]', shaping) ? {} : { minItems: 1 }),
        ...(fact?.mustContain === undefined ? {} : { contains: { const: fact.mustContain } }),
      };
    case 'table':
    case 'map':
      return { ...tableSchema(node, shaping), ...(mayBe(node, '{}', shaping) ? {} : { minProperties: 1 }) };
    default:
      return {};
  }
}

function stringSchema(node: ContractNode, shaping: Shaping): JsonSchema {
  const refused = textsOf(node).filter(([value]) => !mayBe(node, value, shaping));
  return {
    type: 'string',
    ...(mayBe(node, '', shaping) ? {} : { minLength: 1 }),
    ...(refused.length === 0 ? {} : { not: { enum: refused.map(([value]) => value) } }),
  };
}

function enumSchema(node: ContractNode, shaping: Shaping): JsonSchema {
  const values = textsOf(node).filter(([, fact]) => isTaken(fact, shaping));
  const notes = values.map(([, fact]) => String(about(fact, node.fact, shaping)['description'] ?? ''));
  // Taplo reads the words about each value in its own key, VS Code and yaml-language-server in the other.
  const docs = notes.every((note) => note === '')
    ? {}
    : { 'x-taplo': { docs: { enumValues: notes } }, markdownEnumDescriptions: notes };
  return { enum: values.map(([value]) => value), ...docs };
}

/** The values that are texts; the others stand for shapes of a value. */
function textsOf(node: ContractNode): [string, Fact][] {
  return [...node.values].filter(([value]) => !/^(?:$|[[{<])/.test(value));
}

function tableSchema(node: ContractNode, shaping: Shaping): JsonSchema {
  if (node.variants.size > 0) {
    const types = node.members.get('type')?.values;
    const variants = [...node.variants].filter(([type]) => isTaken(types?.get(type), shaping));
    return { anyOf: variants.map(([type, variant]) => variantSchema(type, node, variant, shaping)) };
  }
  const members = [...node.members].filter(([, member]) => isTaken(member.fact, shaping));
  if (members.length === 0 && !node.wildcard) return { type: 'object' };
  const required = members.filter(([, member]) => member.fact?.required).map(([key]) => key);
  const label = node.wildcard && /<([^<>]+)>$/.exec(node.wildcard.subject)?.[1];
  return {
    type: 'object',
    ...(members.length > 0
      ? { properties: Object.fromEntries(members.map(([key, member]) => [key, nodeSchema(member, node, shaping)])) }
      : {}),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: node.wildcard ? nodeSchema(node.wildcard, node, shaping) : false,
    ...(label === undefined ? {} : { 'x-tombi-additional-key-label': label }),
  };
}

/** One kind of hook handler: the shared members, its own, and its `type`. */
function variantSchema(type: string, node: ContractNode, variant: ContractNode, shaping: Shaping): JsonSchema {
  const members = new Map([...node.members, ...variant.members]);
  const schema = tableSchema({ ...node, members, variants: new Map() }, shaping) as {
    readonly properties?: JsonSchema;
  };
  return { title: `A handler of type ${type}`, ...schema, properties: { ...schema.properties, type: { const: type } } };
}
