import { type DataTable, isArray, isTable, type KeyPath, valueAt } from '../source/document.ts';

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

/** A chosen provider that Codex does not bring along and nobody defines. */
export function undefinedProviders(table: DataTable): KeyPath[] {
  const { model_provider: chosen, model_providers: defined } = table;
  if (typeof chosen !== 'string' || builtInProviders.includes(chosen)) return [];
  return isTable(defined) && Object.hasOwn(defined, chosen) ? [] : [['model_provider']];
}

/** Definitions of providers that cannot be defined anew. */
export function reservedProviders(table: DataTable): KeyPath[] {
  const { model_providers: defined } = table;
  return (isTable(defined) ? Object.keys(defined) : [])
    .filter((name) => reserved.includes(name))
    .map((name) => ['model_providers', name]);
}

const reserved: readonly string[] = ['lmstudio', 'ollama', 'openai'];
const builtInProviders: readonly string[] = [...reserved, 'amazon-bedrock', 'amazon-bedrock-runtime'];
