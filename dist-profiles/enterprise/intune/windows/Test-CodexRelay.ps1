#Requires -Version 5.1
# Tries the relay of this PC under every fault that a PC can show, against a collector of its own on loopback, and
# compares what becomes of each event with the table in docs/relay.md of codex-mdm. Needs nothing but Windows
# PowerShell; needs no rights; reads the relay and changes nothing on the PC. Takes some minutes. Exit code 0: all is as
# the table says. 1: something is not. 2: it cannot run here.
#
#   powershell.exe -NoProfile -ExecutionPolicy Bypass -File Test-CodexRelay.ps1 [-Relay PATH] [-Fault ID]
#
# Made by codex-mdm from a policy: change the policy, not this file.
param(
    [string]$Relay = '',
    [string]$Fault = ''
)

# codex-mdm: values begin
$RelayPath = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QzpcUHJvZ3JhbURhdGFcT3BlbkFJXENvZGV4XGhvb2tzXGNvZGV4LXJlbGF5LnBzMQ=='))
# codex-mdm: values end

# codex-mdm: faults begin
$Message = 'Blocked by Acme.'
$ReasonJson = 'No: \"secrets\" `id` $HOME \\ \u00e9'
$ReasonBytes = [Convert]::FromBase64String('Tm86ICJzZWNyZXRzIiBgaWRgICRIT01FIFwgw6kK')
$Classes = @(
    @{ Id = 'enforce-open'; Mode = 'enforce'; OnFailure = 'open'; Event = 'PreToolUse'; Form = @('{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"', '"}}') }
    @{ Id = 'enforce-closed'; Mode = 'enforce'; OnFailure = 'closed'; Event = 'PreToolUse'; Form = @('{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"', '"}}') }
    @{ Id = 'stop-open'; Mode = 'enforce'; OnFailure = 'open'; Event = 'SessionStart'; Form = @('{"continue":false,"stopReason":"', '"}') }
    @{ Id = 'stop-closed'; Mode = 'enforce'; OnFailure = 'closed'; Event = 'PreCompact'; Form = @('{"continue":false,"stopReason":"', '"}') }
    @{ Id = 'observe'; Mode = 'observe'; OnFailure = 'open'; Event = 'PostToolUse'; Form = @('{"decision":"block","reason":"', '"}') }
    @{ Id = 'session-end'; Mode = 'observe'; OnFailure = 'open'; Event = 'SessionEnd'; Form = @('{"decision":"block","reason":"', '"}') }
)
$Outcomes = @{
    'allowed' = @{ Denies = 'nobody'; Collector = 'one'; Later = 'nothing' }
    'denied' = @{ Denies = 'reason'; Collector = 'one'; Later = 'nothing' }
    'denied-cut' = @{ Denies = 'cut'; Collector = 'one'; Later = 'nothing' }
    'denied-plainly' = @{ Denies = 'message'; Collector = 'one'; Later = 'nothing' }
    'open' = @{ Denies = 'nobody'; Collector = 'any'; Later = 'nothing' }
    'closed' = @{ Denies = 'message'; Collector = 'any'; Later = 'nothing' }
    'delivered' = @{ Denies = 'nobody'; Collector = 'one'; Later = 'nothing' }
    'spooled' = @{ Denies = 'nobody'; Collector = 'any'; Later = 'event' }
    'dropped' = @{ Denies = 'nobody'; Collector = 'any'; Later = 'count' }
    'adopted' = @{ Denies = 'nobody'; Collector = 'none'; Later = 'part' }
    'lost' = @{ Denies = 'nobody'; Collector = 'none'; Later = 'nothing' }
}
$Faults = @(
    @{ Id = 'fine'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'denies'; Cells = @('denied', 'denied', 'denied', 'denied', 'dropped', 'dropped') }
    @{ Id = 'denies-silently'; Cells = @('denied-plainly', 'denied-plainly', 'denied-plainly', 'denied-plainly', 'dropped', 'dropped') }
    @{ Id = 'refuses'; Cells = @('open', 'closed', 'open', 'closed', 'dropped', 'dropped') }
    @{ Id = 'busy'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'broken'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'html-error'; Cells = @('open', 'closed', 'open', 'closed', 'dropped', 'dropped') }
    @{ Id = 'html-page'; Cells = @('open', 'closed', 'open', 'closed', 'delivered', 'delivered') }
    @{ Id = 'empty'; Cells = @('open', 'closed', 'open', 'closed', 'delivered', 'delivered') }
    @{ Id = 'no-answer'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'huge-denial'; Cells = @('denied-cut', 'denied-cut', 'denied-cut', 'denied-cut', 'dropped', 'dropped') }
    @{ Id = 'huge-page'; Cells = @('open', 'closed', 'open', 'closed', 'delivered', 'delivered') }
    @{ Id = 'slow-headers'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'slow-body'; Cells = @('denied-plainly', 'denied-plainly', 'denied-plainly', 'denied-plainly', 'delivered', 'delivered') }
    @{ Id = 'redirect'; Cells = @('open', 'closed', 'open', 'closed', 'dropped', 'dropped') }
    @{ Id = 'refused'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'no-name'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'proxy-dead'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'spool-missing'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'token-missing'; Cells = @('open', 'closed', 'open', 'closed', 'spooled', 'spooled') }
    @{ Id = 'script-missing'; Cells = @('open', 'open', 'open', 'open', 'lost', 'lost') }
    @{ Id = 'event-empty'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'event-large'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'event-nul'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'event-not-utf8'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'event-quotes'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
    @{ Id = 'event-newlines'; Cells = @('allowed', 'allowed', 'allowed', 'allowed', 'delivered', 'delivered') }
)
# codex-mdm: faults end

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Ascii = [Text.Encoding]::ASCII
$Utf8 = New-Object Text.UTF8Encoding -ArgumentList $false

# --- the collector: answers by the first part of the address, and remembers what it got ---------------------------

$CollectorScript = {
    param($Listener, $Requests, $ReasonBytes)
    $held = New-Object Collections.ArrayList
    $long = [Text.Encoding]::ASCII.GetBytes('x' * 10000000)
    $plain = 'text/plain; charset=utf-8'
    $html = 'text/html'
    $page = [Text.Encoding]::ASCII.GetBytes('<h1>Welcome</h1>')
    $nothing = New-Object byte[] 0
    while ($true) {
        $client = $Listener.AcceptTcpClient()
        try {
            $client.ReceiveTimeout = 15000
            $client.SendTimeout = 15000
            $stream = $client.GetStream()
            $head = New-Object Text.StringBuilder
            while (-not $head.ToString().EndsWith("`r`n`r`n")) {
                $byte = $stream.ReadByte()
                if ($byte -lt 0) {
                    throw 'the client went away'
                }
                [void]$head.Append([char]$byte)
            }
            $lines = $head.ToString() -split "`r`n"
            $headers = @{}
            foreach ($line in $lines) {
                $colon = $line.IndexOf(':')
                if ($colon -gt 0) {
                    $headers[$line.Substring(0, $colon).ToLowerInvariant()] = $line.Substring($colon + 1).Trim()
                }
            }
            $body = New-Object byte[] ([int]$headers['content-length'])
            $count = 0
            while ($count -lt $body.Length) {
                $more = $stream.Read($body, $count, $body.Length - $count)
                if ($more -le 0) {
                    throw 'the client went away'
                }
                $count += $more
            }
            $path = $lines[0].Split(' ')[1]
            [void]$Requests.Add(@{ Path = $path; Headers = $headers; Body = $body })
            $status = '204 No Content'
            $type = ''
            $text = $nothing
            $extra = ''
            $way = $path.Split('/')[1]
            if ($way -eq 'denies') {
                $status = '403 Forbidden'
                $type = $plain
                $text = $ReasonBytes
            } elseif ($way -eq 'denies-silently') {
                $status = '403 Forbidden'
                $type = $plain
                $text = [byte[]]@(0xC2, 0xA0, 0xE2, 0x80, 0x8B, 0x20, 0x0A)
            } elseif ($way -eq 'refuses') {
                $status = '400 Bad Request'
                $type = $plain
            } elseif ($way -eq 'busy') {
                $status = '429 Too Many Requests'
            } elseif ($way -eq 'broken') {
                $status = '503 Service Unavailable'
                $type = $plain
            } elseif ($way -eq 'html-error') {
                $status = '403 Forbidden'
                $type = $html
                $text = $page
            } elseif ($way -eq 'html-page') {
                $status = '200 OK'
                $type = $html
                $text = $page
            } elseif ($way -eq 'empty') {
                $status = '200 OK'
            } elseif ($way -eq 'huge-denial') {
                $status = '403 Forbidden'
                $type = $plain
                $text = $long
            } elseif ($way -eq 'huge-page') {
                $status = '200 OK'
                $type = $html
                $text = $long
            } elseif ($way -eq 'redirect') {
                $status = '302 Found'
                $extra = 'Location: http://localhost:' + $Listener.LocalEndpoint.Port + '/elsewhere' + "`r`n"
            } elseif ($way -eq 'slow-body') {
                $status = '403 Forbidden'
                if ($headers['ce-mode'] -eq 'observe') {
                    $status = '200 OK'
                }
                $type = $plain
            }
            $length = $text.Length
            if ($way -eq 'slow-body') {
                $length = 100
            }
            if ($way -eq 'slow-headers') {
                [void]$held.Add($client)
            } elseif ($way -eq 'no-answer') {
                $client.Close()
            } else {
                if ($type -ne '') {
                    $extra += 'Content-Type: ' + $type + "`r`n"
                }
                if ($status -ne '204 No Content') {
                    $extra += 'Content-Length: ' + $length + "`r`n"
                }
                $begin = [Text.Encoding]::ASCII.GetBytes('HTTP/1.1 ' + $status + "`r`n" + $extra + "Connection: close`r`n`r`n")
                $stream.Write($begin, 0, $begin.Length)
                $stream.Write($text, 0, $text.Length)
                $stream.Flush()
                if ($way -eq 'slow-body') {
                    [void]$held.Add($client)
                } else {
                    $client.Close()
                }
            }
        } catch {
            $client.Close()
        }
    }
}

# --- one event ----------------------------------------------------------------------------------------------------

# A PowerShell expression for a text, as codex-mdm writes it.
function ConvertTo-Literal {
    param([string]$Text)
    return "[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('" + [Convert]::ToBase64String($Utf8.GetBytes($Text)) + "'))"
}

# A copy of the relay that has this one event, asks this address, and has a spool of its own.
function New-Relay {
    param([string]$Name, [hashtable]$Class, [string]$Url, [int]$Seconds, [string]$Proxy, [string]$TokenFile, [string]$Spool)
    $form = $Class.Form
    $lines = @(
        '$UserMessage = ' + (ConvertTo-Literal $Message)
        '$Url = ' + (ConvertTo-Literal $Url)
        '$Proxy = ' + (ConvertTo-Literal $Proxy)
        '$TokenFile = ' + (ConvertTo-Literal $TokenFile)
        "`$AuthHeader = 'Authorization'"
        "`$AuthScheme = 'Bearer'"
        "`$CaFile = ''"
        "`$Payload = 'full'"
        "`$Log = 'off'"
        '$PayloadBytes = 1048576'
        '$SpoolEvents = 1000'
        '$SpoolBytes = 52428800'
        '$SpoolSeconds = 604800'
        '$DeliverySeconds = ' + $Seconds
        '$Events = @{}'
        "`$Events['" + $Class.Event + "'] = @('" + $Class.Mode + "', '" + $Class.OnFailure + "', '" + $form[0] + "', '" + $form[1] + "', " + $Seconds + ')'
    )
    $text = $RelayText.Replace($ValuesEnd, (($lines -join "`n") + "`n" + $ValuesEnd))
    $text = $text.Replace($SpoolRoot, (ConvertTo-Literal $Spool))
    $path = [IO.Path]::Combine($Work, $Name + '.ps1')
    [IO.File]::WriteAllText($path, $text, $Ascii)
    return $path
}

# Starts a hook as Codex does, with the event on its stdin; gives its exit code and what it wrote.
function Invoke-Hook {
    param([string]$Path, [string]$EventName, [byte[]]$Body)
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $start.Arguments = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $Path + '" ' + $EventName
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $process = [Diagnostics.Process]::Start($start)
    $problems = $process.StandardError.ReadToEndAsync()
    # Not through the writer above this stream: it may put a byte order mark before the event.
    $stdin = $process.StandardInput.BaseStream
    $isRead = $true
    try {
        $stdin.Write($Body, 0, $Body.Length)
        $stdin.Close()
    } catch {
        $isRead = $false
    }
    $memory = New-Object IO.MemoryStream
    $process.StandardOutput.BaseStream.CopyTo($memory)
    $process.WaitForExit()
    return @{
        Exit = $process.ExitCode
        Out = [Text.Encoding]::GetEncoding(28591).GetString($memory.ToArray())
        Err = $problems.Result
        IsRead = $isRead
        Milliseconds = $clock.ElapsedMilliseconds
    }
}

# Waits until no sender of ours is at work.
function Wait-Idle {
    $end = [DateTime]::UtcNow.AddSeconds(40)
    while ([DateTime]::UtcNow -lt $end) {
        $busy = $false
        foreach ($process in @(Get-CimInstance -ClassName Win32_Process)) {
            if ($process.ProcessId -ne $PID -and ([string]$process.CommandLine).Contains($Mark)) {
                $busy = $true
            }
        }
        if (-not $busy) {
            return
        }
        Start-Sleep -Milliseconds 200
    }
}

function Get-Body {
    param([string]$FaultId, [string]$EventName)
    $plain = '{"session_id":"01a1b2c3-0000-7000-8000-00000000f0c8","transcript_path":null,"hook_event_name":"' + $EventName + '","tool_input":{"command":"echo hi"}}'
    if ($FaultId -eq 'event-empty') {
        return , (New-Object byte[] 0)
    }
    if ($FaultId -eq 'event-large') {
        return , $Ascii.GetBytes('{"prompt":"' + ('0123456789' * 500000) + '"}')
    }
    if ($FaultId -eq 'event-nul') {
        return , $Ascii.GetBytes([string][char]0 + '{"a":"' + [char]0 + '"}' + [char]0)
    }
    if ($FaultId -eq 'event-not-utf8') {
        return , [byte[]]@(0xFF, 0xFE, 0x22, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x80, 0x0A, 0xF8)
    }
    if ($FaultId -eq 'event-quotes') {
        return , $Ascii.GetBytes('{"prompt":"\"''\\ `touch x` $(touch x) ${IFS} @file ; & | <"}"''"')
    }
    if ($FaultId -eq 'event-newlines') {
        return , $Ascii.GetBytes("{`"a`":`r`n1}`n`n`r`n`n")
    }
    return , $Ascii.GetBytes($plain)
}

# What the collector got at one address, as a list.
function Get-Requests {
    param([string]$Path)
    $found = New-Object Collections.ArrayList
    foreach ($request in $Requests.ToArray()) {
        if ($request.Path -eq $Path) {
            [void]$found.Add($request)
        }
    }
    return , $found.ToArray()
}

function Test-SameBytes {
    param([byte[]]$Body, [byte[]]$Sent)
    $length = [Math]::Min($Sent.Length, 1048576)
    if ($Body.Length -ne $length) {
        return $false
    }
    return [Convert]::ToBase64String($Body) -ceq [Convert]::ToBase64String($Sent, 0, $length)
}

# --- one cell: what is not as the table says ----------------------------------------------------------------------

function Test-Answer {
    param([string]$FaultId, [hashtable]$Class, [hashtable]$Outcome, [hashtable]$Run)
    $wrong = New-Object Collections.ArrayList
    $form = $Class.Form
    if ($FaultId -eq 'script-missing') {
        # PowerShell itself complains, with an exit code of its own: Codex lets through whatever is neither 2 nor a denial.
        if ($Run.Exit -eq 2 -or $Run.Out.Contains('"deny"') -or $Run.Out.Contains('"block"')) {
            [void]$wrong.Add('it denies')
        }
        return , $wrong.ToArray()
    }
    if (-not $Run.IsRead) {
        [void]$wrong.Add('the event was not read to its end')
    }
    if ($Run.Exit -ne 0) {
        [void]$wrong.Add('exit code ' + $Run.Exit)
    }
    if ($Run.Err -ne '') {
        [void]$wrong.Add('stderr: ' + $Run.Err)
    }
    $expected = ''
    if ($Outcome.Denies -eq 'message') {
        $expected = $form[0] + $Message + $form[1]
    } elseif ($Outcome.Denies -eq 'reason') {
        $expected = $form[0] + $ReasonJson + $form[1]
    } elseif ($Outcome.Denies -eq 'cut') {
        $count = $Run.Out.Length - $form[0].Length - $form[1].Length
        if ($count -ge 1000 -and $count -le 4000) {
            $expected = $form[0] + ('x' * $count) + $form[1]
        }
    }
    if ($Run.Out -cne $expected) {
        [void]$wrong.Add('stdout: ' + $Run.Out)
    }
    return , $wrong.ToArray()
}

function Test-Cell {
    param([string]$FaultId, [hashtable]$Class, [string]$OutcomeName)
    $outcome = $Outcomes[$OutcomeName]
    $name = $FaultId + '-' + $Class.Id
    $path = '/' + $FaultId + '/' + $Class.Id
    $later = '/fine/later-' + $name
    $origin = 'http://127.0.0.1:' + $Port
    $spool = [IO.Path]::Combine($Work, 'spool-' + $name)
    if ($FaultId -ne 'spool-missing') {
        [void][IO.Directory]::CreateDirectory([IO.Path]::Combine($spool, 'codex-relay'))
    }
    $url = $origin + $path
    $proxy = 'none'
    $token = ''
    $seconds = 10
    if ($FaultId -eq 'slow-headers' -or $FaultId -eq 'slow-body') {
        $seconds = 2
    } elseif ($FaultId -eq 'refused') {
        $url = 'http://127.0.0.1:9/codex'
    } elseif ($FaultId -eq 'no-name') {
        $url = 'http://collector.invalid/codex'
    } elseif ($FaultId -eq 'proxy-dead') {
        $url = 'http://collector.invalid/codex'
        $proxy = 'http://127.0.0.1:9/'
    } elseif ($FaultId -eq 'token-missing') {
        $token = [IO.Path]::Combine($Work, 'no-such-token')
    }
    $copy = New-Relay $name $Class $url $seconds $proxy $token $spool
    if ($FaultId -eq 'script-missing') {
        [IO.File]::Delete($copy)
    }
    $body = Get-Body $FaultId $Class.Event
    $elsewhere = (Get-Requests '/elsewhere').Length
    $run = Invoke-Hook $copy $Class.Event $body
    $wrong = New-Object Collections.ArrayList
    foreach ($what in (Test-Answer $FaultId $Class $outcome $run)) {
        [void]$wrong.Add($what)
    }
    if ($run.Milliseconds -gt ($seconds + 5) * 1000) {
        [void]$wrong.Add('it took ' + $run.Milliseconds + ' ms')
    }
    $reports = @()
    if ($Class.Mode -eq 'observe') {
        Wait-Idle
        $nextClass = @{ Id = 'later'; Mode = 'observe'; OnFailure = 'open'; Event = 'Stop'; Form = @('', '') }
        $healthy = New-Relay ('later-' + $name) $nextClass ($origin + $later) 10 'none' '' $spool
        [void](Invoke-Hook $healthy 'Stop' ($Ascii.GetBytes('the next event')))
        Wait-Idle
        $reports = Get-Requests $later
    }
    $seen = Get-Requests $path
    if ($seen.Length -gt 1 -or ($seen.Length -eq 0 -and $outcome.Collector -eq 'one') -or ($seen.Length -eq 1 -and $outcome.Collector -eq 'none')) {
        [void]$wrong.Add('the collector saw it ' + $seen.Length + ' times')
    }
    if ((Get-Requests '/elsewhere').Length -gt $elsewhere) {
        [void]$wrong.Add('the other host was asked')
    }
    $again = 0
    $followed = 0
    $dropped = 0
    foreach ($request in $reports) {
        if ($request.Headers.ContainsKey('ce-dropped')) {
            $dropped += [int]$request.Headers['ce-dropped']
        }
        if ($request.Headers['ce-type'] -eq 'com.openai.codex.hook.Stop' -and $Ascii.GetString($request.Body) -eq 'the next event') {
            $followed += 1
        } else {
            $again += 1
            $seen = @($seen) + @($request)
        }
    }
    foreach ($request in $seen) {
        if (-not (Test-SameBytes $request.Body $body)) {
            [void]$wrong.Add('the collector got other bytes')
        }
        if ($request.Headers['ce-id'] -ne $seen[0].Headers['ce-id']) {
            [void]$wrong.Add('one event had two ids')
        }
    }
    if ($Class.Mode -eq 'observe') {
        $expectedAgain = 0
        $expectedDrops = 0
        if ($outcome.Later -eq 'event') {
            $expectedAgain = 1
        } elseif ($outcome.Later -eq 'count') {
            $expectedDrops = 1
        }
        if ($followed -ne 1) {
            [void]$wrong.Add('the next event came ' + $followed + ' times')
        }
        if ($again -ne $expectedAgain) {
            [void]$wrong.Add('the next report brought ' + $again + ' events')
        }
        if ($dropped -ne $expectedDrops) {
            [void]$wrong.Add('the next report counted ' + $dropped)
        }
    }
    return , $wrong.ToArray()
}

# --- all of them --------------------------------------------------------------------------------------------------

$ValuesEnd = '# codex-mdm: values ' + 'end'
$SpoolRoot = "[Environment]::GetFolderPath('LocalApplicationData')"
if ($Relay -eq '') {
    $Relay = $RelayPath
}
if (-not [IO.File]::Exists($Relay)) {
    Write-Host ('There is no relay at ' + $Relay)
    exit 2
}
$RelayText = [IO.File]::ReadAllText($Relay)
if (-not $RelayText.Contains($ValuesEnd) -or -not $RelayText.Contains($SpoolRoot) -or -not $RelayText.Contains('preset generic')) {
    Write-Host ($Relay + ' is no relay of the preset generic that this script knows')
    exit 2
}
$Mark = 'codex-relay-test-' + [guid]::NewGuid().ToString('N')
$Work = [IO.Path]::Combine([IO.Path]::GetTempPath(), $Mark)
[void][IO.Directory]::CreateDirectory($Work)
$Requests = [Collections.ArrayList]::Synchronized((New-Object Collections.ArrayList))
$Listener = New-Object Net.Sockets.TcpListener -ArgumentList @([Net.IPAddress]::Loopback, 0)
$Listener.Start()
$Port = $Listener.LocalEndpoint.Port
$Server = [PowerShell]::Create()
[void]$Server.AddScript($CollectorScript.ToString()).AddArgument($Listener).AddArgument($Requests).AddArgument($ReasonBytes)
[void]$Server.BeginInvoke()

$bad = 0
$all = 0
try {
    foreach ($entry in $Faults) {
        if ($Fault -ne '' -and $Fault -ne $entry.Id) {
            continue
        }
        for ($i = 0; $i -lt $Classes.Length; $i++) {
            $class = $Classes[$i]
            $all += 1
            $found = Test-Cell $entry.Id $class $entry.Cells[$i]
            $state = 'ok   '
            if ($found.Length -gt 0) {
                $state = 'WRONG'
                $bad += 1
            }
            Write-Host ($state + ' ' + $entry.Id.PadRight(16) + ' ' + $class.Id.PadRight(15) + ' ' + $entry.Cells[$i].PadRight(15) + ' ' + ($found -join '; '))
        }
    }
} finally {
    $Listener.Stop()
    try {
        [IO.Directory]::Delete($Work, $true)
    } catch {
        Write-Host ('Remove ' + $Work + ' by hand: something in it is still open')
    }
}
Write-Host ([string]($all - $bad) + ' of ' + $all + ' cells are as the table says')
if ($bad -gt 0 -or $all -eq 0) {
    exit 1
}
exit 0
