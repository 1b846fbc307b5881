/**
 * The names that a matcher of each event is compared with. Tools: what clients 0.131.0 to 0.169.0 offer to the model or
 * fire hooks for (measured), with the aliases `Edit` and `Write` of `apply_patch`. Events that are absent match on names
 * that anybody can choose, or have no matcher.
 */
const tools: readonly string[] = [
  'Bash',
  'apply_patch',
  'Edit',
  'Write',
  'update_plan',
  'view_image',
  'request_user_input',
  'request_permissions',
  'get_goal',
  'create_goal',
  'update_goal',
  'write_stdin',
  'web_search',
  'tool_search',
  'list_mcp_resources',
  'list_mcp_resource_templates',
  'read_mcp_resource',
  ...['spawn_agent', 'send_input', 'send_message', 'resume_agent', 'wait_agent', 'close_agent', 'list_agents'].flatMap(
    (name) => [name, `multi_agent_v1${name}`],
  ),
];

export const matchedNames: Readonly<Record<string, readonly string[]>> = {
  PreToolUse: tools,
  PermissionRequest: tools,
  PostToolUse: tools,
  SessionStart: ['startup', 'resume', 'clear', 'compact'],
  PreCompact: ['auto', 'manual'],
  PostCompact: ['auto', 'manual'],
};

/** Events whose matcher is compared with the names of tools, those of MCP servers included. */
export function isToolEvent(event: string): boolean {
  return matchedNames[event] === tools;
}

/** The tools of Codex that other names stand for: those of other agents, and the model's own names of the shell. */
export const otherToolNames: Readonly<Record<string, string>> = {
  shell: 'Bash',
  local_shell: 'Bash',
  shell_command: 'Bash',
  exec_command: 'Bash',
  unified_exec: 'Bash',
  container_exec: 'Bash',
  run_shell_command: 'Bash',
  run_terminal_cmd: 'Bash',
  terminal: 'Bash',
  execute: 'Bash',
  powershell: 'Bash',
  multiedit: 'apply_patch',
  notebookedit: 'apply_patch',
  patch: 'apply_patch',
  applypatch: 'apply_patch',
  edit_file: 'apply_patch',
  write_file: 'apply_patch',
  replace: 'apply_patch',
  todowrite: 'update_plan',
  updateplan: 'update_plan',
  task: 'spawn_agent',
  websearch: 'web_search',
};
