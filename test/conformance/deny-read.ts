import type { ToolCall } from '../../src/codex/model-server.ts';
import type { Scene } from './scene.ts';
import { outputsOf } from './turns.ts';

const secret = 'the secret was read';

/** Puts a secret at each place (in it, where it is a folder), lets the model read them all, and says which it got. */
export async function readable(on: Scene, places: readonly string[]): Promise<readonly string[]> {
  const files = new Map<string, string>();
  for (const place of places) {
    const { exitCode } = await on.room.run('test', ['-d', place]);
    const file = exitCode === 0 ? `${place}/codex-mdm-secret` : place;
    files.set(place, file);
    await on.room.write(file, `${secret} at ${place}\n`);
  }
  const calls = [...files.values()].map((file): ToolCall => ({ kind: 'shell', command: `cat ${file}` }));
  const output = outputsOf(await on.turn([{ calls }]));
  return places.filter((place) => output.includes(`${secret} at ${place}`));
}

/** The absolute places of a list that are no patterns. */
export function plainPlaces(places: readonly string[]): string[] {
  return places.filter((place) => /^\/[\w./-]+$/.test(place));
}
