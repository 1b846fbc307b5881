
# --- what a report says of the machine -----------------------------------------------------------------------------

# Sets user, host, serial, os and device, each fit for a header. They cost some processes, so they are kept for a day.
know_machine() {
  user=- host=- serial=- os=- device=-
  if [ -z "$folder" ] || [ ! -f "$folder/identity" ]; then
    user=$(id -un 2>/dev/null | header_text)
    host=$(uname -n 2>/dev/null | header_text)
    os=$(uname -srm 2>/dev/null | header_text)
    serial=$(device_serial | header_text)
    device=$(device_name | tr '[:upper:]' '[:lower:]' | tr -c 'a-z0-9\n' '-')
    [ -n "$folder" ] || return 0
    printf '%s\n' "$user" "$host" "$serial" "$os" "${device:--}" >"$folder/identity,$$" && mv -f "$folder/identity,$$" "$folder/identity"
    return 0
  fi 2>/dev/null
  {
    read -r user
    read -r host
    read -r serial
    read -r os
    read -r device
  } <"$folder/identity"
  # Whatever else stands in that file does not reach a request.
  case $user$host$serial$os$device in *[!A-Za-z0-9._@%-]*) user=- host=- serial=- os=- device=- ;; esac
}

device_serial() {
  if [ -r /sys/class/dmi/id/product_serial ]; then
    cat /sys/class/dmi/id/product_serial
  elif [ -x /usr/sbin/ioreg ]; then
    ioreg -rd1 -c IOPlatformExpertDevice | sed -n 's/.*"IOPlatformSerialNumber" = "\([^"]*\)".*/\1/p'
  fi 2>/dev/null
}

# The name that people gave the device, or its host name.
device_name() {
  device=
  [ ! -x /usr/sbin/scutil ] || device=$(scutil --get ComputerName 2>/dev/null)
  [ -n "$device" ] || device=$(uname -n 2>/dev/null)
  printf '%s\n' "${device%.local}"
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
