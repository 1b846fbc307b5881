#!/bin/sh
# shellcheck disable=SC2016,SC1112,SC1003 # texts of the policy stand in single quotes, whatever they hold
# Hands the event of a Codex hook to whoever judges or collects it, and turns the answer into what Codex understands.
# Made by codex-mdm from a policy: change the policy, not this file. docs/relay.md of codex-mdm describes it.
#
#   codex-relay EVENT [guarded]        the event is on stdin; the launch line in requirements.toml says 'guarded'
#   codex-relay deliver FOLDER RAW     files an observed event and sends what waits; started detached by the former
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
payload='full'
payload_bytes='1048576'
identity='user host serial'
user_message='Blocked by policy example.'
user_message_json='Blocked by policy example.'
log='off'
# codex-mdm: values end

# Nothing of the user's shell set-up may reach in. Only bash takes functions from the environment (and only ksh takes
# "unset -f" for a built-in amiss).
case ${BASH_VERSION-} in
  ?*) unset -f '[' awk cat chmod curl cut date find head id kill ls mkdir mktemp mv od printf read rm sed sleep tail test tr uname wait wc 2>/dev/null ;;
esac
unset ENV BASH_ENV CDPATH IFS
unset CURL_HOME CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE
[ "$proxy" = environment ] || unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
PATH=/usr/bin:/bin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 077

script=$0
nl='
'

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
  if { open_spool || open_scratch; } && cat >"$folder/raw,$event,$$" 2>/dev/null; then
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
    mode=observe
    body=/dev/fd/4
    stamp
    tell 4<&0
  fi
  exit "$passed"
}

# Asks, and lets through, denies, or does what the policy says for a failure.
decide() {
  verdict=failure
  reason=
  if open_spool || open_scratch; then
    body=$folder/ask,$$
    answer=$folder/answer,$$
    if cat >"$body" 2>/dev/null; then
      stamp
      measure
      ask
    else
      cat >/dev/null
    fi
    clean_reason
    tidy
  else
    body=/dev/fd/4
    answer=/dev/null
    stamp
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
  if [ "$event" = SessionStart ] || [ "$event" = PreCompact ]; then
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

# Sets id (the key by which a collector knows a repetition), epoch and time.
stamp() {
  id=
  size=-
  sha256=-
  subject=-
  codex_version=-
  [ ! -r /proc/sys/kernel/random/uuid ] || read -r id </proc/sys/kernel/random/uuid
  [ -n "$id" ] || id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  time=$(date -u '+%s %Y-%m-%dT%H:%M:%SZ')
  epoch=${time% *}
  time=${time#* }
}

# Brings $body to what the policy allows to leave the machine; size and sha256 are those of the whole event.
measure() {
  measured=$(wc -c <"$body")
  measured=$((measured))
  if [ "$payload" = metadata ]; then
    size=$measured
    sha256=$(digest)
    : >"$body"
  elif [ "$measured" -gt "$payload_bytes" ]; then
    size=$measured
    sha256=$(digest)
    head -c "$payload_bytes" <"$body" >"$body.cut" && mv -f "$body.cut" "$body"
  fi
}

digest() {
  { sha256sum <"$body" || shasum -a 256 <"$body" || openssl dgst -sha256 -r <"$body" || printf -- '- '; } 2>/dev/null | cut -d ' ' -f 1
}

# Session and Codex version of an event: the version stands only in the first line of the session's transcript.
describe() {
  head=$(head -c 4096 <"$body" | tr -d '\000' | sed -n '1s/^{"session_id":"\([0-9A-Za-z-]\{1,64\}\)"[^{]*"transcript_path":"\([^"\\]*\)".*/\1 \2/p')
  [ -n "$head" ] || return 0
  subject=${head%% *}
  head=${head#* }
  [ -f "$head" ] && [ -r "$head" ] || return 0
  head=$(head -n 1 <"$head" | head -c 4096 | tr -d '\000' | sed -n 's/.*"cli_version":"\([0-9A-Za-z.+-]\{1,40\}\)".*/\1/p')
  codex_version=${head:--}
}

# Turns $reason, or the answer that was kept, into one line of visible text, or into nothing.
clean_reason() {
  [ "$verdict" = deny ] || return 0
  # C1 controls, zero-width and direction marks, line separators, byte-order marks and tags: all invisible.
  controls=$(printf '\302[\200-\237]')
  marks=$(printf '\342\200[\213-\217\250-\256]')
  joiners=$(printf '\342\201[\240-\257]')
  order=$(printf '\357\273\277')
  tags=$(printf '\363\240[\200-\207][\200-\277]')
  reason=$(head -c 4000 <"$answer" 2>/dev/null | tr '\000-\037\177' ' ' | sed -e "s/$controls//g" -e "s/$marks//g" \
    -e "s/$joiners//g" -e "s/$order//g" -e "s/$tags//g" -e 's/^ *//' -e 's/ *$//')
  case $reason in *[#-~]*) return 0 ;; esac
  # No ASCII character is visible. Codex counts every white space of Unicode as nothing, and nothing lets through.
  narrow=$(printf '\302[\240\255]')
  ogham=$(printf '\341\232\200')
  spaces=$(printf '\342\200[\200-\212\257]')
  medium=$(printf '\342\201\237')
  wide=$(printf '\343\200\200')
  visible=$(printf '%s\n' "$reason" | sed -e 's/ //g' -e "s/$narrow//g" -e "s/$ogham//g" -e "s/$spaces//g" -e "s/$medium//g" -e "s/$wide//g")
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
    { rm -rf "$folder"; } </dev/null >/dev/null 2>&1 &
  else
    { rm -f "$body" "$body.cut" "$answer" "$answer.err"; } </dev/null >/dev/null 2>&1 &
  fi
}

# A line for the log: never contents, never the token.
note() {
  [ "$log" != off ] && [ -n "$folder" ] && [ -d "$folder" ] || return 0
  case $log:$2 in
    errors:pass | errors:deny | errors:delivered) return 0 ;;
  esac
  printf '%s %s %s %s %s %s\n' "$time" "$event" "$id" "$1" "$2" "${status:-}" >>"$folder/relay.log"
} 2>/dev/null

# --- the spool: one file per event, its name holds what is said of it, its content is the body -------------------

deliver() {
  trap '' HUP
  folder=$1
  status=
  cd / || return
  if is_scratch; then
    file_event "$2" && send_waiting
    rm -rf "$folder"
    return
  fi
  open_spool && [ "$folder" = "$1" ] || return
  chmod 700 "$folder"
  [ ! -f "$2" ] || file_event "$2"
  # Whoever files an event while another sends leaves it to that one, which therefore looks again after unlocking.
  while has_waiting && lock; do
    clean_spool
    sent=yes
    send_waiting || sent=no
    rm -rf "$folder/lock"
    [ "$sent" = yes ] || return
  done
}

# Gives a raw event its name and with it its place in the queue.
file_event() {
  event=${1##*/raw,}
  event=${event%%,*}
  body=$1
  stamp
  describe
  measure
  mv -f "$1" "$folder/$epoch,$time,$event,$id,$subject,$codex_version,$size,$sha256.event"
}

has_waiting() {
  for file in "$folder"/*.event; do
    [ ! -f "$file" ] || return 0
  done
  return 1
}

# Sends the oldest events first. Fails when the collector is away.
send_waiting() {
  mode=observe
  count=0
  for file in "$folder"/*.event; do
    [ -f "$file" ] || continue
    # The lock is given back now and then, so that its age tells a working sender from a dead one.
    count=$((count + 1))
    [ "$count" -le 200 ] || return 0
    name=${file##*/}
    name=${name%.event}
    IFS=,
    # shellcheck disable=SC2086 # split at commas; file names of ours hold no pattern characters
    set -- $name
    unset IFS
    epoch=$1 time=$2 event=$3 id=$4 subject=$5 codex_version=$6 size=$7 sha256=$8
    body=$file
    read_drops
    outcome=keep
    tell
    note observe "$outcome"
    case $outcome in
      delivered)
        rm -f "$file" || return
        [ "$dropped" = 0 ] || rm -f "$folder/dropped"
        ;;
      drop)
        rm -f "$file" || return
        note_drop
        ;;
      *) return 1 ;;
    esac
  done
}

# One sender at a time. A lock whose owner is gone, or that is too old, is taken over.
lock() {
  if ! mkdir "$folder/lock" 2>/dev/null; then
    owner=
    [ ! -r "$folder/lock/pid" ] || read -r owner <"$folder/lock/pid"
    case $owner in *[!0-9]*) owner= ;; esac
    if [ -n "$owner" ] && kill -0 "$owner" 2>/dev/null; then
      [ -n "$(find "$folder/lock" -prune -mmin +20)" ] || return 1
    else
      [ -n "$owner" ] || [ -n "$(find "$folder/lock" -prune -mmin +1)" ] || return 1
    fi
    mv "$folder/lock" "$folder/stale,$$" 2>/dev/null || return 1
    rm -rf "$folder/stale,$$"
    mkdir "$folder/lock" 2>/dev/null || return 1
  fi
  printf '%s\n' "$$" >"$folder/lock/pid"
}

# Holds the spool to its bounds, the oldest going first, and takes care of what killed relays left.
clean_spool() {
  [ -z "$(find "$folder/identity" -mtime +0 2>/dev/null)" ] || rm -f "$folder/identity"
  [ -z "$(find "$folder/relay.log" -size +512 2>/dev/null)" ] || mv -f "$folder/relay.log" "$folder/relay.log.1"
  find "$folder" \( -name 'ask,*' -o -name 'answer,*' -o -name 'identity,*' \) -mmin +60 -exec rm -f {} +
  find "$folder" -name 'raw,*' -mmin +2 | while read -r raw; do
    file_event "$raw"
  done
  now=$(date +%s)
  # shellcheck disable=SC2012 # the names are ours: no blanks, no line breaks
  ls -ln "$folder" | awk -v now="$now" -v events="$spool_events" -v bytes="$spool_bytes" -v age="$spool_age" '
    /[.]event$/ { name[++n] = $NF; size[n] = $5 }
    END {
      for (i = n; i > 0; i--) {
        total += size[i]
        if (n - i >= events || total > bytes || now - name[i] > age) print name[i]
      }
    }' | while read -r name; do
    rm -f "$folder/$name" && note_drop
  done
}

read_drops() {
  dropped=0
  [ ! -r "$folder/dropped" ] || read -r dropped <"$folder/dropped"
  case $dropped in '' | *[!0-9]*) dropped=0 ;; esac
}

note_drop() {
  [ -n "$folder" ] && ! is_scratch || return 0
  read_drops
  printf '%s\n' "$((dropped + 1))" >"$folder/dropped"
} 2>/dev/null
