#!/bin/sh
# Removes the files of a Codex policy: the requirements first, then what they name. It removes only files that
# codex-mdm wrote (by a name of its own, or by a known hash) and folders that are empty. Runs as root.
set -eu
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# codex-mdm: values begin
label='enterprise 2026.11.1'
system='Linux'
requirements() {
  remove_requirements '/etc/codex' 'requirements.toml' d664da790a6ec809dcb9aa7b5e8391867681d221da7996460c68883db0e36d50
}
files() {
  remove_known '/etc/codex/hooks' 'audit.sh' 8969854b04941ad1a1fbb17c7521fb6e41aa786c2e0a464bbe0dd1d1ac563b1e
  remove_own '/etc/codex/hooks' 'codex-relay'
  remove_known '/etc/codex' 'config.toml' 14c94e959de2196a10dd0460dcb9dbd3c71bb9d7862d1a0eaed31dc583d31b1f
}
folders() {
  remove_empty '/etc/codex/hooks'
  remove_empty '/etc/codex'
}
# codex-mdm: values end

fail() {
  echo "codex-mdm: $1" >&2
  exit 1
}

# Folder and name; sets path. A linked folder would lead to foreign files.
locate() {
  [ ! -L "$1" ] || fail "refusing: $1 is a symbolic link"
  path=$1/$2
}

digest() {
  if [ "$system" = Darwin ]; then shasum -a 256; else sha256sum; fi < "$1" | cut -c 1-64
}

is_known() {
  [ -f "$1" ] && [ ! -L "$1" ] && [ "$(digest "$1")" = "$2" ]
}

# On macOS the profile carries the requirements. While it is there, its hooks still name the files.
check_profile() {
  if [ "$system" = Darwin ] && defaults read '/Library/Managed Preferences/com.openai.codex' requirements_toml_base64 > /dev/null 2>&1; then
    fail 'the profile is still on this Mac: remove it first; nothing was removed'
  fi
}

# Without the requirements' removal nothing else goes: their hooks would name files that are missing.
remove_requirements() {
  locate "$1" "$2"
  [ -e "$path" ] || [ -L "$path" ] || return 0
  is_known "$path" "$3" || fail "$path is not the one of this policy version: use the script of the version that wrote it; nothing was removed"
  rm -f "$path"
  echo "codex-mdm: removed $path"
}

remove_own() {
  locate "$1" "$2"
  if [ -f "$path" ] || [ -L "$path" ]; then
    rm -f "$path"
    echo "codex-mdm: removed $path"
  fi
}

remove_known() {
  locate "$1" "$2"
  if is_known "$path" "$3"; then
    rm -f "$path"
    echo "codex-mdm: removed $path"
  elif [ -e "$path" ] || [ -L "$path" ]; then
    echo "codex-mdm: kept $path, which is not the one of this policy version"
  fi
}

remove_empty() {
  [ -d "$1" ] && [ ! -L "$1" ] || return 0
  rm -f "$1"/.codex-mdm.??????
  rmdir "$1" 2> /dev/null || echo "codex-mdm: kept $1, which holds other files"
}

main() {
  [ "$(id -u)" -eq 0 ] || fail 'run as root'
  [ "$(uname -s)" = "$system" ] || fail "this script is for $system"
  check_profile
  requirements
  files
  folders
  echo "codex-mdm: policy $label is removed"
}

main
