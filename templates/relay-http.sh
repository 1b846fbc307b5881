
# --- HTTP, for every preset that speaks it: request() describes what is sent --------------------------------------

# exchange SECONDS OUTPUT: one POST. Sets status (000 for silence) and content_type; fails when curl does.
# Everything goes to curl on its stdin: neither the address nor the token is seen in a process list.
exchange() {
  status=000
  content_type=
  read_token || return 1
  reply=$({
    printf '%s\n' "$connection" silent globoff http1.1 tlsv1.2 'max-redirs = 0'
    printf 'url = "%s"\nmax-time = %s\noutput = "%s"\n' "$address" "$1" "$2"
    printf '%s\n' 'max-filesize = 1048576' 'write-out = "%{http_code} %{content_type}"'
    printf 'header = "Expect:"\nuser-agent = "codex-relay/%s"\n' "$relay_version"
    printf 'data-binary = "@%s"\n' "$body"
    [ -z "$token" ] || printf 'header = "%s: %s"\n' "$auth_header" "${auth_scheme:+$auth_scheme }$token"
    request
  } | curl -q --config - 2>/dev/null)
  exit_code=$?
  case $reply in
    [1-9][0-9][0-9]\ *)
      status=${reply%% *}
      content_type=${reply#* }
      ;;
  esac
  return "$exit_code"
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
