
# --- the circuit breaker: a collector that keeps silent costs one time limit, not one for each question ------------
# $folder/breaker holds until when nobody is asked (epoch), for how many seconds that is, and how many seconds the
# silence lasted. Who would wait longer than that asks all the same. Only silence to the end of the time limit counts:
# an answer of any kind, and a connection that is refused, cost no time.

# exchange with the breaker in front. Sets status, and content_type where there was an answer; fails when curl does.
inquire() {
  paused=
  if [ -n "$folder" ] && [ -f "$folder/breaker" ] && is_open; then
    cat >/dev/null
    status=paused
    return 1
  fi
  exchange "$seconds" "$answer"
  case $exit_code:$status in
    28:000) trip ;;
    *:000) ;;
    *) [ ! -f "$folder/breaker" ] || rm -f "$folder/breaker" ;;
  esac
  return "$exit_code"
}

# Whether to ask at all. Once the pause is over, one question goes through; while it waits the others go on as before.
is_open() {
  read_breaker && [ "$seconds" -le "$silence" ] || return 1
  now
  left=$((until - epoch))
  [ "$left" -le 0 ] || [ "$left" -gt $((30 + silence)) ] || return 0
  paused=$pause
  write_breaker $((epoch + seconds + 1)) "$pause"
  return 1
}

# Sets until, pause and silence.
read_breaker() {
  until='' pause='' silence=''
  { read -r until pause silence <"$folder/breaker"; } 2>/dev/null
  case $until in [1-9]*) ;; *) return 1 ;; esac
  case $pause in [1-9]*) ;; *) return 1 ;; esac
  case $silence in [1-9]*) ;; *) return 1 ;; esac
  case $until$pause$silence in *[!0-9]*) return 1 ;; esac
}

# Pauses for 5 s, after each vain question in between for twice as long, at most for 30 s.
trip() {
  [ -n "$folder" ] || return 0
  if [ -n "$paused" ]; then
    pause=$((paused * 2))
    [ "$pause" -le 30 ] || pause=30
  else
    pause=5
  fi
  now
  write_breaker $((epoch + pause)) "$pause"
}

write_breaker() {
  printf '%s %s %s\n' "$1" "$2" "$seconds" >"$folder/breaker,$$" && mv -f "$folder/breaker,$$" "$folder/breaker"
} 2>/dev/null

# Whether reports may be sent: what waits, waits on as long as nobody is asked.
may_send() {
  [ -f "$folder/breaker" ] && read_breaker || return 0
  left=$((until - present))
  [ "$left" -le 0 ] || [ "$left" -gt $((30 + silence)) ]
}
