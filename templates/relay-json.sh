
# --- JSON answers: one object of at most 64 KiB, read by a scanner that knows where strings end, so that no text inside
# one is taken for a verdict ----------------------------------------------------------------------------------------

# read_json PROGRAM: prints what an awk program says of the object in $answer. It calls parse(), which is 1 for one whole
# object, 0 for nothing at all, and -1 for anything else, and then of("key", "inner key") for a string, a number or a word.
# Texts come in the notation of printf %b.
read_json() {
  head -c 65537 <"$answer" | tr '\000-\037\177' ' ' | awk '
    # One character of a reason: a control becomes a blank, and what is not ASCII the octal numbers of its bytes.
    function byte(code) { return sprintf("\\0%o", code) }
    function char_of(code) {
      if (code < 32 || code == 127) return " "
      if (code == 92) return "\\\\"
      if (code < 128) return sprintf("%c", code)
      if (code < 2048) return byte(192 + int(code / 64)) byte(128 + code % 64)
      if (code < 65536) return byte(224 + int(code / 4096)) byte(128 + int(code / 64) % 64) byte(128 + code % 64)
      return byte(240 + int(code / 262144)) byte(128 + int(code / 4096) % 64) byte(128 + int(code / 64) % 64) byte(128 + code % 64)
    }
    # The four hexadecimal digits at a place, -1 where there are none.
    function hex(place,    i, digit, sum) {
      sum = 0
      for (i = 0; i < 4; i++) {
        digit = index("0123456789abcdef", tolower(substr(line, place + i, 1))) - 1
        if (digit < 0) return -1
        sum = sum * 16 + digit
      }
      return sum
    }
    function escaped(    code, low) {
      char = substr(line, at++, 1)
      if (char == "\"" || char == "/") return char
      if (char == "\\") return "\\\\"
      if (char != "u") return " "
      code = hex(at)
      if (code < 0) { bad = 1; return "" }
      at += 4
      if (code < 55296 || code > 57343) return char_of(code)
      low = substr(line, at, 2) == "\\u" ? hex(at + 2) : -1
      if (code > 56319 || low < 56320 || low > 57343) return "?"
      at += 6
      return char_of(65536 + (code - 55296) * 1024 + low - 56320)
    }
    function string(    text) {
      text = ""
      at++
      while (at <= length(line)) {
        char = substr(line, at++, 1)
        if (char == "\"") return text
        text = text (char == "\\" ? escaped() : char)
      }
      bad = 1
      return text
    }
    function blank() { while (substr(line, at, 1) == " ") at++ }
    # No key holds the separator: controls are blanks by now.
    function value(path, depth,    open, key, word) {
      if (depth > 20) bad = 1
      blank()
      open = substr(line, at, 1)
      if (bad || open == "") { bad = 1; return }
      if (open == "\"") { seen[path] = string(); return }
      if (open != "{" && open != "[") {
        if (!match(substr(line, at), /^[-+.0-9A-Za-z]+/)) { bad = 1; return }
        word = substr(line, at, RLENGTH)
        at += RLENGTH
        if (word !~ /^(true|false|null|-?[0-9][-+.0-9eE]*)$/) bad = 1
        seen[path] = word
        return
      }
      at++
      blank()
      if (substr(line, at, 1) == (open == "{" ? "}" : "]")) { at++; return }
      while (!bad) {
        key = "[]"
        if (open == "{") {
          blank()
          if (substr(line, at, 1) != "\"") { bad = 1; return }
          key = string()
          blank()
          if (substr(line, at, 1) != ":") { bad = 1; return }
          at++
        }
        value(path "\t" key, depth + 1)
        blank()
        word = substr(line, at++, 1)
        if (word == ",") continue
        if (word != (open == "{" ? "}" : "]")) bad = 1
        return
      }
    }
    function parse() {
      at = 1
      blank()
      if (at > length(line)) return 0
      if (substr(line, at, 1) != "{" || length(line) > 65536) return -1
      value("", 0)
      blank()
      return bad || at <= length(line) ? -1 : 1
    }
    function of(one, two, three) { return seen["\t" one (two == "" ? "" : "\t" two) (three == "" ? "" : "\t" three)] }
    { line = line $0 }
    '"$1"
}
