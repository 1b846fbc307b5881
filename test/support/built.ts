import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The requirements.toml of each example policy, by the policy's name, as the committed bundles have it. */
export const builtRequirements: ReadonlyMap<string, string> = new Map(
  readdirSync('dist-profiles')
    .sort()
    .flatMap((name) => {
      const path = `dist-profiles/${name}/device/requirements.toml`;
      return existsSync(path) ? [[name, readFileSync(path, 'utf8')]] : [];
    }),
);
