import { type Diagnostic, diagnostic, type Result } from '../diagnostics/diagnostic.ts';
import { describe, shorten } from '../source/describe.ts';
import {
  type Data,
  formatPath,
  isArray,
  isTable,
  type KeyPath,
  locate,
  type ParsedDocument,
  valueAt,
} from '../source/document.ts';
import { nearest } from '../source/suggest.ts';
import { validate } from './policy.check.gen.js';
import type { PolicySource } from './policy.gen.ts';

interface SchemaError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: Readonly<Record<string, unknown>>;
}

/** The policy's own keys, checked against schemas/policy.schema.json; what is below `requirements` is the contract's. */
export function checkEnvelope(document: ParsedDocument): Result<PolicySource> {
  const data = schemaData(document.value);
  if (validate(data)) return { value: data as PolicySource, diagnostics: [] };
  const errors = (validate as { errors?: readonly SchemaError[] }).errors ?? [];
  const found = errors.map((error) => ({ path: pathOf(error.instancePath, document.value), error }));
  const wrongTypes = found.filter(({ error }) => error.keyword === 'type').map(({ path }) => formatPath(path));
  const diagnostics = found.flatMap(({ path, error }) => {
    const consequence = error.keyword !== 'type' && wrongTypes.includes(formatPath(path));
    return consequence ? [] : translate(document, path, error);
  });
  return { value: undefined, diagnostics };
}

/** The data as JSON Schema knows it. A float becomes NaN, which no field of the envelope takes. */
function schemaData(value: Data): unknown {
  if (typeof value === 'bigint')
    return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(value)
      : Number.NaN;
  if (typeof value === 'number') return Number.NaN;
  if (isArray(value)) return value.map(schemaData);
  if (isTable(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, schemaData(member)]));
  return value;
}

/** A JSON pointer as a key path: digits are an index only where the data has a list. */
function pathOf(pointer: string, root: Data): KeyPath {
  const path: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(isArray(valueAt(root, path)) ? Number(step) : step);
  }
  return path;
}

function translate(document: ParsedDocument, path: KeyPath, error: SchemaError): Diagnostic[] {
  const value = valueAt(document.value, path) ?? '';
  const name = String(path.at(-1) ?? 'policy');
  const atKey = { location: locate(document, path, 'key'), path };
  const atValue = { location: locate(document, path, 'value'), path };
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const inner = [...path, key];
      const known = Object.keys((error.parentSchema['properties'] as object | undefined) ?? {});
      const at = { location: locate(document, inner, 'key'), path: inner };
      return [
        diagnostic('policy/unknown-key', at, {
          key: shorten(key),
          parent: formatPath(path),
          nearest: nearest(key, known),
        }),
      ];
    }
    case 'required':
      return [
        diagnostic('policy/missing-key', atKey, {
          key: String(error.params['missingProperty']),
          parent: formatPath(path),
        }),
      ];
    case 'enum': {
      const accepted = (error.params['allowedValues'] as readonly string[]).toSorted();
      if (typeof value !== 'string') return [wrongType(atValue, `one of ${accepted.join(', ')}`, value)];
      return [
        diagnostic('policy/unknown-value', atValue, {
          value: shorten(value),
          accepted,
          nearest: nearest(value, accepted),
        }),
      ];
    }
    case 'const':
      return [wrongType(atValue, `the number ${String(error.params['allowedValue'])}`, value)];
    case 'type':
      return [wrongType(atValue, typeName(error.params['type']), value)];
    case 'pattern':
      return [
        diagnostic('policy/wrong-format', atValue, {
          found: shorten(String(value)),
          expected: String(error.parentSchema['$comment']),
        }),
      ];
    case 'minItems':
    case 'minLength':
    case 'minProperties': {
      const what = error.keyword === 'minItems' ? 'list' : error.keyword === 'minLength' ? 'text' : 'table';
      return [diagnostic('policy/empty', atValue, { what, name })];
    }
    case 'uniqueItems': {
      const second = [...path, Number(error.params['i'])];
      return [diagnostic('policy/duplicate-item', { location: locate(document, second, 'value'), path: second }, {})];
    }
    case 'minimum':
    case 'maximum': {
      const { minimum, maximum } = error.parentSchema as { minimum: number; maximum: number };
      return [diagnostic('policy/number-out-of-range', atValue, { key: name, minimum, maximum })];
    }
    case 'if':
    case 'maxProperties':
      return [];
    default:
      throw new Error(`unreachable: the policy schema uses ${error.keyword}, which has no translation`);
  }
}

function wrongType(at: Parameters<typeof diagnostic>[1], expected: string, value: Data): Diagnostic {
  return diagnostic('policy/wrong-type', at, { expected, found: describe(value), help: typeHelp(expected, value) });
}

function typeHelp(expected: string, value: Data): string | undefined {
  if (expected === 'text' && (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'))
    return 'put the value in quotes';
  return expected === 'a list' && !isTable(value) ? 'write the value in square brackets' : undefined;
}

function typeName(type: unknown): string {
  const names: Record<string, string> = {
    string: 'text',
    object: 'a table',
    array: 'a list',
    boolean: 'true or false',
    integer: 'a whole number',
  };
  return (Array.isArray(type) ? type : [type]).map((one) => names[String(one)] ?? String(one)).join(' or ');
}
