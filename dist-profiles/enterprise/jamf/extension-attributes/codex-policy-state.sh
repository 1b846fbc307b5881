#!/bin/sh
# Says in one line whether this Mac has the Codex policy as it was built. Reads only; no network.
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# codex-mdm: values begin
label='2026.11.1'
opening='<result>'
closing='</result>'
requirements=d664da790a6ec809dcb9aa7b5e8391867681d221da7996460c68883db0e36d50
second_channel='/etc/codex/requirements.toml'
files() {
  check_folder '/etc/codex'
  check_folder '/etc/codex/hooks'
  check_file File '/etc/codex/hooks/audit.sh' 0755 8969854b04941ad1a1fbb17c7521fb6e41aa786c2e0a464bbe0dd1d1ac563b1e
  check_file Relay '/etc/codex/hooks/codex-relay' 0755 2c4b76e7983257750fce2909104ca1e4603f81cadf43e61e56994a91695c1b3c
  check_file File '/etc/codex/config.toml' 0644 14c94e959de2196a10dd0460dcb9dbd3c71bb9d7862d1a0eaed31dc583d31b1f
}
# codex-mdm: values end

state=Compliant

# The first fault is the one reported.
report() {
  [ "$state" != Compliant ] || state=$1
}

digest() {
  shasum -a 256 | cut -c 1-64
}

check_profile() {
  value=$(defaults read '/Library/Managed Preferences/com.openai.codex' requirements_toml_base64 2> /dev/null)
  if [ -z "$value" ]; then
    report 'No profile'
  elif [ "$(echo "$value" | base64 -D 2> /dev/null | digest)" != "$requirements" ]; then
    report 'Other policy'
  fi
  # A file beside the profile makes every hook run twice.
  if [ -e "$second_channel" ] || [ -L "$second_channel" ]; then
    report 'Second requirements'
  fi
}

check_folder() {
  if [ -L "$1" ] || [ ! -d "$1" ]; then
    report 'Folder drift'
  elif [ -n "$(find "$1" -prune \( ! -user 0 -o -perm -0020 -o -perm -0002 -o ! -perm -0555 \) -print)" ]; then
    report 'Folder permissions'
  fi
}

# What, path, mode, SHA-256.
check_file() {
  if [ -L "$2" ] || [ ! -f "$2" ] || [ "$(digest < "$2")" != "$4" ]; then
    report "$1 drift"
  elif [ -z "$(find "$2" -prune -user 0 -group 0 -perm "$3" -print)" ]; then
    report "$1 permissions"
  fi
}

check_profile
files
echo "$opening$state | $label$closing"
