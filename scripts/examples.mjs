// Builds every example policy into dist-profiles/: the golden builds.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const policies = readdirSync(join(root, 'templates/policies'))
  .filter((name) => name.endsWith('.yaml'))
  .sort();
let failed = 0;
for (const name of policies) {
  const { status } = spawnSync(
    process.execPath,
    ['dist/main.cjs', 'build', `templates/policies/${name}`, '--quiet', ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  );
  console.log(`${status === 0 ? 'built ' : 'failed'} ${name}`);
  if (status !== 0) failed++;
}
process.exitCode = failed ? 1 : 0;
