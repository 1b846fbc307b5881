import { type DataTable, isArray, type KeyPath, valueAt } from '../source/document.ts';

/** ChatGPT is a way to log in, or the only one, and no workspace of it is allowed. */
export function loginsWithoutWorkspace(table: DataTable, isOnlyWay: boolean): KeyPath[] {
  const { allowed_login_methods: methods, allowed_chatgpt_workspaces: workspaces } = table;
  const isBarred = isArray(workspaces) && workspaces.length === 0 && isArray(methods) && methods.includes('chatgpt');
  return isBarred && methods.every((method) => method === 'chatgpt') === isOnlyWay ? [['allowed_login_methods']] : [];
}

/** Folders of the application that are neither absolute nor below the home; on Linux and macOS `C:\` is neither. */
export function relativeApplicationPaths(table: DataTable): KeyPath[] {
  return ['default_project_parent', 'projectless_workspace_root']
    .map((key) => ['application', 'storage', key])
    .filter((path) => {
      const text = valueAt(table, path);
      return typeof text === 'string' && !/^(?:\/|~(?:\/|$))/.test(text);
    });
}

/** Addresses of the configuration server that are not HTTPS, or have a user or a fragment. */
export function unsafeServers(table: DataTable): KeyPath[] {
  const addresses = ['authorization_url', 'token_url', 'device_authorization_url'].map((key) => ['oauth', key]);
  return [['base_url'], ...addresses]
    .map((path) => ['config_server', ...path])
    .filter((path) => {
      const url = valueAt(table, path);
      return typeof url === 'string' && !/^https:\/\/[^/@#][^@#]*$/i.test(url);
    });
}

/** Models that no slug of a model can be. */
export function refusedModels(table: DataTable): KeyPath[] {
  const path = ['auto_review', 'required_on_models'];
  const list = valueAt(table, path);
  return (isArray(list) ? list : []).flatMap((model, index) =>
    typeof model === 'string' && /\/|^\p{White_Space}|\p{White_Space}$/u.test(model) ? [[...path, index]] : [],
  );
}
