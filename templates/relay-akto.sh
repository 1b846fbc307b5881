
# --- preset akto: each event as a record of mirrored traffic, the verdict in data.guardrailsResult ------------------
# Among the values are akto_mode (argus or atlas), akto_connector and akto_source.

afterwards=report_denial
# The reason of a denial that is reported.
blocked=

# An event that waits for a verdict. Akto allows, blocks, warns (denied once: the same thing repeated passes) or only
# raises an alert on its side.
ask() {
  if [ -z "$folder" ]; then
    cat >/dev/null
    return 0
  fi
  know_machine
  inquire || return 0
  case $status in 2??) ;; *) return 0 ;; esac
  found=$(read_json 'END {
    whole = parse()
    allowed = of("data", "guardrailsResult", "Allowed")
    kind = tolower(of("data", "guardrailsResult", "behaviour") " " of("data", "guardrailsResult", "Behaviour"))
    gsub(/ /, "", kind)
    if (whole != 1) print "failure"
    else if (allowed == "true" || (allowed == "false" && kind == "alert")) print "pass"
    else if (allowed == "false") print (kind == "warn" ? "warn " : "deny ") of("data", "guardrailsResult", "Reason")
    else print "failure"
  }')
  case $found in
    pass) verdict=pass ;;
    'deny '*) verdict=deny ;;
    'warn '*)
      verdict=deny
      warn_once
      ;;
    *) return 0 ;;
  esac
  [ "$verdict" = deny ] || return 0
  if [ "$event" = Stop ]; then
    # Who denied the turn its end once lets it end now: else it would never do so.
    if grep -q '"stop_hook_active":true' "$body"; then
      verdict=pass
      return 0
    fi
    case $found in 'deny '*) ends_turn=yes ;; esac
  fi
  printf '%b\n' "${found#* }" >"$answer"
}

# A warning holds until it was heard once. The mark is a file named by what was judged; whoever removes it may pass.
warn_once() {
  mark=$folder/warned,$(tail -n 1 <"$folder/record,$$" | digest_of_stdin)
  if rm "$mark" 2>/dev/null; then
    verdict=pass
  else
    : >"$mark"
    found="warn Repeat it if that is meant: it passes then. ${found#warn }"
  fi
}

digest_of_stdin() {
  { sha256sum || shasum -a 256 || openssl dgst -sha256 -r; } 2>/dev/null | cut -d ' ' -f 1
}

# What was denied is reported once more, as a request that got a 403, when Codex has its answer already. The record goes
# into the spool like any other report.
# shellcheck disable=SC2317 # called by its name in $afterwards
report_denial() {
  [ "$verdict" = deny ] && [ -n "$reason" ] && ! is_scratch || return 0
  blocked=$reason
  now
  know_sender
  record >"$folder/record,$$" || return 0
  mv -f "$folder/record,$$" "$folder/$epoch,$time,denied-$event,$id,-,-,-,-.event"
  /bin/sh "$script" deliver "$folder" '' &
}

# An event that is only reported: sets outcome.
tell() {
  outcome=keep
  [ -n "$folder" ] || return 0
  know_machine
  exchange "$delivery_seconds" /dev/null
  rm -f "$folder/record,$$"
  case $status in
    2??) outcome=delivered ;;
    000 | 408 | 429 | 5??) ;;
    *) outcome=drop ;;
  esac
}

# Address and record. A verdict is asked for what is about to happen, or for what has been said or done.
request() {
  query="akto_connector=$akto_connector&ingest_data=true"
  case $mode:$event in
    observe:denied-*) ;;
    observe:*) query="$query&client_hook=$event" ;;
    *:Stop | *:SubagentStop | *:PostToolUse) query="response_guardrails=true&$query" ;;
    *) query="guardrails=true&$query" ;;
  esac
  address="$address/api/http-proxy?$query"
  printf 'header = "Content-Type: application/json"\n'
  case $event in denied-*) return 0 ;; esac
  upload=$folder/record,$$
  know_sender
  record >"$upload"
}

# Whom the record names: the user, and the model's address as Codex takes it from its environment. It is only a name, so
# what is odd about it goes.
know_sender() {
  case " $identity " in *' user '*) ;; *) user=unknown ;; esac
  api_path=/v1/responses
  if [ -n "${OPENAI_BASE_URL-}" ]; then
    api_host=${OPENAI_BASE_URL#*://}
    api_host=${api_host%%[?#]*}
    api_host=${api_host##*@}
    api_host=${api_host%/}
    case $api_host in '' | *[!A-Za-z0-9./:_-]*) api_host=unknown ;; esac
  elif [ -n "${OPENAI_API_KEY-}" ]; then
    api_host=api.openai.com
  else
    api_host=chatgpt.com
    api_path=/backend-api/codex/responses
  fi
  [ "$akto_mode" != atlas ] || [ "$device" = - ] || api_host=$device.ai-agent.codexcli
}

# The record of $body: an object whose values are texts, some of them JSON again. Two lines: what differs each time, and
# what is judged. The event is taken apart where its quotation marks stand and its pieces are put together anew, never
# decoded: what was one JSON value is one again, and an event that is no object goes as one text.
record() {
  # While Codex waits, an event of very many quotation marks may not take the time that the question needs.
  most=400000
  [ "$mode" != observe ] && [ -z "$blocked" ] || most=0
  blanks='\000-\037'
  # Where a text is no UTF-8, a reader might take the mark that ends it for the rest of a character.
  iconv -f UTF-8 -t UTF-8 <"$body" >/dev/null 2>&1
  [ $? != 1 ] || blanks='\000-\037\200-\377'
  tr "$blanks" ' ' <"$body" | fold -b -w 4000 | AKTO_REASON=$blocked awk -v event="$event" -v user="$user" -v device="$device" -v id="$id" \
    -v host="$api_host" -v path="$api_path" -v time="${epoch}000" -v mode="$akto_mode" -v source="$akto_source" -v size="$size" -v sha256="$sha256" -v most="$most" '
    # --- taking apart: the top level of one object; lines end anywhere, a string may go on in the next one. A wanted
    # value is kept in pieces, one for each line: it starts or goes on at start, and 0 stands for none
    function keep(end) {
      if (start && end > start) pieces[field, count[field]++] = substr($0, start, end - start)
      start = 0
    }
    # Whether an odd number of backslashes ends here; before says so of the piece that went before.
    function is_open(piece, before,    n, k) {
      n = length(piece)
      for (k = 0; k < n && substr(piece, n - k, 1) == "\\"; k++) {}
      return (k == n ? k + before : k) % 2
    }
    function inside(piece, base, closed) {
      if (name_wanted) name = name piece (closed ? "\"" : "")
      odd = is_open(piece, odd)
      if (!closed) return
      if (odd) { odd = 0; return }
      in_string = 0
      if (name_wanted) { name_wanted = 0; name = substr(name, 1, length(name) - 1); awaited = ":" }
      else if (depth == 1) { keep(base + length(piece) + 1); awaited = "," }
    }
    function outside(piece, base, closed,    n, i, char) {
      n = length(piece)
      for (i = 1; i <= n && !bad; i++) {
        char = substr(piece, i, 1)
        if (char == " ") continue
        if (depth == 0) {
          if (char != "{" || ended) bad = 1
          depth = 1
          awaited = "name"
        } else if (depth > 1) {
          if (char == "{" || char == "[") depth++
          else if ((char == "}" || char == "]") && --depth == 1) keep(base + i)
        } else if (char == "}" && awaited != ":" && awaited != "value") { keep(base + i - 1); depth = 0; ended = 1 }
        else if (char == "," && (awaited == "," || awaited == "word")) { keep(base + i - 1); awaited = "name" }
        else if (char == ":" && awaited == ":") { awaited = "value"; field = name; if (name in wanted) count[name] = 0 }
        else if (awaited == "value") {
          if (field in wanted) start = base + i - 1
          awaited = "word"
          if (char == "{" || char == "[") { depth = 2; awaited = "," }
        } else if (awaited != "word") bad = 1
      }
      if (!closed || bad) return
      in_string = 1
      odd = 0
      if (depth == 1 && awaited == "name") { name_wanted = 1; name = "" }
      else if (depth == 1 && awaited == "value") { if (field in wanted) start = base + n }
      else if (depth < 2) bad = 1
    }
    # --- putting together: quoted() is one text as the inside of a JSON string, pasted() the same for a value of the event
    function quoted(text,    part, n, i, result) {
      n = split(text, part, "\"")
      result = ""
      for (i = 1; i <= n; i++) { gsub(/\\/, "&&", part[i]); result = result (i > 1 ? "\\\"" : "") part[i] }
      return result
    }
    function pasted(key,    i) {
      if (!count[key]) { printf "null"; return }
      for (i = 0; i < count[key]; i++) printf "%s", quoted(pieces[key, i])
    }
    function text_of(key,    i, text) {
      for (i = 0; i < count[key]; i++) text = text pieces[key, i]
      return text ~ /^".*"$/ ? substr(text, 2, length(text) - 2) : ""
    }
    function say(text) { printf "%s", quoted(text) }
    # The whole event as one value, or, where it is none, as one text.
    function whole(    i) {
      if (!NR) { say(sha256 == "-" ? "\"\"" : "{\"size\":" size ",\"sha256\":\"" sha256 "\"}"); return }
      if (bad) say("\"")
      for (i = 1; i <= NR; i++) printf "%s", bad ? quoted(quoted(lines[i])) : quoted(lines[i])
      if (bad) say("\"")
    }
    BEGIN {
      n = split("session_id transcript_path cwd hook_event_name model turn_id tool_use_id tool_name prompt tool_input tool_response last_assistant_message", list, " ")
      for (i = 1; i <= n; i++) wanted[list[i]] = i
    }
    {
      lines[NR] = $0
      n = split($0, part, "\"")
      strings += n
      if (most && strings > most) exit
      base = 1
      if (start) start = 1
      for (i = 1; i <= n && !bad; i++) {
        if (in_string) inside(part[i], base, i < n)
        else outside(part[i], base, i < n)
        base += length(part[i]) + 1
      }
      going_on = start
      keep(length($0) + 1)
      start = going_on
    }
    END {
      if (most && strings > most) exit 3
      if (!ended || in_string) bad = 1
      if (bad) for (key in count) count[key] = 0
      tool = text_of("tool_name")
      server = ""
      if (tool ~ /^mcp__.+__.+/) {
        server = substr(tool, 6)
        method = substr(server, index(server, "__") + 2)
        server = substr(server, 1, index(server, "__") - 1)
        if (server == "" || method == "") server = ""
      }
      known = !bad && NR
      is_tool = known && (event == "PreToolUse" || event == "PostToolUse")
      is_talk = known && (event == "UserPromptSubmit" || event == "Stop")
      is_mcp = is_tool && server != ""
      if (is_mcp) host = device ".codexcli." server

      headers = "{\"host\":\"" host "\",\"x-codex-hook\":\"" event "\",\"content-type\":\"application/json\""
      if (is_mcp) headers = headers ",\"x-mcp-server\":\"" server "\""
      for (i = 1; i <= 7; i++) {
        text = text_of(list[i])
        if (text != "") headers = headers ",\"x-akto-installer-" list[i] "\":\"" text "\""
      }
      headers = headers ",\"x-akto-installer-event_id\":\"" id "\"}"
      tags = (is_mcp) ? "{\"mcp-server\":\"MCP Server\",\"mcp-client\":\"codexcli\"" : "{\"gen-ai\":\"Gen AI\""
      if (is_tool && !is_mcp) tags = tags ",\"ai-agent\":\"codexcli\",\"tool_name\":\"" tool "\""
      else if (mode == "atlas" && !is_mcp) tags = tags ",\"ai-agent\":\"codexcli\""
      if (is_tool && !is_mcp && event == "PostToolUse") tags = tags ",\"tool-use\":\"Tool Execution\""
      if (!is_tool && !is_talk) tags = tags ",\"hook\":\"" event "\""
      if (mode == "atlas") tags = tags ",\"source\":\"" source "\""
      tags = tags "}"
      reason = ENVIRON["AKTO_REASON"]
      code = (reason == "") ? "200" : "403"
      network = (is_tool || is_talk) ? "0" : "\"" device "\""

      printf "{\"requestHeaders\":\"%s\",\"responseHeaders\":\"%s\"", quoted(headers), quoted("{\"x-codex-hook\":\"" event "\",\"content-type\":\"application/json\"" (reason == "" ? "" : ",\"x-blocked-by\":\"Akto Proxy\"") "}")
      printf ",\"method\":\"POST\",\"ip\":\"%s\",\"destIp\":\"127.0.0.1\",\"time\":\"%s\"", user, time
      printf ",\"statusCode\":\"%s\",\"type\":\"HTTP/1.1\",\"status\":\"%s\",\"akto_account_id\":\"1000000\"", code, code
      printf ",\"akto_vxlan_id\":%s,\"is_pending\":\"false\",\"source\":\"MIRRORING\"", network
      printf ",\"direction\":null,\"process_id\":null,\"socket_id\":null,\"daemonset_id\":null,\"enabled_graph\":null"
      printf ",\"tag\":\"%s\",\"metadata\":\"%s\",\"contextSource\":\"%s\"\n", quoted(tags), quoted(tags), source

      if (is_mcp) path = "/mcp"
      else if (is_tool) {
        gsub(/[^A-Za-z0-9._~-]+/, "-", tool)
        gsub(/-+/, "-", tool)
        gsub(/^-|-$/, "", tool)
        path = "/tool/" (tool == "" ? "unknown" : tool)
      } else if (!is_talk) path = "/v1/hooks/" event
      printf ",\"path\":\"%s\",\"requestPayload\":\"", path
      if (is_mcp) {
        say("{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\",\"params\":{\"name\":\"" method "\",\"arguments\":")
        if (pieces["tool_input", 0] !~ /^[{]/) say("{\"input\":")
        pasted("tool_input")
        if (pieces["tool_input", 0] !~ /^[{]/) say("}")
        say("},\"id\":1}")
      } else if (event == "PreToolUse" && is_tool) {
        say("{\"body\":"); pasted("tool_input"); say(",\"toolName\":"); pasted("tool_name"); say("}")
      } else if (is_tool) {
        say("{\"body\":{\"toolName\":"); pasted("tool_name"); say(",\"toolArgs\":"); pasted("tool_input"); say("}}")
      } else if (event == "UserPromptSubmit" && is_talk) {
        say("{\"body\":"); pasted("prompt"); say("}")
      } else if (is_talk) say("{\"body\":\"\"}")
      else { say("{\"body\":"); whole(); say("}") }
      printf "\",\"responsePayload\":\""
      if (reason != "") say("{\"body\":{\"x-blocked-by\":\"Akto Proxy\",\"reason\":\"" quoted(reason) "\"}}")
      else if (is_mcp && event == "PostToolUse") {
        say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":")
        if (pieces["tool_response", 0] !~ /^[{]/) say("{\"output\":")
        pasted("tool_response")
        if (pieces["tool_response", 0] !~ /^[{]/) say("}")
        say("}")
      } else if (is_tool && event == "PostToolUse") {
        say("{\"body\":{\"result\":"); pasted("tool_response"); say("}}")
      } else if (event == "Stop" && is_talk) {
        say("{\"body\":"); pasted("last_assistant_message"); say("}")
      } else if (!is_tool && !is_talk) say("{\"body\":{}}")
      else say("{}")
      printf "\"}\n"
    }'
}

main "$@"
