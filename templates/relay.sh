#!/bin/sh
# shellcheck disable=SC2016,SC1112,SC1003 # texts of the policy stand in single quotes, whatever they hold
# Hands the event of a Codex hook to whoever judges or collects it, and turns the answer into what Codex understands.
# Made by codex-mdm from a policy: change the policy, not this file. docs/relay.md of codex-mdm describes it.
#
#   codex-relay EVENT [guarded]        the event is on stdin; the launch line in requirements.toml says 'guarded'
#   codex-relay deliver FOLDER RAW     files an observed event and sends what waits; started detached by the former
#
# A preset adds ask (sets verdict, and leaves a reason in $answer), tell (sets outcome) and may_send.
#
# codex-mdm: values begin
policy_name='example'
policy_version='1'
policy_hash='0000000000000000000000000000000000000000000000000000000000000000'
relay_version='0.0.0'
events=' PreToolUse:enforce:closed:3 PostToolUse:observe:open:5 '
delivery_seconds='5'
url='https://collector.example/codex'
connection='proto = "=https"'
token_file=''
auth_header='Authorization'
auth_scheme='Bearer'
proxy='environment'
spool_events='1000'
spool_bytes='52428800'
spool_age='604800'
spool_sure='50'
payload='full'
payload_bytes='1048576'
identity='user host serial'
user_message='Blocked by policy example.'
user_message_json='Blocked by policy example.'
log='off'
# codex-mdm: values end

# Nothing of the user's shell set-up may reach in. Only bash takes functions from the environment (and only ksh takes
# "unset -f" for a built-in amiss). POSIXLY_CORRECT stays: without it bash lets a function stand before exit and unset.
case ${BASH_VERSION-} in
  ?*) unset -f '[' awk cat cd chmod curl cut date dd find fold grep head iconv id ioreg kill ls mkdir mktemp mv od openssl printf read rm scutil sed sha256sum shasum sleep tail test tr umask uname uuidgen wait wc 2>/dev/null ;;
esac
unset ENV BASH_ENV CDPATH IFS
unset CURL_HOME CURL_CA_BUNDLE CURL_SSL_BACKEND SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE OPENSSL_CONF OPENSSL_ENGINES OPENSSL_MODULES
unset HOSTALIASES LOCALDOMAIN RES_OPTIONS GCONV_PATH GREP_OPTIONS
[ "$proxy" = environment ] || unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
PATH=/usr/bin:/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 077

script=$0
nl='
'
# What is not known of an event is -, and nothing of these comes from the environment.
folder='' id='' time='' status='' ends_turn=''
size=- sha256=- subject=- codex_version=-
# What a preset does when Codex has its answer already.
afterwards=:

main() {
  if [ "${1-}" = deliver ]; then
    deliver "${2-}" "${3-}"
    exit 0
  fi
  event=${1-}
  # Behind the guard "let through" has a status of its own, so that a damaged relay is not taken for one that agreed.
  passed=0
  denied=2
  if [ "${2-}" = guarded ]; then
    passed=10
    denied=11
  fi
  case $events in
    *" $event:"*) ;;
    *)
      cat >/dev/null
      exit "$passed"
      ;;
  esac
  entry=${events#*" $event:"}
  entry=${entry%% *}
  mode=${entry%%:*}
  entry=${entry#*:}
  on_failure=${entry%:*}
  seconds=${entry#*:}
  if [ "$mode" = observe ]; then
    observe
  else
    decide
  fi
}

# --- the two ways of handling an event ---------------------------------------------------------------------------

# Takes the event, leaves the rest to a child that holds none of our streams, and returns at once.
observe() {
  if open_folder "raw,$event,$$" && cat >"$folder/raw,$event,$$" 2>/dev/null; then
    /bin/sh "$script" deliver "$folder" "$folder/raw,$event,$$" </dev/null >/dev/null 2>&1 &
  elif [ -n "$folder" ]; then
    # The disk is full: part of the event is read already and there is no place for the rest.
    cat >/dev/null
    body=$folder/raw,$event,$$
    answer=$body
    note_drop
    tidy
  else
    # No place for files at all: send it now, straight from stdin.
    body=/dev/fd/4
    answer=/dev/null
    new_id
    now
    {
      take
      tell
    } 4<&0
  fi
  exit "$passed"
}

# Asks, and lets through, denies, or does what the policy says for a failure.
decide() {
  verdict=failure
  reason=
  new_id
  if open_folder "ask,$$"; then
    body=$folder/ask,$$
    answer=$folder/answer,$$
    ask
    clean_reason
    tidy
  else
    body=/dev/fd/4
    answer=/dev/null
    ask 4<&0
  fi
  note "$mode" "$verdict"
  case $verdict in
    pass) exit "$passed" ;;
    deny) refuse "$reason" ;;
  esac
  [ "$on_failure" = closed ] || exit "$passed"
  refuse ''
}

# The sturdiest denial that Codex knows at this event. A denial without a reason would let through.
refuse() {
  if [ "$event" = SessionStart ] || [ "$event" = PreCompact ] || [ "$ends_turn" = yes ]; then
    if [ -n "$1" ]; then
      reason=$(printf '%s\n' "$1" | sed 's/[\\"]/\\&/g')
    else
      reason=$user_message_json
    fi
    printf '{"continue":false,"stopReason":"%s"}\n' "$reason"
    exit "$passed"
  fi
  printf '%s\n' "${1:-$user_message}" >&2
  exit "$denied"
}

# --- the event and what is said of it ----------------------------------------------------------------------------

# Sets id: the key by which a collector knows a repetition.
new_id() {
  id=
  if [ -r /proc/sys/kernel/random/uuid ]; then
    read -r id </proc/sys/kernel/random/uuid
  elif [ -x /usr/bin/uuidgen ]; then
    id=$(uuidgen)
  fi
  [ -n "$id" ] || id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
}

# Sets epoch and time.
now() {
  time=$(date -u '+%s %Y-%m-%dT%H:%M:%SZ')
  epoch=${time%% *}
  time=${time#* }
}

# Takes the event to its end into $body and brings it to what the policy allows to leave the machine. Fails where it
# finds no room. dd copies and counts in one process.
take() {
  if [ "$body" = /dev/fd/4 ]; then
    [ "$payload" != metadata ] || leave_out
    return 0
  fi
  copied=$(dd bs=65536 of="$body" 2>&1) || {
    cat >/dev/null
    return 1
  }
  case $copied in
    *" out$nl"[0-9]*' byte'*)
      copied=${copied##*" out$nl"}
      measure "${copied%%[!0-9]*}"
      ;;
    *) measure "$(wc -c <"$body")" ;;
  esac
}

# Where the event is in no file, only its length can be told.
leave_out() {
  size=$(wc -c <&4)
  size=$((size))
  body=/dev/null
}

# measure LENGTH: cuts $body, or empties it; size and sha256 are those of the whole event.
measure() {
  if [ "$payload" = metadata ]; then
    size=$(($1))
    sha256=$(digest)
    : >"$body"
  elif [ "$1" -gt "$payload_bytes" ]; then
    size=$(($1))
    sha256=$(digest)
    head -c "$payload_bytes" <"$body" >"$body.cut" && mv -f "$body.cut" "$body"
  fi
}

digest() {
  { sha256sum <"$body" || shasum -a 256 <"$body" || openssl dgst -sha256 -r <"$body" || printf -- '- '; } 2>/dev/null | cut -d ' ' -f 1
}

# Turns $reason, or the answer that was kept, into one line of visible text, or into nothing.
clean_reason() {
  [ "$verdict" = deny ] || return 0
  # C1 controls, zero-width and direction marks, line separators, byte-order marks and tags: all invisible.
  invisible=$(printf 's/%b//g\n' '\0302[\0200-\0237]' '\0342\0200[\0213-\0217\0250-\0256]' '\0342\0201[\0240-\0257]' \
    '\0357\0273\0277' '\0363\0240[\0200-\0207][\0200-\0277]')
  reason=$({ head -c 4000 <"$answer"; } 2>/dev/null | tr '\000-\037\177' ' ' | sed -e "$invisible" -e 's/^ *//' -e 's/ *$//')
  case $reason in *[#-~]*) return 0 ;; esac
  # No ASCII character is visible. Codex counts every white space of Unicode as nothing, and nothing lets through.
  blank=$(printf 's/%b//g\n' ' ' '\0302[\0240\0255]' '\0341\0232\0200' '\0342\0200[\0200-\0212\0257]' '\0342\0201\0237' '\0343\0200\0200')
  visible=$(printf '%s\n' "$reason" | sed -e "$blank")
  [ -n "$visible" ] || reason=
}

# --- files -------------------------------------------------------------------------------------------------------

# Sets folder to the user's own spool: only below a home that is the user's, never through a link.
open_spool() {
  folder=
  case ${HOME-} in
    *[\"\\]* | *"$nl"*) return 1 ;;
    /*) ;;
    *) return 1 ;;
  esac
  # shellcheck disable=SC3067 # -O is not in POSIX; dash, bash, busybox, zsh and ksh all have it
  [ -d "$HOME" ] && [ -O "$HOME" ] || return 1
  folder=$HOME/.local/state/codex-relay
  [ -d "$folder" ] || mkdir -p "$folder" 2>/dev/null
  # shellcheck disable=SC3067
  if [ -d "$folder" ] && [ ! -L "$folder" ] && [ -O "$folder" ] && [ -w "$folder" ] && [ -x "$folder" ]; then
    return 0
  fi
  folder=
  return 1
}

# Sets folder to where a file of this name can be made: the spool or, where that cannot be written, a folder of its own.
# Only trying tells: to root, busybox calls a read-only folder writable.
open_folder() {
  if open_spool && { printf '' >"$folder/$1"; } 2>/dev/null; then
    return 0
  fi
  open_scratch
}

# Without a spool an event lives in a folder of its own until it was sent once.
open_scratch() {
  folder=$(mktemp -d "${TMPDIR:-/tmp}/codex-relay.XXXXXXXX" 2>/dev/null)
  case $folder in
    *[\"\\]* | *"$nl"*) folder= ;;
  esac
  [ -n "$folder" ]
}

is_scratch() {
  case ${folder##*/} in codex-relay.*) return 0 ;; esac
  return 1
}

# Removes what a decision left, without making Codex wait for it.
tidy() {
  if is_scratch; then
    {
      "$afterwards"
      rm -rf "$folder"
    } </dev/null >/dev/null 2>&1 &
  else
    {
      "$afterwards"
      rm -f "$body" "$body.cut" "$answer" "$answer.err" "$folder/record,$$"
    } </dev/null >/dev/null 2>&1 &
  fi
}

# A line for the log: never contents, never the token.
note() {
  [ "$log" != off ] && [ -n "$folder" ] && [ -d "$folder" ] || return 0
  case $log:$2 in
    errors:pass | errors:deny | errors:delivered) return 0 ;;
  esac
  [ -n "$time" ] || now
  printf '%s %s %s %s %s %s\n' "$time" "$event" "$id" "$1" "$2" "${status:-}" >>"$folder/relay.log"
} 2>/dev/null
