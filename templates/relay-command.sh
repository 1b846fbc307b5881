
# --- presets custom and agent-hooks: the administrator's own command judges the event ------------------------------

# An event that waits for a verdict. The command speaks Codex's own language: exit 2 with a reason on stderr, or JSON on
# stdout with exit 0. Only its verdict and its reason go on, in our words; what is neither is a failure.
ask() {
  run "$seconds"
  case $exit_code in
    0) read_json ;;
    2)
      verdict=deny
      mv -f "$answer.err" "$answer"
      ;;
  esac
}

# An event that is only reported: 0 says that the command has it, 75 (try again), silence and absence let it wait.
tell() {
  answer=$folder/answer,$$
  run "$delivery_seconds"
  rm -f "$answer" "$answer.err"
  status=$exit_code
  case $exit_code in
    0) outcome=delivered ;;
    75 | 124 | 127) outcome=keep ;;
    *) outcome=drop ;;
  esac
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

# Sets verdict from a JSON answer: one object of at most 64 KiB, read by a scanner that knows where strings end, so that
# no text inside one is taken for a verdict. The reason of a denial replaces the answer.
read_json() {
  found=$(head -c 65537 <"$answer" | tr '\000-\037\177' ' ' | awk '
    # The texts of the strings of the one line, without escapes that say nothing to a reader.
    function string(    text, char) {
      text = ""
      at++
      while (at <= length(line)) {
        char = substr(line, at, 1)
        if (char == "\"") { at++; return text }
        if (char == "\\") {
          at++
          char = substr(line, at, 1)
          if (char == "u") { at += 4; char = "?" } else if (char !~ /["\\\/]/) char = " "
        }
        text = text char
        at++
      }
      bad = 1
      return text
    }
    function blank() { while (substr(line, at, 1) == " ") at++ }
    function value(path, depth,    char, key, word) {
      if (depth > 20) bad = 1
      blank()
      char = substr(line, at, 1)
      if (bad || char == "") { bad = 1; return }
      if (char == "\"") { seen[path] = string(); return }
      if (char != "{" && char != "[") {
        if (!match(substr(line, at), /^[-+.0-9A-Za-z]+/)) { bad = 1; return }
        word = substr(line, at, RLENGTH)
        at += RLENGTH
        if (word !~ /^(true|false|null|-?[0-9][-+.0-9eE]*)$/) bad = 1
        seen[path] = word
        return
      }
      at++
      blank()
      if (substr(line, at, 1) == (char == "{" ? "}" : "]")) { at++; return }
      while (!bad) {
        key = "[]"
        if (char == "{") {
          blank()
          if (substr(line, at, 1) != "\"") { bad = 1; return }
          key = string()
          blank()
          if (substr(line, at, 1) != ":") { bad = 1; return }
          at++
        }
        value(path "." key, depth + 1)
        blank()
        word = substr(line, at++, 1)
        if (word == ",") continue
        if (word != (char == "{" ? "}" : "]")) bad = 1
        return
      }
    }
    { line = line $0 }
    END {
      at = 1
      blank()
      if (at > length(line)) { print "pass"; exit }
      if (substr(line, at, 1) != "{" || length(line) > 65536) { print "failure"; exit }
      value("", 0)
      blank()
      if (bad || at <= length(line)) { print "failure"; exit }
      own = ".hookSpecificOutput"
      if (seen[own ".permissionDecision"] == "deny") print "deny " seen[own ".permissionDecisionReason"]
      else if (seen[own ".decision.behavior"] == "deny") print "deny " seen[own ".decision.message"]
      else if (seen[".decision"] == "block" || seen[".decision"] == "deny") print "deny " seen[".reason"]
      else if (seen[".continue"] == "false") print "deny " seen[".stopReason"]
      else print "pass"
    }')
  case $found in
    pass) verdict=pass ;;
    'deny '*)
      verdict=deny
      printf '%s\n' "${found#deny }" >"$answer"
      ;;
  esac
}

main "$@"
