import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PrivateRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs shell commands as root in a root directory of their own: a tmpfs in a private mount namespace, with this machine's
 * programs and nothing else of it. `files` lie in /work, where the commands start. As 'Darwin' the tools whose options
 * differ on macOS are replaced by ones that take only the macOS form, and /etc is a symbolic link as it is there.
 */
export function runPrivately(
  system: 'Linux' | 'Darwin',
  files: Readonly<Record<string, string | Uint8Array>>,
  commands: string,
): PrivateRun {
  const work = mkdtempSync(join(tmpdir(), 'codex-mdm-root-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(work, name), content);
    writeFileSync(join(work, 'commands'), commands);
    writeFileSync(join(work, 'build-root'), buildRoot);
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['-m', '--propagation', 'private', 'sh', join(work, 'build-root'), system, work],
      {
        encoding: 'utf8',
        env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
        timeout: 60_000,
      },
    );
    return { status, stdout, stderr };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const buildRoot = `
set -eu
system=$1
work=$2
root=$(mktemp -d "$work/root.XXXXXX")
mount -t tmpfs -o mode=0755 none "$root"
mkdir -p "$root/host" "$root/work" "$root/dev" "$root/tmp" "$root/private/etc" "$root/usr/bin"
chmod 1777 "$root/tmp"
mount --rbind /usr "$root/host"
mount --bind "$work" "$root/work"
: > "$root/dev/null"
mount --bind /dev/null "$root/dev/null"
for name in bin sbin; do ln -s "usr/bin" "$root/$name"; done
for name in lib lib64; do ln -s "host/$name" "$root/$name"; ln -s "../host/$name" "$root/usr/$name"; done
chroot "$root" /host/bin/sh -c '/host/bin/ln -sf /host/sbin/* /host/bin/* /usr/bin/'
stub() {
  rm -f "$root/usr/bin/$1"
  { echo '#!/host/bin/sh'; cat; } > "$root/usr/bin/$1"
  chmod 0755 "$root/usr/bin/$1"
}
if [ "$system" = Darwin ]; then
  ln -s private/etc "$root/etc"
  echo 'wheel:x:0:' > "$root/etc/group"
  stub uname <<'STUB'
[ "$*" = -s ] && echo Darwin
STUB
  stub base64 <<'STUB'
[ "$*" = -D ] && exec /host/bin/base64 -d
exit 64
STUB
  stub shasum <<'STUB'
[ "$*" = '-a 256' ] && exec /host/bin/sha256sum
exit 64
STUB
  stub defaults <<'STUB'
[ "$*" = 'read /Library/Managed Preferences/com.openai.codex requirements_toml_base64' ] || exit 64
cat /managed-value 2> /dev/null
STUB
  rm -f "$root/usr/bin/sha256sum" "$root/usr/bin/stat"
else
  mv "$root/private/etc" "$root/etc"
  echo 'root:x:0:' > "$root/etc/group"
fi
echo 'root:x:0:0::/:/bin/sh' > "$root/etc/passwd"
chroot "$root" /host/bin/sh -c 'cd /work && . ./commands'
`;
