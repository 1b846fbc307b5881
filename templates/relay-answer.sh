
# --- answers in the language of Codex ------------------------------------------------------------------------------

# Sets verdict from the answer: a denial in any of its forms, whose reason replaces it.
read_hook_answer() {
  found=$(read_json 'END {
    whole = parse()
    if (whole < 0) print "failure"
    else if (of("hookSpecificOutput", "permissionDecision") == "deny") print "deny " of("hookSpecificOutput", "permissionDecisionReason")
    else if (of("hookSpecificOutput", "decision", "behavior") == "deny") print "deny " of("hookSpecificOutput", "decision", "message")
    else if (of("decision") == "block" || of("decision") == "deny") print "deny " of("reason")
    else if (of("continue") == "false") print "deny " of("stopReason")
    else print "pass"
  }')
  case $found in
    pass) verdict=pass ;;
    'deny '*)
      verdict=deny
      printf '%b\n' "${found#deny }" >"$answer"
      ;;
  esac
}
