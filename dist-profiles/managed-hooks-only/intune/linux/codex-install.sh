#!/bin/sh
# Puts the files of a Codex policy in place, or repairs them. Runs as root and is safe to run again.
# The requirements come last: they never name a script that is not there yet.
set -eu
umask 022
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# codex-mdm: values begin
label='managed-hooks-only 1'
system='Linux'
folders() {
  folder '/enterprise/hooks'
  folder '/etc/codex'
}
files() {
  put '/enterprise/hooks' 'pre_tool_use_policy.py' 0755 8abae0e547d8a2ee713a32c53ba8f2db7c5b2599027cbfa906409bf5b0a1eaf7 <<'CODEX_MDM'
IiIiRXhhbXBsZSBob29rOiByZWZ1c2VzIHNoZWxsIGNvbW1hbmRzIHRoYXQgbmFtZSB0aGUgcHJv
ZHVjdGlvbiBjbHVzdGVyLCBhbmQgbGV0cyBldmVyeXRoaW5nIGVsc2UgcnVuLiIiIgoKaW1wb3J0
IGpzb24KaW1wb3J0IHN5cwoKY29tbWFuZCA9IGpzb24ubG9hZChzeXMuc3RkaW4pLmdldCgidG9v
bF9pbnB1dCIsIHt9KS5nZXQoImNvbW1hbmQiLCAiIikKaWYgInByb2QtY2x1c3RlciIgaW4gY29t
bWFuZDoKICAgIHByaW50KCJDb21tYW5kcyBvbiBwcm9kLWNsdXN0ZXIgZ28gdGhyb3VnaCBhIGNo
YW5nZSByZXF1ZXN0LiIsIGZpbGU9c3lzLnN0ZGVycikKICAgIHN5cy5leGl0KDIpCg==
CODEX_MDM
  put '/etc/codex' 'requirements.toml' 0644 f87d4385a3c12b06ffe7fbbc456e5a19fb983836a33a7fa2316ff9b31767f504 <<'CODEX_MDM'
YWxsb3dfbWFuYWdlZF9ob29rc19vbmx5ID0gdHJ1ZQoKW2ZlYXR1cmVzXQpob29rcyA9IHRydWUK
Cltob29rc10KbWFuYWdlZF9kaXIgPSAiL2VudGVycHJpc2UvaG9va3MiCndpbmRvd3NfbWFuYWdl
ZF9kaXIgPSAiQzpcXGVudGVycHJpc2VcXGhvb2tzIgoKW1tob29rcy5QcmVUb29sVXNlXV0KbWF0
Y2hlciA9ICJeQmFzaCQiCgpbW2hvb2tzLlByZVRvb2xVc2UuaG9va3NdXQpjb21tYW5kID0gInB5
dGhvbjMgL2VudGVycHJpc2UvaG9va3MvcHJlX3Rvb2xfdXNlX3BvbGljeS5weSIKY29tbWFuZF93
aW5kb3dzID0gInB5IC0zIEM6XFxlbnRlcnByaXNlXFxob29rc1xccHJlX3Rvb2xfdXNlX3BvbGlj
eS5weSIKc3RhdHVzTWVzc2FnZSA9ICJDaGVja2luZyBtYW5hZ2VkIEJhc2ggY29tbWFuZCIKdGlt
ZW91dCA9IDMwCnR5cGUgPSAiY29tbWFuZCIK
CODEX_MDM
}
# codex-mdm: values end

temporary=

fail() {
  echo "codex-mdm: $1" >&2
  exit 1
}

clean_up() {
  [ -z "$temporary" ] || rm -f "$temporary"
}

decode() {
  if [ "$system" = Darwin ]; then base64 -D; else base64 -d; fi
}

digest() {
  if [ "$system" = Darwin ]; then shasum -a 256; else sha256sum; fi < "$1" | cut -c 1-64
}

# A folder is guarded when only root may rename in it; the sticky bit protects what root owns there.
# A symbolic link has no mode of its own that counts.
is_guarded() {
  [ -z "$(find "$1" -prune \( ! -user 0 -o ! -type l \( -perm -0020 -o -perm -0002 \) ! -perm -1000 \) -print)" ]
}

# Everything above must be guarded, or others could put another folder in place of ours.
# /etc is a symbolic link on macOS, so both the path as written and the one it leads to count.
check_above() {
  above=$1
  until [ "$above" = / ]; do
    above=$(dirname "$above")
    if [ -e "$above" ] || [ -L "$above" ]; then
      is_guarded "$above" || fail "refusing: others than root may change $above"
    fi
  done
  above=$(dirname "$1")
  until [ -d "$above" ]; do
    above=$(dirname "$above")
  done
  above=$(cd "$above" && pwd -P)
  until [ "$above" = / ]; do
    is_guarded "$above" || fail "refusing: others than root may change $above"
    above=$(dirname "$above")
  done
}

# A folder of the policy: made where it is missing, root's own in any case.
folder() {
  check_above "$1"
  if [ -L "$1" ] || { [ -e "$1" ] && [ ! -d "$1" ]; }; then
    fail "refusing: $1 is not a plain folder"
  fi
  mkdir -p "$1"
  chown "root:$group" "$1"
  chmod 0755 "$1"
}

is_right() {
  [ -n "$(find "$1" -prune -type f -user 0 -group 0 -perm "$2" -print)" ] && [ "$(digest "$1")" = "$3" ]
}

# Folder, name, mode, SHA-256; the content as base64 on standard input.
put() {
  path=$1/$2
  if [ -L "$path" ] || { [ -e "$path" ] && [ ! -f "$path" ]; }; then
    fail "refusing: $path is not a plain file"
  fi
  if [ -e "$path" ] && is_right "$path" "$3" "$4"; then
    return
  fi
  temporary=$(mktemp "$1/.codex-mdm.XXXXXX")
  decode > "$temporary"
  [ "$(digest "$temporary")" = "$4" ] || fail "checksum mismatch: $path"
  chown "root:$group" "$temporary"
  chmod "$3" "$temporary"
  mv -f "$temporary" "$path"
  temporary=
  echo "codex-mdm: wrote $path"
}

main() {
  [ "$(id -u)" -eq 0 ] || fail 'run as root'
  [ "$(uname -s)" = "$system" ] || fail "this script is for $system"
  if [ "$system" = Darwin ]; then group=wheel; else group=root; fi
  trap clean_up EXIT
  trap 'exit 1' HUP INT TERM
  folders
  files
  echo "codex-mdm: policy $label is in place"
}

main
