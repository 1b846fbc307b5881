
# --- presets custom and agent-hooks: the administrator's own command judges the event ------------------------------
# It exports settings and sets command, command_arguments, command_path and unheard among the values.

# An event that waits for a verdict. The command speaks Codex's own language: exit 2 with a reason on stderr, or JSON on
# stdout with exit 0. Only its verdict and its reason go on, in our words; what is neither is a failure.
ask() {
  if [ -z "$folder" ]; then
    cat >/dev/null
    return 0
  fi
  take || return 0
  run "$seconds"
  case $exit_code in
    0) read_hook_answer ;;
    2)
      verdict=deny
      mv -f "$answer.err" "$answer"
      ;;
  esac
}

# An event that is only reported: 0 says that the command has it, 75 (try again), silence and absence let it wait where
# a late report is worth anything.
tell() {
  run "$delivery_seconds"
  [ -z "$folder" ] || rm -f "$answer" "$answer.err"
  status=$exit_code
  case $exit_code in
    0) outcome=delivered ;;
    75) outcome=keep ;;
    124 | 127) outcome=$unheard ;;
    *) outcome=drop ;;
  esac
}

# A command is asked each time.
may_send() {
  :
}

# run SECONDS: hands the event to the command and sets exit_code: 124 when its time is over, 127 when it is absent.
# What it writes is kept in files and never reaches Codex unread.
run() {
  exit_code=127
  [ -f "$command" ] && [ -x "$command" ] && [ -n "$folder" ] || return 0
  # shellcheck disable=SC2086 # the arguments of a preset are plain words
  PATH=$command_path "$command" $command_arguments <"$body" >"$answer" 2>"$answer.err" &
  child=$!
  # The marker tells a command that was ended from one that ended.
  {
    sleep "$1"
    : >"$answer.late"
    kill -9 "$child"
  } </dev/null >/dev/null 2>&1 &
  watch=$!
  wait "$child" 2>/dev/null
  exit_code=$?
  kill "$watch" 2>/dev/null
  if [ -f "$answer.late" ]; then
    exit_code=124
    rm -f "$answer.late"
  fi
}

main "$@"
