
# --- preset akto: each event as a record of mirrored traffic, the verdict in data.guardrailsResult ------------------

# What a denial leaves for Complete-Decision.
$Script:Denied = $null

# A text as the inside of a JSON string; its controls are blanks by now.
function Get-Quoted {
    param([string]$Text)
    return $Text.Replace('\', '\\').Replace('"', '\"')
}

# The values of an object's top level as they are written, by name; $null where the text is no object.
function Get-Values {
    param([string]$Text)
    $values = @{}
    $depth = 0
    $awaited = 'object'
    $name = ''
    $from = 0
    foreach ($token in [regex]::Matches($Text, '"(?>[^"\\]*(?:\\.[^"\\]*)*)"|[{}\[\],:]|[^\s"{}\[\],:]+|"')) {
        $mark = $token.Value
        if ($mark -eq '"') {
            return $null
        }
        if ($depth -gt 1) {
            if ($mark -eq '{' -or $mark -eq '[') {
                $depth += 1
            } elseif ($mark -eq '}' -or $mark -eq ']') {
                $depth -= 1
                if ($depth -eq 1) {
                    $values[$name] = $Text.Substring($from, $token.Index + 1 - $from)
                }
            }
        } elseif ($awaited -eq 'object') {
            if ($mark -ne '{') {
                return $null
            }
            $depth = 1
            $awaited = 'name'
        } elseif ($awaited -eq 'nothing') {
            return $null
        } elseif ($mark -eq '}' -and $awaited -ne 'colon' -and $awaited -ne 'value') {
            $depth = 0
            $awaited = 'nothing'
        } elseif ($awaited -eq 'name' -and $mark.Length -ge 2 -and $mark[0] -eq '"') {
            $name = $mark.Substring(1, $mark.Length - 2)
            $awaited = 'colon'
        } elseif ($awaited -eq 'colon' -and $mark -eq ':') {
            $awaited = 'value'
        } elseif ($awaited -eq 'comma' -and $mark -eq ',') {
            $awaited = 'name'
        } elseif ($awaited -eq 'value' -and $mark -ne ',' -and $mark -ne ':' -and $mark -ne ']') {
            $awaited = 'comma'
            $from = $token.Index
            if ($mark -eq '{' -or $mark -eq '[') {
                $depth = 2
            } else {
                $values[$name] = $mark
            }
        } else {
            return $null
        }
    }
    if ($awaited -ne 'nothing') {
        return $null
    }
    return $values
}

# A value as it is written, null where there is none.
function Get-Value {
    param([hashtable]$Values, [string]$Name)
    if ($Values.ContainsKey($Name)) {
        return $Values[$Name]
    }
    return 'null'
}

# The inside of a value that is a text, else ''.
function Get-Inside {
    param([hashtable]$Values, [string]$Name)
    $value = Get-Value $Values $Name
    if ($value.Length -ge 2 -and $value[0] -eq '"') {
        return $value.Substring(1, $value.Length - 2)
    }
    return ''
}

# A value where an object is wanted.
function Get-Wrapped {
    param([string]$Value, [string]$Name)
    if ($Value.StartsWith('{')) {
        return $Value
    }
    return '{"' + $Name + '":' + $Value + '}'
}

# The model's address as Codex takes it from its environment: only a name in the record, so what is odd about it goes.
function Get-Api {
    $api = @{ Host = 'chatgpt.com'; Path = '/backend-api/codex/responses' }
    $base = [Environment]::GetEnvironmentVariable('OPENAI_BASE_URL')
    if (-not [string]::IsNullOrEmpty($base)) {
        $name = ($base -replace '^.*?://', '' -replace '[?#].*$', '' -replace '^.*@', '').TrimEnd('/')
        if ($name -notmatch '^[A-Za-z0-9./:_-]+$') {
            $name = 'unknown'
        }
        $api.Host = $name
        $api.Path = '/v1/responses'
    } elseif (-not [string]::IsNullOrEmpty([Environment]::GetEnvironmentVariable('OPENAI_API_KEY'))) {
        $api.Host = 'api.openai.com'
        $api.Path = '/v1/responses'
    }
    if ($AktoMode -eq 'atlas') {
        $api.Host = (Get-DeviceName) + '.ai-agent.codexcli'
    }
    return $api
}

# The record of an event, in two lines: what differs each time, and what is judged. Values of the event are put in as
# they are written, never decoded; an event that is no object goes as one text.
function Get-Record {
    param([byte[]]$Body, [hashtable]$Facts, [string]$Reason)
    $text = [regex]::Replace([Text.Encoding]::UTF8.GetString($Body), '[\x00-\x1f]', ' ')
    $values = Get-Values $text
    $isObject = $null -ne $values
    if (-not $isObject) {
        $values = @{}
    }
    $name = $Facts.Name
    $device = Get-DeviceName
    $api = Get-Api
    $tool = Get-Inside $values 'tool_name'
    $isTool = $isObject -and ($name -eq 'PreToolUse' -or $name -eq 'PostToolUse')
    $isTalk = $isObject -and ($name -eq 'UserPromptSubmit' -or $name -eq 'Stop')
    $mcp = [regex]::Match($tool, '^mcp__(.+?)__(.+)$')
    $isMcp = $isTool -and $mcp.Success
    $server = $mcp.Groups[1].Value
    $hostName = $api.Host
    if ($isMcp) {
        $hostName = $device + '.codexcli.' + $server
    }

    $headers = '{"host":"' + $hostName + '","x-codex-hook":"' + $name + '","content-type":"application/json"'
    if ($isMcp) {
        $headers += ',"x-mcp-server":"' + $server + '"'
    }
    foreach ($key in @('session_id', 'transcript_path', 'cwd', 'hook_event_name', 'model', 'turn_id', 'tool_use_id')) {
        $value = Get-Inside $values $key
        if ($value -ne '') {
            $headers += ',"x-akto-installer-' + $key + '":"' + $value + '"'
        }
    }
    $headers += ',"x-akto-installer-event_id":"' + $Facts.Id + '"}'
    $answered = '{"x-codex-hook":"' + $name + '","content-type":"application/json"'
    if ($Reason -ne '') {
        $answered += ',"x-blocked-by":"Akto Proxy"'
    }
    $answered += '}'

    $tags = '{"gen-ai":"Gen AI"'
    if ($isMcp) {
        $tags = '{"mcp-server":"MCP Server","mcp-client":"codexcli"'
    } elseif ($isTool) {
        $tags += ',"ai-agent":"codexcli","tool_name":"' + $tool + '"'
        if ($name -eq 'PostToolUse') {
            $tags += ',"tool-use":"Tool Execution"'
        }
    } elseif ($AktoMode -eq 'atlas') {
        $tags += ',"ai-agent":"codexcli"'
    }
    if (-not $isTool -and -not $isTalk) {
        $tags += ',"hook":"' + $name + '"'
    }
    if ($AktoMode -eq 'atlas') {
        $tags += ',"source":"' + $AktoSource + '"'
    }
    $tags += '}'

    $path = '/v1/hooks/' + $name
    $asked = '{"body":' + $text + '}'
    $given = '{"body":{}}'
    if ($Body.Length -eq 0 -and $Facts.Size -ne '-') {
        $asked = '{"body":{"size":' + $Facts.Size + ',"sha256":"' + $Facts.Sha256 + '"}}'
    } elseif (-not $isObject) {
        $asked = '{"body":"' + (Get-Quoted $text) + '"}'
    } elseif ($isMcp) {
        $path = '/mcp'
        $asked = '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"' + $mcp.Groups[2].Value + '","arguments":' + (Get-Wrapped (Get-Value $values 'tool_input') 'input') + '},"id":1}'
        $given = '{}'
        if ($name -eq 'PostToolUse') {
            $given = '{"jsonrpc":"2.0","id":1,"result":' + (Get-Wrapped (Get-Value $values 'tool_response') 'output') + '}'
        }
    } elseif ($isTool) {
        $segment = ([regex]::Replace($tool, '[^A-Za-z0-9._~-]+', '-') -replace '-+', '-').Trim('-')
        if ($segment -eq '') {
            $segment = 'unknown'
        }
        $path = '/tool/' + $segment
        $asked = '{"body":' + (Get-Value $values 'tool_input') + ',"toolName":' + (Get-Value $values 'tool_name') + '}'
        $given = '{}'
        if ($name -eq 'PostToolUse') {
            $asked = '{"body":{"toolName":' + (Get-Value $values 'tool_name') + ',"toolArgs":' + (Get-Value $values 'tool_input') + '}}'
            $given = '{"body":{"result":' + (Get-Value $values 'tool_response') + '}}'
        }
    } elseif ($isTalk) {
        $path = $api.Path
        $asked = '{"body":' + (Get-Value $values 'prompt') + '}'
        $given = '{}'
        if ($name -eq 'Stop') {
            $asked = '{"body":""}'
            $given = '{"body":' + (Get-Value $values 'last_assistant_message') + '}'
        }
    }
    $code = '200'
    if ($Reason -ne '') {
        $code = '403'
        $given = '{"body":{"x-blocked-by":"Akto Proxy","reason":"' + (Get-Quoted $Reason) + '"}}'
    }

    $user = 'unknown'
    if ($Identity.Split(' ') -contains 'user') {
        $user = ConvertTo-HeaderText ([Environment]::UserName)
    }
    $network = '"' + $device + '"'
    if ($isTool -or $isTalk) {
        $network = '0'
    }
    $first = @(
        '{"requestHeaders":"', (Get-Quoted $headers), '","responseHeaders":"', (Get-Quoted $answered),
        '","method":"POST","ip":"', $user, '","destIp":"127.0.0.1","time":"', $Facts.Epoch,
        '000","statusCode":"', $code, '","type":"HTTP/1.1","status":"', $code,
        '","akto_account_id":"1000000","akto_vxlan_id":', $network,
        ',"is_pending":"false","source":"MIRRORING","direction":null,"process_id":null,"socket_id":null,"daemonset_id":null,"enabled_graph":null,"tag":"',
        (Get-Quoted $tags), '","metadata":"', (Get-Quoted $tags), '","contextSource":"', $AktoSource, '"'
    ) -join ''
    $second = ',"path":"' + $path + '","requestPayload":"' + (Get-Quoted $asked) + '","responsePayload":"' + (Get-Quoted $given) + '"}'
    return @{ Bytes = [Text.Encoding]::UTF8.GetBytes($first + "`n" + $second + "`n"); Judged = $second }
}

# A verdict is asked for what is about to happen, or for what has been said or done.
function Get-Query {
    param([hashtable]$Facts)
    $query = 'akto_connector=' + $AktoConnector + '&ingest_data=true'
    if ($Facts.Mode -eq 'observe') {
        if (-not $Facts.Name.StartsWith('denied-')) {
            $query += '&client_hook=' + $Facts.Name
        }
    } elseif (@('Stop', 'SubagentStop', 'PostToolUse') -contains $Facts.Name) {
        $query = 'response_guardrails=true&' + $query
    } else {
        $query = 'guardrails=true&' + $query
    }
    return '/api/http-proxy?' + $query
}

# What an answer says: failure, pass, deny or warn. An alert is Akto's own affair.
function Read-Guardrails {
    param([string]$Text)
    $verdict = @{ Outcome = 'failure'; Reason = ''; EndsTurn = $false }
    $answer = Read-Json $Text
    if ($null -eq $answer -or $answer -is [bool] -or $null -eq $answer.data) {
        return $verdict
    }
    $result = $answer.data.guardrailsResult
    if ($null -eq $result -or $result.Allowed -isnot [bool]) {
        return $verdict
    }
    $kind = ([string]$result.behaviour).Trim().ToLowerInvariant()
    if ($result.Allowed -or $kind -eq 'alert') {
        $verdict.Outcome = 'pass'
        return $verdict
    }
    $verdict.Reason = [string]$result.Reason
    $verdict.Outcome = 'deny'
    if ($kind -eq 'warn') {
        $verdict.Outcome = 'warn'
    }
    return $verdict
}

# A warning holds until it was heard once. The mark is a file named by what was judged; whoever moves it away may pass.
function Test-Warned {
    param([string]$Judged)
    if ($null -eq $Script:Folder) {
        return $false
    }
    $hasher = [Security.Cryptography.SHA256]::Create()
    $digest = [BitConverter]::ToString($hasher.ComputeHash([Text.Encoding]::UTF8.GetBytes($Judged))).Replace('-', '').ToLowerInvariant()
    $mark = [IO.Path]::Combine($Script:Folder, 'warned,' + $digest)
    $taken = $mark + ',' + [guid]::NewGuid().ToString()
    try {
        [IO.File]::Move($mark, $taken)
    } catch {
        try {
            [IO.File]::WriteAllText($mark, '')
        } catch {
            return $false
        }
        return $false
    }
    try {
        [IO.File]::Delete($taken)
    } catch {
        return $true
    }
    return $true
}

function Get-Verdict {
    param([byte[]]$Body, [hashtable]$Facts, [int]$Seconds)
    $record = Get-Record $Body $Facts ''
    $answer = Invoke-Inquiry $record.Bytes @{} 'application/json' $Seconds 65537 (Get-Query $Facts)
    if ($answer.Status -lt 200 -or $answer.Status -gt 299) {
        return @{ Outcome = 'failure'; Reason = ''; EndsTurn = $false }
    }
    $verdict = Read-Guardrails $answer.Text
    if ($verdict.Outcome -eq 'warn') {
        $verdict.Outcome = 'deny'
        $verdict.Reason = 'Repeat it if that is meant: it passes then. ' + $verdict.Reason
        if (Test-Warned $record.Judged) {
            $verdict.Outcome = 'pass'
        }
    } elseif ($verdict.Outcome -eq 'deny' -and $Facts.Name -eq 'Stop') {
        $verdict.EndsTurn = $true
    }
    if ($verdict.Outcome -eq 'deny' -and $Facts.Name -eq 'Stop' -and [Text.Encoding]::UTF8.GetString($Body).Contains('"stop_hook_active":true')) {
        # Who denied the turn its end once lets it end now: else it would never do so.
        $verdict.Outcome = 'pass'
    }
    if ($verdict.Outcome -eq 'deny') {
        $Script:Denied = @{ Body = $Body; Facts = $Facts; Reason = Get-VisibleText $verdict.Reason }
    }
    return $verdict
}

# What was denied is reported once more, as a request that got a 403. The record goes into the spool like any report.
function Complete-Decision {
    if ($null -eq $Script:Denied -or $Script:Denied.Reason -eq '') {
        return
    }
    $record = Get-Record $Script:Denied.Body $Script:Denied.Facts $Script:Denied.Reason
    $facts = New-Facts ('denied-' + $Script:Denied.Facts.Name) 'observe'
    $facts.Id = $Script:Denied.Facts.Id
    Save-Event $record.Bytes $facts
    Start-Sender
}

# What becomes of an event that is only reported.
function Send-Report {
    param([byte[]]$Body, [hashtable]$Facts)
    $bytes = $Body
    if (-not $Facts.Name.StartsWith('denied-')) {
        $bytes = (Get-Record $Body $Facts '').Bytes
    }
    $status = (Invoke-Exchange $bytes @{} 'application/json' $DeliverySeconds 0 (Get-Query $Facts)).Status
    if ($status -ge 200 -and $status -lt 300) {
        return 'delivered'
    }
    if ($status -eq 0 -or $status -eq 408 -or $status -eq 429 -or $status -ge 500) {
        return 'keep'
    }
    return 'drop'
}

# An observed event never disturbs the session, whatever happens here. Nothing but Write-Answer writes to stdout.
try {
    [void](Invoke-Relay)
} catch {
    exit 0
}
exit 0
