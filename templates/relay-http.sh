
# --- HTTP, for every preset that speaks it: request() describes what is sent --------------------------------------

# Sets user, host, serial and os, each fit for a header. They cost four processes, so they are kept for a day.
know_machine() {
  user=-
  host=-
  serial=-
  os=-
  if [ -z "$folder" ] || [ ! -f "$folder/identity" ]; then
    user=$(id -un 2>/dev/null | header_text)
    host=$(uname -n 2>/dev/null | header_text)
    os=$(uname -srm 2>/dev/null | header_text)
    serial=$(device_serial | header_text)
    [ -n "$folder" ] || return 0
    printf '%s\n' "$user" "$host" "$serial" "$os" >"$folder/identity,$$" && mv -f "$folder/identity,$$" "$folder/identity"
    return 0
  fi 2>/dev/null
  {
    read -r user
    read -r host
    read -r serial
    read -r os
  } <"$folder/identity"
  # Whatever else stands in that file does not reach a header.
  case $user$host$serial$os in *[!A-Za-z0-9._@%-]*) user=- host=- serial=- os=- ;; esac
}

device_serial() {
  if [ -r /sys/class/dmi/id/product_serial ]; then
    cat /sys/class/dmi/id/product_serial
  elif [ -x /usr/sbin/ioreg ]; then
    ioreg -rd1 -c IOPlatformExpertDevice | sed -n 's/.*"IOPlatformSerialNumber" = "\([^"]*\)".*/\1/p'
  fi 2>/dev/null
}

# One line of text as a CloudEvents header value: plain as it is, anything else with every byte percent-encoded.
header_text() {
  text=
  read -r text
  case $text in
    '') printf -- '-\n' ;;
    *[!A-Za-z0-9._@-]*) printf '%s' "$text" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g' ;;
    *) printf '%s\n' "$text" ;;
  esac
}

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
