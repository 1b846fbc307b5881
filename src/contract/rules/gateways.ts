import { type DataTable, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { hasRoot, type RuleFamily } from './family.ts';
import { isToken, keepsSecrets } from './http-forms.ts';
import { type Provider, providersIn } from './provider-places.ts';

// The gateway before a model provider: where its token comes from, and in which header it goes along.

/** The rules about `gateway_oauth` of model providers. */
export const gatewayRules: RuleFamily = {
  concerns: hasRoot('model_providers'),
  rules: {
    'rule:gateway-address-missing': (table) =>
      gateways(table).flatMap(({ provider, path }) =>
        provider['base_url'] === undefined ? [[...path, 'gateway_oauth']] : [],
      ),
    'rule:gateway-address-form': unsafeAddresses,
    'rule:gateway-client-blank': (table) =>
      gateways(table).flatMap(({ gateway, path }) => {
        const { client_id: client } = gateway;
        return typeof client === 'string' && client.trim() === '' ? [[...path, 'gateway_oauth', 'client_id']] : [];
      }),
    'rule:gateway-source-missing': (table) =>
      gateways(table).flatMap(({ gateway, path }) =>
        gateway['credential_export'] === undefined && needed.some((key) => gateway[key] === undefined)
          ? [[...path, 'gateway_oauth']]
          : [],
      ),
    'rule:gateway-two-sources': (table) =>
      gateways(table).flatMap(({ gateway, path }) =>
        gateway['credential_export'] !== undefined && settings.some((key) => gateway[key] !== undefined)
          ? [[...path, 'gateway_oauth', 'credential_export']]
          : [],
      ),
    'rule:gateway-cookie-scheme': (table) =>
      deliveries(table).flatMap(({ kind, delivery, place }) =>
        kind === 'cookie' && delivery['scheme'] !== undefined ? [[...place, 'scheme']] : [],
      ),
    'rule:gateway-delivery-form': (table) =>
      deliveries(table).flatMap(({ delivery, place }) =>
        ['name', 'scheme']
          .filter((key) => {
            const text = delivery[key];
            return typeof text === 'string' && !isToken(text);
          })
          .map((key) => [...place, key]),
      ),
    'rule:gateway-header-reserved': (table) =>
      deliveries(table).flatMap(({ kind, header, place }) =>
        kind === 'header' && isReserved(header) ? [[...place, 'name']] : [],
      ),
    'rule:gateway-header-authorization': (table) =>
      deliveries(table).flatMap(({ kind, header, place }) =>
        kind === 'header' && header === 'authorization' ? [[...place, 'name']] : [],
      ),
    'rule:gateway-header-twice': doubleHeaders,
  },
};

/** What gets a token by OAuth, and what of it must be there. */
const needed = ['authorization_url', 'token_url', 'client_id'];
const settings = [...needed, 'device_authorization_url', 'resource', 'scopes', 'redirect_port'];

interface Gateway extends Provider {
  readonly gateway: DataTable;
}

function gateways(table: DataTable): Gateway[] {
  return providersIn(table).flatMap((provider) => {
    const gateway = provider.provider['gateway_oauth'];
    return isTable(gateway) ? [{ ...provider, gateway }] : [];
  });
}

/** Addresses that would let a token be seen. */
function unsafeAddresses(table: DataTable): KeyPath[] {
  return gateways(table).flatMap(({ path }) =>
    [
      ['base_url'],
      ...['authorization_url', 'token_url', 'device_authorization_url'].map((key) => ['gateway_oauth', key]),
    ]
      .map((member) => [...path, ...member])
      .filter((place) => {
        const address = valueAt(table, place);
        return typeof address === 'string' && !keepsSecrets(address);
      }),
  );
}

interface Delivery extends Gateway {
  readonly delivery: DataTable;
  readonly kind: unknown;
  /** The header that carries the token, in small letters. */
  readonly header: string;
  readonly place: KeyPath;
}

/** How the token of each gateway goes along, where that is said. */
function deliveries(table: DataTable): Delivery[] {
  return gateways(table).flatMap((one) => {
    const { delivery } = one.gateway;
    if (!isTable(delivery)) return [];
    const { kind, name } = delivery;
    const header = kind === 'cookie' ? 'cookie' : typeof name === 'string' ? name.toLowerCase() : '';
    return [{ ...one, delivery, kind, header, place: [...one.path, 'gateway_oauth', 'delivery'] }];
  });
}

/** Headers that something else of the request needs. */
function isReserved(header: string): boolean {
  return (
    /^(?:x-codex-|x-openai-|sec-websocket-)/.test(header) ||
    [
      'proxy-authorization',
      'cookie',
      'host',
      'content-length',
      'transfer-encoding',
      'connection',
      'upgrade',
      'chatgpt-account-id',
    ].includes(header)
  );
}

/** Headers that the provider sends as well: its own ones, and that of its own token. */
function doubleHeaders(table: DataTable): KeyPath[] {
  return deliveries(table).flatMap(({ provider, header, place }) => {
    const own = ['http_headers', 'env_http_headers'].flatMap((key) => {
      const headers = provider[key];
      return isTable(headers) ? Object.keys(headers) : [];
    });
    const hasToken =
      provider['requires_openai_auth'] === true ||
      ['auth', 'env_key', 'experimental_bearer_token'].some((key) => provider[key] !== undefined);
    const isTaken = own.some((name) => name.toLowerCase() === header) || (header === 'authorization' && hasToken);
    return isTaken ? [[...place, 'name']] : [];
  });
}
