
# --- presets custom and agent-hooks: the administrator's own command judges the event ------------------------------

# run SECONDS: hands the event to the command, sets exit_code (124 when its time is over, 127 when it is absent).
# Its output is kept in files and never reaches Codex unread.
run() {
  exit_code=127
  [ -f "$command" ] && [ -x "$command" ] || return 0
  "$command" <"$body" >"$answer" 2>"$answer.err" &
  child=$!
  {
    sleep "$1"
    kill -9 "$child"
  } </dev/null >/dev/null 2>&1 &
  watch=$!
  wait "$child" 2>/dev/null
  exit_code=$?
  kill "$watch" 2>/dev/null || exit_code=124
}
