#!/bin/sh
# Says in one line whether this Mac has the Codex policy as it was built. Reads only; no network.
PATH=/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# codex-mdm: values begin
label='1'
opening='<result>'
closing='</result>'
requirements=f87d4385a3c12b06ffe7fbbc456e5a19fb983836a33a7fa2316ff9b31767f504
second_channel='/etc/codex/requirements.toml'
files() {
  check_folder '/enterprise/hooks'
  check_file File '/enterprise/hooks/pre_tool_use_policy.py' 0755 8abae0e547d8a2ee713a32c53ba8f2db7c5b2599027cbfa906409bf5b0a1eaf7
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
