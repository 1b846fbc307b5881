import { type Data, type DataTable, isDate, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { isBlank } from './blank.ts';
import { hasRoot, type RuleFamily } from './family.ts';
import { urlOf } from './http-forms.ts';
import { type Provider, providersIn } from './provider-places.ts';

// Of the providers that Codex brings along, some cannot be defined anew, and of others a few settings can be changed;
// every other provider needs a name of its own.

/** The rules about model providers, without those about their gateways. */
export const providerRules: RuleFamily = {
  concerns: hasRoot('model_provider', 'model_providers'),
  rules: {
    'rule:provider-undefined': (table) => undefinedProviders(table, (id) => isBuiltIn(id) || id === googleCloud),
    // Older releases do not bring Google Cloud along.
    'rule:provider-google-undefined': (table) => undefinedProviders(table, (id) => id !== googleCloud),
    'rule:provider-reserved': (table) => pathsOf(table, ({ id }) => locals.includes(id)),
    'rule:provider-openai-defined': (table) => pathsOf(table, ({ id }) => id === openAi),
    'rule:provider-openai-changed': (table) => fixedSettings(table, (id) => id === openAi, ['model_catalog_url']),
    'rule:provider-catalog-host': foreignCatalogs,
    'rule:provider-catalog-nowhere': lostCatalogs,
    'rule:provider-built-in-changed': (table) =>
      fixedSettings(table, isBedrock, ['base_url', 'auth', 'http_headers', 'aws']),
    'rule:provider-google-changed': (table) =>
      fixedSettings(table, (id) => id === googleCloud, [
        'base_url',
        'auth',
        'http_headers',
        'project_id',
        'location',
        'credential_file',
      ]),
    'rule:provider-name-missing': (table) => namelessProviders(table, (id) => !isBuiltIn(id) && id !== googleCloud),
    'rule:provider-google-nameless': (table) => namelessProviders(table, (id) => id === googleCloud),
    'rule:provider-name-blank': (table) => membersThat(table, ['name'], isBlank),
    'rule:provider-command-blank': (table) =>
      [
        ['auth', 'command'],
        ['aws', 'credential_export', 'command'],
        ['gateway_oauth', 'credential_export', 'command'],
      ].flatMap((path) => membersThat(table, path, (command) => command === '' || isBlank(command))),
    'rule:provider-auth-twice': doubleAuth,
    'rule:provider-export-with-profile': (table) =>
      providersIn(table).flatMap(({ provider, path }) => {
        const aws = valueAt(provider, ['aws']);
        const isBoth = isTable(aws) && aws['credential_export'] !== undefined && aws['profile'] !== undefined;
        return isBoth ? [[...path, 'aws', 'profile']] : [];
      }),
    'rule:provider-aws-elsewhere': (table) =>
      providersIn(table).flatMap(({ id, provider, path }) =>
        !isBedrock(id) && provider['aws'] !== undefined ? [[...path, 'aws']] : [],
      ),
    // Of other providers nothing reads it.
    'rule:provider-credential-file-relative': (table) =>
      membersThat(table, ['credential_file'], (file) => typeof file === 'string' && !file.startsWith('/')).filter(
        ([, id]) => id === googleCloud,
      ),
  },
};

/** A chosen provider that nobody defines, unless Codex brings it along. */
function undefinedProviders(table: DataTable, isKnown: (id: string) => boolean): KeyPath[] {
  const { model_provider: chosen } = table;
  // A date without quotes is read as its text, which is the id of no provider.
  if (chosen !== undefined && isDate(chosen)) return isKnown('') ? [] : [['model_provider']];
  if (typeof chosen !== 'string' || isKnown(chosen)) return [];
  return providersIn(table).some(({ id }) => id === chosen) ? [] : [['model_provider']];
}

/** Providers without a name. */
function namelessProviders(table: DataTable, needsName: (id: string) => boolean): KeyPath[] {
  return providersIn(table).flatMap(({ id, provider, path }) => {
    if (!needsName(id)) return [];
    if (provider['name'] === '') return [[...path, 'name']];
    return provider['name'] === undefined ? [path] : [];
  });
}

/** Settings of a provider that cannot be changed, unless to what they are. */
function fixedSettings(
  table: DataTable,
  isMeant: (id: string) => boolean,
  changeable: readonly string[],
): readonly KeyPath[] {
  return providersIn(table).flatMap(({ id, provider, path }) =>
    isMeant(id)
      ? Object.entries(provider).flatMap(([key, value]) =>
          changeable.includes(key) || value === settled[key] ? [] : [[...path, key]],
        )
      : [],
  );
}

/** Catalogs for the models of OpenAI that lie elsewhere. */
function foreignCatalogs(table: DataTable): KeyPath[] {
  return providersIn(table).flatMap(({ id, provider, path }) => {
    const { model_catalog_url: address } = provider;
    if (id !== openAi || typeof address !== 'string') return [];
    const url = urlOf(address);
    const isTheirs =
      url?.protocol === 'https:' &&
      url.username === '' &&
      url.password === '' &&
      /^(?:(?:[^.]+\.)*chatgpt(?:-staging)?\.com|chat\.openai\.com)$/.test(url.hostname);
    return isTheirs ? [] : [[...path, 'model_catalog_url']];
  });
}

/** The catalog of the chosen provider, where nobody can fetch it; a catalog in a file takes its place. */
function lostCatalogs(table: DataTable): KeyPath[] {
  const { model_provider: chosen, model_catalog_json: file } = table;
  return providersIn(table).flatMap(({ id, provider, path }) => {
    const { model_catalog_url: address } = provider;
    if (id !== chosen || isBuiltIn(id) || file !== undefined || typeof address !== 'string') return [];
    return /^https?:$/.test(urlOf(address)?.protocol ?? '') ? [] : [[...path, 'model_catalog_url']];
  });
}

/** A command that prints a token, or AWS, beside another way to log in. */
function doubleAuth(table: DataTable): KeyPath[] {
  return providersIn(table).flatMap(({ provider, path }) => {
    if (provider['auth'] === undefined) return [];
    const { requires_openai_auth: asOpenAi } = provider;
    const others = ['env_key', 'experimental_bearer_token', 'aws'].filter((key) => provider[key] !== undefined);
    return [...others, ...(asOpenAi === true ? ['requires_openai_auth'] : [])].map((key) => [...path, key]);
  });
}

function pathsOf(table: DataTable, isMeant: (provider: Provider) => boolean): KeyPath[] {
  return providersIn(table).flatMap((provider) => (isMeant(provider) ? [provider.path] : []));
}

/** The places of one member of each provider, where its value is what is looked for. */
function membersThat(table: DataTable, member: KeyPath, isMeant: (value: Data | undefined) => boolean): KeyPath[] {
  return providersIn(table).flatMap(({ provider, path }) =>
    isMeant(valueAt(provider, member)) ? [[...path, ...member]] : [],
  );
}

function isBedrock(id: string): boolean {
  return id === 'amazon-bedrock' || id === 'amazon-bedrock-runtime';
}

function isBuiltIn(id: string): boolean {
  return isBedrock(id) || id === openAi || locals.includes(id);
}

const openAi = 'openai';
const googleCloud = 'gcp';
const locals: readonly string[] = ['lmstudio', 'ollama'];

/** What may be said of a provider that Codex brings along because it is so anyway (measured on 0.156.0 to 0.169.0). */
const settled: Readonly<Record<string, Data>> = {
  name: '',
  wire_api: 'responses',
  requires_openai_auth: false,
  supports_websockets: false,
  supports_standalone_web_search: false,
};
