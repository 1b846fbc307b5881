#!/bin/sh
# Removes the files of a Codex policy: the requirements first, then what they name. It removes only files that
# codex-mdm wrote (by a name of its own, or by a known hash) and folders that are empty. Runs as root.
set -eu
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# codex-mdm: values begin
label='managed-hooks-only 1'
system='Darwin'
requirements() {
  :
}
files() {
  remove_known '/enterprise/hooks' 'pre_tool_use_policy.py' 8abae0e547d8a2ee713a32c53ba8f2db7c5b2599027cbfa906409bf5b0a1eaf7
}
folders() {
  remove_empty '/enterprise/hooks'
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
