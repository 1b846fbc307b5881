import { fold } from '../source/suggest.ts';

/**
 * Keys of config.toml, with the requirement that does what they seem to ask for; none where Codex has no such
 * requirement. That each is a key of config.toml was measured on 0.169.0, which refuses a wrong type there; those marked
 * are names of former releases or of the command line.
 */
const configKeys: Readonly<Record<string, string | undefined>> = {
  agents: undefined,
  analytics: undefined,
  approval_mode: 'allowed_approval_policies', // command line
  approval_policy: 'allowed_approval_policies',
  approvals_reviewer: 'allowed_approvals_reviewers',
  ask_for_approval: 'allowed_approval_policies', // command line
  background_terminal_max_timeout: undefined,
  compact_prompt: undefined,
  developer_instructions: 'additional_developer_instructions',
  disable_paste_burst: undefined,
  disable_response_storage: undefined, // former
  file_opener: undefined,
  forced_chatgpt_workspace_id: 'allowed_chatgpt_workspaces', // former
  forced_login_method: 'allowed_login_methods',
  hide_agent_reasoning: undefined,
  history: undefined,
  instructions: 'additional_developer_instructions',
  mcp_oauth_callback_port: undefined,
  mcp_oauth_callback_url: undefined,
  mcp_oauth_credentials_store: undefined,
  memories: undefined,
  model: 'models.new_thread.model',
  model_auto_compact_token_limit: undefined,
  model_context_window: undefined,
  model_instructions_file: undefined,
  model_reasoning_effort: 'models.new_thread.model_reasoning_effort',
  model_reasoning_summary: undefined,
  model_verbosity: undefined,
  network: 'experimental_network', // of a permission profile
  network_access: 'experimental_network', // of sandbox_workspace_write
  notice: undefined,
  notify: 'hooks.Stop',
  openai_base_url: undefined,
  oss_provider: undefined,
  personality: undefined,
  plan_mode_reasoning_effort: undefined,
  preferred_auth_method: 'allowed_login_methods', // former
  profile: undefined,
  profiles: undefined,
  project_doc_fallback_filenames: undefined,
  project_doc_max_bytes: undefined,
  project_root_markers: undefined,
  projects: undefined,
  review_model: undefined,
  sandbox_mode: 'allowed_sandbox_modes',
  sandbox_permissions: 'allowed_sandbox_modes', // former
  sandbox_workspace_write: 'permissions.<profile>',
  service_tier: 'models.new_thread.service_tier',
  shell_environment_policy: undefined,
  show_raw_agent_reasoning: undefined,
  skills: undefined,
  suppress_unstable_features_warning: undefined,
  tool_output_token_limit: undefined,
  tools: 'allowed_web_search_modes',
  tui: undefined,
  web_search: 'allowed_web_search_modes',
  web_search_request: 'allowed_web_search_modes', // former
};

/** What a key of config.toml is among the requirements; undefined where it is no such key. */
export function configKey(name: string): { readonly meant: string | undefined } | undefined {
  return Object.hasOwn(configKeys, name) ? { meant: configKeys[name] } : undefined;
}

/** What is said of a field that other agents have, or that other documents call so. */
export interface OtherField {
  /** The field of Codex that it stands for. */
  readonly right: string | undefined;
  /** What to do instead, or with the value. */
  readonly help: string;
}

const seconds: OtherField = { right: 'timeout', help: 'write `timeout`, in whole seconds' };
const milliseconds: OtherField = { right: 'timeout', help: 'write `timeout`, in whole seconds: divide by 1000' };
const message: OtherField = { right: 'statusMessage', help: 'write `statusMessage`' };
const line: OtherField = { right: 'command', help: 'write the whole line into `command`' };
const windowsLine: OtherField = { right: 'command_windows', help: 'write `command_windows`' };
const environment: OtherField = {
  right: undefined,
  help: 'set it in the script that `command` runs: hooks have the environment of the session',
};
const folder: OtherField = {
  right: undefined,
  help: 'change the folder in the script that `command` runs: hooks start in the folder of the session',
};
const condition: OtherField = {
  right: undefined,
  help: 'decide it in the script that `command` runs, or by the `matcher` of the group',
};
const nothing: OtherField = { right: undefined, help: 'remove it' };

/** By their folded names. */
const handlerFields: Readonly<Record<string, OtherField>> = {
  additionalcontextlimit: { right: 'additionalContextLimit', help: 'write `additionalContextLimit`' },
  args: { right: 'command', help: 'write the arguments into `command`, behind the program' },
  arguments: { right: 'command', help: 'write the arguments into `command`, behind the program' },
  background: { right: 'async', help: 'write `async`' },
  bash: line,
  blocking: { right: undefined, help: 'remove it; `async = true` is the handler that nobody waits for' },
  cmd: line,
  commands: line,
  commandwin: windowsLine,
  commandwindows: windowsLine,
  condition,
  cwd: folder,
  description: nothing,
  enabled: { right: undefined, help: 'remove it, and the handler as well where it is false' },
  env: environment,
  environment,
  exec: line,
  failureaction: nothing,
  headers: {
    right: undefined,
    help: 'let the script that `command` runs send the request: there are no http handlers',
  },
  if: condition,
  matcher: { right: undefined, help: 'move `matcher` to the group, above its `[[….hooks]]`' },
  name: nothing,
  once: condition,
  onfailure: nothing,
  powershell: windowsLine,
  program: line,
  run: line,
  script: line,
  shell: { right: undefined, help: 'name the shell in `command`, as in `/bin/sh /path/script`' },
  statusline: message,
  statusmessage: message,
  timeoutms: milliseconds,
  timeoutmillis: milliseconds,
  timeoutmilliseconds: milliseconds,
  timeouts: seconds,
  timeoutsec: seconds,
  timeoutsecs: seconds,
  timeoutseconds: seconds,
  url: { right: undefined, help: 'let the script that `command` runs send the request: there are no http handlers' },
  when: condition,
  windows: windowsLine,
  workdir: folder,
  workingdirectory: folder,
};

/** What is known of a field that no handler of Codex has. */
export function otherHandlerField(name: string): OtherField | undefined {
  const folded = fold(name);
  return Object.hasOwn(handlerFields, folded) ? handlerFields[folded] : undefined;
}

/** Events of other agents and of older texts, by their folded names; undefined where Codex has none like it. */
const otherEvents: Readonly<Record<string, string | undefined>> = {
  afteragent: 'Stop',
  afterfileedit: 'PostToolUse',
  aftermcpexecution: 'PostToolUse',
  aftermodel: 'PostModelRequest',
  aftershellexecution: 'PostToolUse',
  aftertool: 'PostToolUse',
  aftertooluse: 'PostToolUse',
  beforeagent: 'UserPromptSubmit',
  beforemcpexecution: 'PreToolUse',
  beforemodel: 'PreModelRequest',
  beforereadfile: 'PreToolUse',
  beforeshellexecution: 'PreToolUse',
  beforesubmitprompt: 'UserPromptSubmit',
  beforetool: 'PreToolUse',
  beforetooluse: 'PreToolUse',
  notification: undefined,
  onstop: 'Stop',
  permissionrequested: 'PermissionRequest',
  posttool: 'PostToolUse',
  posttoolcall: 'PostToolUse',
  posttoolexecution: 'PostToolUse',
  posttoolusefailure: 'PostToolUse',
  precompress: 'PreCompact',
  prepromptsubmit: 'UserPromptSubmit',
  pretool: 'PreToolUse',
  pretoolcall: 'PreToolUse',
  pretoolexecution: 'PreToolUse',
  preuserprompt: 'UserPromptSubmit',
  promptsubmit: 'UserPromptSubmit',
  sessionstop: 'SessionEnd',
  subagentend: 'SubagentStop',
  userprompt: 'UserPromptSubmit',
  userpromptsubmitted: 'UserPromptSubmit',
};

/** The event of Codex that another agent's event stands for; undefined where nothing is known of the name. */
export function otherEvent(name: string): { readonly meant: string | undefined } | undefined {
  const folded = fold(name);
  return Object.hasOwn(otherEvents, folded) ? { meant: otherEvents[folded] } : undefined;
}
