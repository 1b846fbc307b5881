import { type Json, startAppServer } from '../../src/codex/app-server.ts';
import { foldersOf } from '../../src/codex/turn.ts';
import type { Scene } from './scene.ts';
import { isTable } from './statements.ts';

/** What a Codex says about itself without running anything. */
export interface Reports {
  /** Texts of configuration warnings, and of warnings and errors about hooks. */
  readonly warnings: readonly string[];
  readonly requirements: Json;
  readonly hooks: readonly Json[];
  /** Effective feature flags by name. */
  readonly features: ReadonlyMap<string, boolean>;
}

/** Asks a Codex in the scene for everything it reports. Throws when it does not start. */
export async function askCodex(scene: Scene, binary: string, folder = '/room/asked'): Promise<Reports> {
  const { codexHome, work } = foldersOf(folder);
  await scene.room.makeFolder(codexHome);
  await scene.room.makeFolder(work);
  const server = await startAppServer(scene.room, { binary, codexHome, cwd: work });
  try {
    const { requirements } = await server.request('configRequirements/read');
    const { data } = await server.request('hooks/list', { cwds: [work] });
    const listed = Array.isArray(data) ? data.filter(isTable) : [];
    const warnings = server.notifications
      .filter(({ method }) => method === 'configWarning')
      .map(({ params }) => [params['summary'], params['details']].filter(Boolean).join(' '));
    return {
      warnings: [
        ...warnings,
        ...listed.flatMap((entry) => [entry['warnings'], entry['errors']].flat().map((item) => JSON.stringify(item))),
      ],
      requirements: isTable(requirements) ? requirements : {},
      hooks: listed.flatMap(({ hooks }) => (Array.isArray(hooks) ? hooks.filter(isTable) : [])),
      features: await featuresOf(scene, binary, codexHome, work),
    };
  } finally {
    await server.close();
  }
}

async function featuresOf(
  scene: Scene,
  binary: string,
  codexHome: string,
  work: string,
): Promise<ReadonlyMap<string, boolean>> {
  const { exitCode, stdout, stderr } = await scene.room.run(binary, ['features', 'list'], {
    cwd: work,
    env: { CODEX_HOME: codexHome },
  });
  if (exitCode !== 0) throw new Error(`codex features list ended with ${exitCode}: ${stderr}`);
  const rows = stdout.split('\n').flatMap((line) => {
    const [, name, value] = /^(\S+)\s+.*\s(true|false)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value === 'true'] as const];
  });
  return new Map(rows);
}
