
# --- preset mintmcp with an address: the event goes there as it is, and a hook's answer comes back ------------------

request() {
  printf 'header = "Content-Type: application/json"\n'
}

# An event that waits for a verdict. No answer at all lets through, as Codex itself has it.
ask() {
  inquire || return 0
  case $status in
    2??) read_hook_answer ;;
  esac
}

# An event that is only reported: sets outcome.
tell() {
  exchange "$delivery_seconds" /dev/null
  case $status in
    2??) outcome=delivered ;;
    000 | 408 | 429 | 5??) outcome=keep ;;
    *) outcome=drop ;;
  esac
}

main "$@"
