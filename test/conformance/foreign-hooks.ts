import { foldersOf } from '../../src/codex/turn.ts';
import { askCodex } from './observe.ts';
import type { Scene } from './scene.ts';

/** Where hooks come from that are not the administrator's. */
export const foreignHooks: readonly string[] = ['plugin', 'project', 'user'];

const folder = '/room/foreign';

/**
 * Plants a hook as user, as project and as an installed plugin, trusts them all, runs a turn and says whose hook ran.
 * Trust is given twice: by hash, as the TUI does, and by the flag that bypasses it, which 0.133.0 has but does not heed.
 */
export async function runForeignHooks(on: Scene, binary: string): Promise<readonly string[]> {
  const { codexHome, work } = foldersOf(folder);
  const plugin = `${codexHome}/plugins/cache/market/plug/local`;
  await on.room.write(
    `${plugin}/.codex-plugin/plugin.json`,
    JSON.stringify({ name: 'plug', version: '1.0.0', description: 'a test' }),
  );
  await on.room.write(
    `${plugin}/hooks/hooks.json`,
    JSON.stringify({ hooks: { UserPromptSubmit: [{ hooks: [{ type: 'command', command: leaves('plugin') }] }] } }),
  );
  await on.room.write(`${work}/.codex/config.toml`, hookToml('project'));
  const user = `${hookToml('user')}
[features]
plugins = true
plugin_hooks = true

[plugins."plug@market"]
enabled = true
`;
  const projects = `[projects.${JSON.stringify(work)}]\ntrust_level = "trusted"\n`;
  await on.room.write(`${codexHome}/config.toml`, `${projects}${user}`);
  const { hooks } = await askCodex(on, binary, folder);
  const trust = hooks
    .filter((hook) => hook['isManaged'] !== true)
    .map(
      (hook) => `[hooks.state.${JSON.stringify(hook['key'])}]\ntrusted_hash = ${JSON.stringify(hook['currentHash'])}\n`,
    );
  await on.turn([], { folder, userConfig: `${user}${trust.join('')}`, args: ['--dangerously-bypass-hook-trust'] });
  return (await on.room.list('/room')).flatMap((file) => /^ran-foreign-(.+)$/.exec(file)?.[1] ?? []);
}

/** Reads its event first: a hook that does not may fail although it has run. */
function leaves(source: string): string {
  return `cat > /dev/null; : > /room/ran-foreign-${source}`;
}

function hookToml(source: string): string {
  return `[[hooks.UserPromptSubmit]]\nhooks = [{ type = "command", command = ${JSON.stringify(leaves(source))} }]\n`;
}
