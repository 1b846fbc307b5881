
# --- the spool: one file per event, its name holds what is said of it, its content is the body -------------------

deliver() {
  trap '' HUP
  folder=$1
  cd / || return
  if is_scratch; then
    file_event "$2" && send_waiting
    rm -rf "$folder"
    return
  fi
  open_spool && [ "$folder" = "$1" ] || return
  [ ! -f "$2" ] || file_event "$2"
  [ -n "$time" ] || now
  present=$epoch
  # Whoever files an event while another sends leaves it to that one, which therefore looks again after unlocking.
  while has_waiting && lock; do
    clean_spool
    sent=no
    if may_send; then
      send_waiting && sent=yes
    fi
    rm -rf "$folder/lock"
    [ "$sent" = yes ] || return
  done
}

# Gives a raw event its name and with it its place in the queue.
file_event() {
  event=${1##*/raw,}
  event=${event%%,*}
  body=$1
  size=- sha256=-
  new_id
  now
  describe
  measure "$(wc -c <"$body")"
  mv -f "$1" "$folder/$epoch,$time,$event,$id,$subject,$codex_version,$size,$sha256.event"
}

# Session and Codex version of an event: the version stands only in the first line of the session's transcript.
describe() {
  subject=- codex_version=-
  head=$(head -c 4096 <"$body" | sed -n '1s/^{"session_id":"\([0-9A-Za-z-]\{1,64\}\)"[^{]*"transcript_path":"\([^"\\]*\)".*/\1 \2/p')
  [ -n "$head" ] || return 0
  subject=${head%% *}
  head=${head#* }
  [ -f "$head" ] && [ -r "$head" ] || return 0
  head=$(head -c 4096 <"$head" | sed -n '1s/.*"cli_version":"\([0-9A-Za-z.+-]\{1,40\}\)".*/\1/p')
  codex_version=${head:--}
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
  answer=$folder/answer,$$
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
  if ! put_lock; then
    owner=
    { read -r owner <"$folder/lock"; } 2>/dev/null
    case $owner in *[!0-9]*) owner= ;; esac
    if [ -n "$owner" ] && is_running "$owner"; then
      [ -n "$(find "$folder/lock" -prune -mmin +20)" ] || return 1
    else
      [ -n "$owner" ] || [ -n "$(find "$folder/lock" -prune -mmin +1)" ] || return 1
    fi
    mv "$folder/lock" "$folder/stale,$$" 2>/dev/null || return 1
    rm -rf "$folder/stale,$$"
    put_lock || return 1
  fi
}

# A killed process whose parent does not care, as in a container without an init, is there and does not run.
is_running() {
  kill -0 "$1" 2>/dev/null || return 1
  state=
  { read -r state <"/proc/$1/stat"; } 2>/dev/null
  case $state in *') Z '*) return 1 ;; esac
}

# Under "set -C" a file comes into being only where there is none.
put_lock() {
  set -C
  { printf '%s\n' "$$" >"$folder/lock"; } 2>/dev/null
  held=$?
  set +C
  return "$held"
}

# Takes care of what killed relays left, and holds the spool to its bounds, the oldest going first.
clean_spool() {
  find "$folder" -type d ! -perm 700 -exec chmod 700 {} \; \
    -o \( -name 'ask,*' -o -name 'answer,*' -o -name 'record,*' -o -name 'identity,*' -o -name 'breaker,*' \) -mmin +60 -exec rm -f {} + \
    -o \( -name identity -o -name 'warned,*' \) -mtime +0 -exec rm -f {} + \
    -o -name relay.log -size +512 -print \
    -o -name 'raw,*' -mmin +2 -print | while read -r file; do
    case $file in
      */relay.log) mv -f "$file" "$file.1" ;;
      *) file_event "$file" ;;
    esac
  done
  set -- "$folder"/*.event
  oldest=${1##*/}
  oldest=${oldest%%,*}
  case $oldest in
    *[!0-9]*) ;;
    *) [ $# -gt "$spool_sure" ] || [ $((present - oldest)) -gt "$spool_age" ] || return 0 ;;
  esac
  # shellcheck disable=SC2012 # the names are ours: no blanks, no line breaks
  ls -ln "$folder" | awk -v now="$present" -v events="$spool_events" -v bytes="$spool_bytes" -v age="$spool_age" '
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
