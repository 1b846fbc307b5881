import { type Data, type DataTable, isArray, isTable, type KeyPath, valueAt } from '../../source/document.ts';
import { isBlank } from './blank.ts';
import { namesOf } from './denied-paths.ts';

/** ChatGPT is a way to log in, or the only one, and no workspace of it is allowed. */
export function loginsWithoutWorkspace(table: DataTable, isOnlyWay: boolean): KeyPath[] {
  const { allowed_login_methods: methods, allowed_chatgpt_workspaces: workspaces } = table;
  // Codex passes over blank ids.
  const isBarred = isArray(workspaces) && workspaces.every((id) => id === '' || isBlank(id));
  if (!isBarred || !isArray(methods) || !methods.includes('chatgpt')) return [];
  return methods.every((method) => method === 'chatgpt') === isOnlyWay ? [['allowed_login_methods']] : [];
}

/** Folders of the application that are neither absolute nor below the home; on Linux and macOS `C:\` is neither. */
export function relativeApplicationPaths(table: DataTable): KeyPath[] {
  // A list stands for the table.
  return ['default_project_parent', 'projectless_workspace_root', 0, 1]
    .map((key) => ['application', 'storage', key])
    .filter((path) => {
      const text = valueAt(table, path);
      return typeof text === 'string' && !/^(?:\/|~(?:\/|$))/.test(text);
    });
}

/** A folder of the databases that cannot be made, or whose path is too long for SQLite (measured to the byte). */
export function impossibleDatabases({ sqlite_home: folder }: DataTable): KeyPath[] {
  return hasNul(folder) || isTooLong(folder, 486) ? [['sqlite_home']] : [];
}

/** A folder of the logs that no file system can make: Codex takes another one. */
export function impossibleLogs({ log_dir: folder }: DataTable): KeyPath[] {
  return hasNul(folder) ? [['log_dir']] : [];
}

/** A folder of the logs that is too long for the database that some releases keep there (measured to the byte). */
export function longLogs({ log_dir: folder }: DataTable): KeyPath[] {
  return isTooLong(folder, 490) ? [['log_dir']] : [];
}

/** A model catalogue that is a folder on every machine: the home, that of the file, or one above them. */
export function catalogFolders({ model_catalog_json: file }: DataTable): KeyPath[] {
  if (typeof file !== 'string') return [];
  const { names } = namesOf(/^[/~]/.test(file) ? file : `/etc/codex/${file}`);
  return /^(?:~|etc(?:\/codex)?)?$/.test(names.join('/')) ? [['model_catalog_json']] : [];
}

function hasNul(folder: Data | undefined): boolean {
  return typeof folder === 'string' && folder.includes('\0');
}

/** Whether a folder has more than so many bytes, seen from the folder of the file, or a name of more than 255. */
function isTooLong(folder: Data | undefined, most: number): boolean {
  if (typeof folder !== 'string' || folder.length < 85) return false;
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  const path = folder.replace(/^(?![/~])/, '/etc/codex/').replace(/\/$/, '');
  return bytes(path) > most || folder.split('/').some((name) => bytes(name) > 255);
}

/** Addresses of the configuration server that are not HTTPS, or have a user, a fragment or, for its own, a query. */
export function unsafeServers(table: DataTable): KeyPath[] {
  const addresses = ['authorization_url', 'token_url', 'device_authorization_url'].map((key) => ['oauth', key]);
  return [['base_url'], ...addresses]
    .map((path) => ['config_server', ...path])
    .filter((path) => {
      const url = valueAt(table, path);
      return typeof url === 'string' && !isSafeAddress(url, path.includes('base_url') ? /[#?]/ : /#/);
    });
}

/** A client of the configuration server that has no id. The empty text has a fact of its own. */
export function blankClients(table: DataTable): KeyPath[] {
  const path = ['config_server', 'oauth', 'client_id'];
  return isBlank(valueAt(table, path)) ? [path] : [];
}

/** Codex reads addresses by the same standard. */
function isSafeAddress(text: string, refused: RegExp): boolean {
  try {
    const { protocol, username, password } = new URL(text);
    return protocol === 'https:' && username === '' && password === '' && !refused.test(text);
  } catch {
    return false;
  }
}

/** Models that no slug of a model can be. */
export function refusedModels(table: DataTable): KeyPath[] {
  const path = ['auto_review', 'required_on_models'];
  const list = valueAt(table, path);
  return (isArray(list) ? list : []).flatMap((model, index) =>
    typeof model === 'string' && /\/|^\p{White_Space}|\p{White_Space}$/u.test(model) ? [[...path, index]] : [],
  );
}

/**
 * Instructions that Codex estimates at more than 10,000 tokens, four bytes each and 43 for its own words around them
 * (measured to the byte on 0.150.0 to 0.169.0).
 */
export function longInstructions({ additional_developer_instructions: text }: DataTable): KeyPath[] {
  const isLong = typeof text === 'string' && text.length > 13_000 && new TextEncoder().encode(text).length > 39_831;
  return isLong ? [['additional_developer_instructions']] : [];
}

/** Exporters that shall send in two ways: Codex takes one of them. */
export function twofoldExporters(table: DataTable): KeyPath[] {
  return ['exporter', 'trace_exporter', 'metrics_exporter'].flatMap((name) => {
    const path = ['otel', name];
    const ways = valueAt(table, path);
    return isTable(ways) && ways['otlp-http'] !== undefined && ways['otlp-grpc'] !== undefined
      ? [[...path, 'otlp-grpc']]
      : [];
  });
}
