
# --- preset generic: CloudEvents 1.0 over HTTP, binary mode (docs/relay-protocol.md) ------------------------------

# Lines for curl: the event's attributes as headers. The body is the event itself.
request() {
  if [ "$payload" = metadata ]; then
    printf 'header = "Content-Type:"\n'
  else
    printf 'header = "Content-Type: application/json"\n'
  fi
  attribute specversion 1.0
  attribute type "com.openai.codex.hook.$event"
  attribute source "/codex-mdm/$policy_name"
  attribute id "$id"
  attribute time "$time"
  attribute subject "$subject"
  attribute mode "$mode"
  attribute codexversion "$codex_version"
  attribute policy "$policy_name"
  attribute policyversion "$policy_version"
  attribute policyhash "$policy_hash"
  attribute relayversion "$relay_version"
  attribute os "$os"
  case " $identity " in *' user '*) attribute user "$user" ;; esac
  case " $identity " in *' host '*) attribute host "$host" ;; esac
  case " $identity " in *' serial '*) attribute serial "$serial" ;; esac
  attribute size "$size"
  attribute sha256 "$sha256"
  if [ "$payload" = full ] && [ "$size" != - ]; then attribute truncated true; fi
  if [ "${dropped:-0}" != 0 ]; then attribute dropped "$dropped"; fi
}

attribute() {
  [ "$2" = - ] || printf 'header = "ce-%s: %s"\n' "$1" "$2"
}

# An event that waits for a verdict: 204 lets through, 403 in plain text denies, all else is a failure.
ask() {
  content_type=
  know_machine
  if inquire; then
    [ "$status" != 204 ] || verdict=pass
  fi
  # The status is the verdict. A body that breaks off or never comes only costs the reason.
  case $status:$content_type in
    403:[Tt][Ee][Xx][Tt]/[Pp][Ll][Aa][Ii][Nn] | 403:[Tt][Ee][Xx][Tt]/[Pp][Ll][Aa][Ii][Nn][\;\ ]*) verdict=deny ;;
  esac
}

# An event that is only reported: sets outcome.
tell() {
  know_machine
  exchange "$delivery_seconds" /dev/null
  case $status in
    2??) outcome=delivered ;;
    000 | 408 | 429 | 5??) outcome=keep ;;
    *) outcome=drop ;;
  esac
}

main "$@"
