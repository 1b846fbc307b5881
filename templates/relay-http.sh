
# --- HTTP, for every preset that speaks it -----------------------------------------------------------------------
# A preset adds request: lines for curl that describe its request. It may change $address and $upload.

# exchange SECONDS OUTPUT: one POST. Sets status (000 for silence) and content_type; returns curl's exit code. What is
# said to curl is found out while curl loads.
# shellcheck disable=SC2034 # content_type is for presets whose verdict is the status
exchange() {
  status=000
  content_type=
  reply=$(tell_curl "$1" "$2" 2>/dev/null | curl -q --config - 2>/dev/null)
  exit_code=$?
  case $reply in
    [1-9][0-9][0-9]\ *)
      status=${reply%% *}
      content_type=${reply#* }
      ;;
  esac
  return "$exit_code"
}

# All that curl is told, on its stdin: neither the address nor the token is seen in a process list. An event that waits
# for its verdict is still on stdin. The address comes last: where something is missing curl gets none, and fails.
tell_curl() {
  if [ "$mode" != observe ]; then
    take || return
    now
  fi
  upload=$body
  read_token || return
  request || return
  printf '%s\n' "$connection" silent globoff http1.1 tlsv1.2 'max-redirs = 0' 'max-filesize = 1048576'
  printf 'max-time = %s\noutput = "%s"\nwrite-out = "%%{http_code} %%{content_type}"\n' "$1" "$2"
  printf 'header = "Expect:"\nuser-agent = "codex-relay/%s"\n' "$relay_version"
  [ -z "$token" ] || printf 'header = "%s: %s"\n' "$auth_header" "${auth_scheme:+$auth_scheme }$token"
  printf 'data-binary = "@%s"\nurl = "%s"\n' "$upload" "$address"
}

# Sets token and address. A token that cannot be read, or that would break out of its line, is a failure.
read_token() {
  token=
  address=$url
  [ -n "$token_file" ] || return 0
  [ -f "$token_file" ] && [ -r "$token_file" ] || return 1
  IFS= read -r token <"$token_file"
  # The carriage return of a file written on Windows.
  case $token in *[!!-~]) token=${token%?} ;; esac
  case $token in '' | *[!!-~]* | *[\"\\]*) return 1 ;; esac
  case $url in *'{token}'*) ;; *) return 0 ;; esac
  encode_token
  while :; do
    case $address in
      *'{token}'*) address=${address%%'{token}'*}$encoded${address#*'{token}'} ;;
      *) break ;;
    esac
  done
  # The token is in the address; saying it a second time in a header would only show it to more programs.
  token=
}

# The token as part of an address: what has a meaning there is percent-encoded.
encode_token() {
  encoded=
  rest=$token
  while [ -n "$rest" ]; do
    char=${rest%"${rest#?}"}
    rest=${rest#?}
    case $char in
      [A-Za-z0-9._~,:@-]) encoded=$encoded$char ;;
      *) encoded=$encoded$(printf '%%%02X' "'$char") ;;
    esac
  done
}
