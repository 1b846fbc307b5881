import { type Data, type DataTable, isTable, type KeyPath } from '../source/document.ts';

// Of the providers that Codex brings along, some cannot be defined anew, and of Amazon Bedrock a few settings can be
// changed; every other provider needs a name of its own.

/** A chosen provider that Codex does not bring along and nobody defines. */
export function undefinedProviders(table: DataTable): KeyPath[] {
  const { model_provider: chosen } = table;
  if (typeof chosen !== 'string' || reserved.includes(chosen) || isBedrock(chosen)) return [];
  return providers(table).some(({ id }) => id === chosen) ? [] : [['model_provider']];
}

/** Definitions of providers that cannot be defined anew. */
export function reservedProviders(table: DataTable): KeyPath[] {
  return providers(table).flatMap(({ id, path }) => (reserved.includes(id) ? [path] : []));
}

/** Providers of one's own without a name. */
export function namelessProviders(table: DataTable): KeyPath[] {
  return providers(table).flatMap(({ id, provider, path }) => {
    if (isBedrock(id)) return [];
    if (provider['name'] === '') return [[...path, 'name']];
    return provider['name'] === undefined ? [path] : [];
  });
}

/** Settings of Amazon Bedrock that cannot be changed, unless to what they are. */
export function fixedSettings(table: DataTable): KeyPath[] {
  return providers(table).flatMap(({ id, provider, path }) =>
    isBedrock(id)
      ? Object.entries(provider).flatMap(([key, value]) =>
          changeable.includes(key) || value === settled[key] ? [] : [[...path, key]],
        )
      : [],
  );
}

/** `aws` of a provider other than Amazon Bedrock. */
export function foreignAws(table: DataTable): KeyPath[] {
  return providers(table).flatMap(({ id, provider, path }) =>
    !isBedrock(id) && provider['aws'] !== undefined ? [[...path, 'aws']] : [],
  );
}

/** Gateways without an address that keeps a token secret. */
export function gatewaysWithoutAddress(table: DataTable): KeyPath[] {
  return providers(table).flatMap(({ provider, path }) => {
    const { gateway_oauth: gateway, base_url: address } = provider;
    const isSafe = typeof address === 'string' && safeAddress.test(address);
    return gateway === undefined || isSafe ? [] : [[...path, 'gateway_oauth']];
  });
}

/** HTTPS, or HTTP that stays on the machine; no user and no fragment. */
const safeAddress = /^(?:https:\/\/[^/@#]|http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?=[:/]|$))[^@#]*$/i;

interface Provider {
  readonly id: string;
  readonly provider: DataTable;
  readonly path: KeyPath;
}

function providers(table: DataTable): Provider[] {
  const { model_providers: defined } = table;
  return Object.entries(isTable(defined) ? defined : {}).flatMap(([id, provider]) =>
    isTable(provider) ? [{ id, provider, path: ['model_providers', id] }] : [],
  );
}

function isBedrock(id: string): boolean {
  return id === 'amazon-bedrock' || id === 'amazon-bedrock-runtime';
}

const reserved: readonly string[] = ['lmstudio', 'ollama', 'openai'];

const changeable: readonly string[] = ['base_url', 'auth', 'http_headers', 'aws'];

/** What may be said of Amazon Bedrock because it is so anyway (measured on 0.156.0 to 0.169.0). */
const settled: Readonly<Record<string, Data>> = {
  name: '',
  wire_api: 'responses',
  requires_openai_auth: false,
  supports_websockets: false,
  supports_standalone_web_search: false,
};
