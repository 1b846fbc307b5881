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
