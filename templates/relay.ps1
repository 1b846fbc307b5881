#Requires -Version 5.1
# Hands the event of a Codex hook to whoever judges or collects it, and turns the answer into what Codex understands.
# Made by codex-mdm from a policy: change the policy, not this file. docs/relay.md of codex-mdm describes it.
#
#   codex-relay.ps1 EVENT      the event is on stdin
#   codex-relay.ps1 deliver    sends what waits; started hidden by the former
#
# A preset adds Get-Verdict, Send-Report, Test-Sending and Complete-Decision.
#
# Every answer is JSON on stdout with exit code 0: a PowerShell above this one turns exit code 2 into 1, which denies
# nothing. All that is written is ASCII, so no code page and no byte order mark can spoil it.
param(
    [string]$EventName = ''
)

# codex-mdm: values begin
$PolicyName = 'example'
$PolicyVersion = '1'
$PolicyHash = '0000000000000000000000000000000000000000000000000000000000000000'
$RelayVersion = '0.0.0'
$Payload = 'full'
$UserMessage = 'Blocked by policy example.'
$Log = 'off'
$Url = 'https://collector.example/codex'
$TokenFile = ''
$AuthHeader = 'Authorization'
$AuthScheme = 'Bearer'
$CaFile = ''
$Proxy = 'environment'
$Identity = 'user host serial'
$SpoolEvents = 1000
$SpoolBytes = 52428800
$SpoolSeconds = 604800
$PayloadBytes = 1048576
$DeliverySeconds = 5
$Events = @{}
$Events['PreToolUse'] = @('enforce', 'closed', '{"decision":"block","reason":"', '"}', 3)
# codex-mdm: values end

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Script:Folder = $null
# What the timer writes at the end of a question that nobody answers: a text, and the file for it.
$Script:LastWords = New-Object 'string[]' 2

# --- answers -----------------------------------------------------------------------------------------------------

# A text inside a JSON string, in ASCII.
function ConvertTo-JsonText {
    param([string]$Text)
    $builder = New-Object Text.StringBuilder
    foreach ($char in $Text.ToCharArray()) {
        $code = [int]$char
        if ($code -eq 34 -or $code -eq 92) {
            [void]$builder.Append('\').Append($char)
        } elseif ($code -lt 32 -or $code -gt 126) {
            [void]$builder.Append('\u').Append($code.ToString('x4'))
        } else {
            [void]$builder.Append($char)
        }
    }
    return $builder.ToString()
}

# One line of visible text, or '': Codex takes a denial without a visible reason for none.
function Get-VisibleText {
    param([string]$Text)
    $line = [regex]::Replace($Text, '[\p{Cc}\p{Zl}\p{Zp}]', ' ')
    $line = [regex]::Replace($line, '\p{Cf}|\uDB40[\uDC00-\uDFFF]', '')
    $line = $line.Trim()
    if ($line.Length -gt 2000) {
        $line = $line.Substring(0, 2000)
    }
    return $line
}

# The denial that Codex takes at this event, as bytes.
function Get-DenialBytes {
    param([object[]]$Entry, [string]$Reason)
    $visible = Get-VisibleText $Reason
    if ($visible -eq '') {
        $visible = $UserMessage
    }
    return [Text.Encoding]::ASCII.GetBytes($Entry[2] + (ConvertTo-JsonText $visible) + $Entry[3])
}

function Write-Answer {
    param([byte[]]$Bytes)
    $stream = [Console]::OpenStandardOutput()
    $stream.Write($Bytes, 0, $Bytes.Length)
    $stream.Flush()
}

# Name look-up and proxy discovery keep no time limit of ours, and Codex's own limit lets through. So a timer gives the
# answer for a failure and ends the process. It is built of expressions, because a script block cannot run on the
# timer's thread. Before it ends it writes what $Note holds by then, a text and the file for it.
function Start-Deadline {
    param([int]$Milliseconds, [byte[]]$Bytes, [string[]]$Note)
    $stream = [Console]::OpenStandardOutput()
    $write = [IO.Stream].GetMethod('Write', [type[]]@([byte[]], [int], [int]))
    $flush = [IO.Stream].GetMethod('Flush', [type[]]@())
    $save = [IO.File].GetMethod('WriteAllText', [type[]]@([string], [string]))
    $exit = [Environment].GetMethod('Exit', [type[]]@([int]))
    $target = [Linq.Expressions.Expression]::Constant($stream, [IO.Stream])
    $arguments = [Linq.Expressions.Expression[]]@(
        [Linq.Expressions.Expression]::Constant($Bytes, [byte[]]),
        [Linq.Expressions.Expression]::Constant(0, [int]),
        [Linq.Expressions.Expression]::Constant($Bytes.Length, [int])
    )
    $noted = [Linq.Expressions.Expression]::Constant($Note, [string[]])
    $text = [Linq.Expressions.Expression[]]@(
        [Linq.Expressions.Expression]::ArrayIndex($noted, [Linq.Expressions.Expression]::Constant(1, [int])),
        [Linq.Expressions.Expression]::ArrayIndex($noted, [Linq.Expressions.Expression]::Constant(0, [int]))
    )
    $ignore = [Linq.Expressions.CatchBlock[]]@([Linq.Expressions.Expression]::Catch([Exception], [Linq.Expressions.Expression]::Empty()))
    $leave = [Linq.Expressions.Expression[]]@([Linq.Expressions.Expression]::Constant(0, [int]))
    $steps = [Linq.Expressions.Expression[]]@(
        [Linq.Expressions.Expression]::Call($target, $write, $arguments),
        [Linq.Expressions.Expression]::Call($target, $flush),
        [Linq.Expressions.Expression]::TryCatch([Linq.Expressions.Expression]::Call($save, $text), $ignore),
        [Linq.Expressions.Expression]::Call($exit, $leave)
    )
    $state = [Linq.Expressions.ParameterExpression[]]@([Linq.Expressions.Expression]::Parameter([object], 'state'))
    $lambda = [Linq.Expressions.Expression]::Lambda([Threading.TimerCallback], [Linq.Expressions.Expression]::Block($steps), $state)
    $callback = $lambda.Compile()
    return New-Object Threading.Timer -ArgumentList @($callback, $null, $Milliseconds, -1)
}

# --- the event and what is said of it ----------------------------------------------------------------------------

function Read-Event {
    $memory = New-Object IO.MemoryStream
    [Console]::OpenStandardInput().CopyTo($memory)
    return , $memory.ToArray()
}

# What goes with an event. Id is the key by which a collector knows a repetition.
function New-Facts {
    param([string]$Name, [string]$Mode)
    $now = [DateTime]::UtcNow
    return @{
        Name = $Name
        Mode = $Mode
        Id = [guid]::NewGuid().ToString()
        Epoch = [long][Math]::Floor(($now - (New-Object DateTime 1970, 1, 1)).TotalSeconds)
        Time = $now.ToString('yyyyMMddTHHmmssZ', [Globalization.CultureInfo]::InvariantCulture)
        Subject = '-'
        CodexVersion = '-'
        Size = '-'
        Sha256 = '-'
        Dropped = 0
    }
}

# Brings the body to what the policy allows to leave the machine; size and digest are those of the whole event.
function Limit-Body {
    param([byte[]]$Body, [hashtable]$Facts)
    if ($Payload -ne 'metadata' -and $Body.Length -le $PayloadBytes) {
        return , $Body
    }
    $hasher = [Security.Cryptography.SHA256]::Create()
    $Facts.Sha256 = [BitConverter]::ToString($hasher.ComputeHash($Body)).Replace('-', '').ToLowerInvariant()
    $Facts.Size = [string]$Body.Length
    $kept = New-Object byte[] 0
    if ($Payload -ne 'metadata') {
        $kept = New-Object byte[] $PayloadBytes
        [Array]::Copy($Body, $kept, $PayloadBytes)
    }
    return , $kept
}

# Session and Codex version of an event: the version stands only in the first line of the session's transcript.
function Add-Session {
    param([byte[]]$Body, [hashtable]$Facts)
    $head = [Text.Encoding]::UTF8.GetString($Body, 0, [Math]::Min($Body.Length, 4096))
    $match = [regex]::Match($head, '^\{"session_id":"([0-9A-Za-z-]{1,64})"[^{]*?"transcript_path":"((?:[^"\\]|\\.)*)"')
    if (-not $match.Success) {
        return
    }
    $Facts.Subject = $match.Groups[1].Value
    try {
        $path = $match.Groups[2].Value.Replace('\\', '\').Replace('\/', '/')
        $stream = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite')
        try {
            $bytes = New-Object byte[] 4096
            $count = $stream.Read($bytes, 0, $bytes.Length)
        } finally {
            $stream.Dispose()
        }
        $line = [Text.Encoding]::UTF8.GetString($bytes, 0, $count).Split("`n")[0]
        $match = [regex]::Match($line, '"cli_version":"([0-9A-Za-z.+-]{1,40})"')
        if ($match.Success) {
            $Facts.CodexVersion = $match.Groups[1].Value
        }
    } catch {
        return
    }
}

# --- files -------------------------------------------------------------------------------------------------------

# Sets Folder to the user's own spool, which Windows keeps private to the user; $null where that cannot be.
function Open-Spool {
    try {
        $root = [Environment]::GetFolderPath('LocalApplicationData')
        if ($root -eq '') {
            return
        }
        $path = [IO.Path]::Combine($root, 'codex-relay')
        $folder = [IO.Directory]::CreateDirectory($path)
        if (($folder.Attributes -band [IO.FileAttributes]::ReparsePoint) -eq 0) {
            $Script:Folder = $path
        }
    } catch {
        $Script:Folder = $null
    }
}

# A line for the log: never contents, never the token.
function Write-Journal {
    param([hashtable]$Facts, [string]$Outcome)
    if ($Log -eq 'off' -or $null -eq $Script:Folder) {
        return
    }
    if ($Log -eq 'errors' -and @('pass', 'deny', 'delivered') -contains $Outcome) {
        return
    }
    $line = @($Facts.Time, $Facts.Name, $Facts.Id, $Facts.Mode, $Outcome) -join ' '
    try {
        [IO.File]::AppendAllText([IO.Path]::Combine($Script:Folder, 'relay.log'), $line + "`r`n")
    } catch {
        return
    }
}

# --- the two ways of handling an event ---------------------------------------------------------------------------

function Invoke-Observe {
    param([string]$Name)
    $body = Read-Event
    Open-Spool
    $facts = New-Facts $Name 'observe'
    Add-Session $body $facts
    $body = Limit-Body $body $facts
    if ($null -ne $Script:Folder) {
        try {
            Save-Event $body $facts
        } catch {
            # No room on the disk.
            Set-Drops ((Get-Drops) + 1)
        }
        Start-Sender
    } else {
        # No place for files: send it now, within the time that the hook has.
        [void](Send-Report $body $facts)
    }
}

function Invoke-Decide {
    param([string]$Name, [object[]]$Entry)
    $failure = New-Object byte[] 0
    if ($Entry[1] -eq 'closed') {
        $failure = Get-DenialBytes $Entry ''
    }
    $answer = $failure
    $deadline = $null
    try {
        $deadline = Start-Deadline ($Entry[4] * 1000 + 2000) $failure $Script:LastWords
        $body = Read-Event
        Open-Spool
        $facts = New-Facts $Name $Entry[0]
        $body = Limit-Body $body $facts
        $verdict = Get-Verdict $body $facts $Entry[4]
        Write-Journal $facts $verdict.Outcome
        if ($verdict.Outcome -eq 'pass') {
            $answer = New-Object byte[] 0
        } elseif ($verdict.Outcome -eq 'deny') {
            if ($verdict.EndsTurn) {
                $Entry = @($Entry[0], $Entry[1], '{"continue":false,"stopReason":"', '"}', $Entry[4])
            }
            $answer = Get-DenialBytes $Entry $verdict.Reason
        }
    } catch {
        $answer = $failure
    }
    if ($null -ne $deadline) {
        $deadline.Dispose()
    }
    Write-Answer $answer
    if ($null -ne $Script:Folder) {
        Complete-Decision
    }
}

function Invoke-Relay {
    if ($EventName -eq 'deliver') {
        Open-Spool
        if ($null -ne $Script:Folder) {
            Send-Spool
        }
        return
    }
    if (-not $Events.ContainsKey($EventName)) {
        [void](Read-Event)
        return
    }
    $entry = $Events[$EventName]
    if ($entry[0] -eq 'observe') {
        Invoke-Observe $EventName
    } else {
        Invoke-Decide $EventName $entry
    }
}
