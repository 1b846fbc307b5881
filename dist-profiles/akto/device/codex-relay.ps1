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
$Payload = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZnVsbA=='))
$UserMessage = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QmxvY2tlZCBieSBwb2xpY3kgYWt0by4='))
$Log = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2Zm'))
$PolicyName = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('YWt0bw=='))
$PolicyVersion = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('MQ=='))
$PolicyHash = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ODZkYmU1NjZlYzg0MWNhYjc0ZDM4ZjVjZGViNzMwYmVjMzBlNGNhNzc5YWQ2ZTE4MzcyZGZlZDMyNTRiOTJlYQ=='))
$RelayVersion = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('MC4xLjA='))
$Url = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aHR0cHM6Ly9ha3RvLmV4YW1wbGUuY29t'))
$TokenFile = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QzpcUHJvZ3JhbURhdGFcT3BlbkFJXENvZGV4XHJlbGF5LnRva2Vu'))
$AuthHeader = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QXV0aG9yaXphdGlvbg=='))
$AuthScheme = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(''))
$CaFile = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(''))
$Proxy = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZW52aXJvbm1lbnQ='))
$Identity = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('dXNlciBob3N0IHNlcmlhbA=='))
$AktoMode = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('YXRsYXM='))
$AktoConnector = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('Y29kZXhfY2xp'))
$AktoSource = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('RU5EUE9JTlQ='))
$SpoolEvents = 1000
$SpoolBytes = 52428800
$SpoolSeconds = 604800
$PayloadBytes = 1048576
$DeliverySeconds = 5
$Events = @{}
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('U2Vzc2lvblN0YXJ0'))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2JzZXJ2ZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJjb250aW51ZSI6ZmFsc2UsInN0b3BSZWFzb24iOiI=')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 5)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('VXNlclByb21wdFN1Ym1pdA=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZW5mb3JjZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 5)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('UHJlVG9vbFVzZQ=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZW5mb3JjZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJob29rU3BlY2lmaWNPdXRwdXQiOnsiaG9va0V2ZW50TmFtZSI6IlByZVRvb2xVc2UiLCJwZXJtaXNzaW9uRGVjaXNpb24iOiJkZW55IiwicGVybWlzc2lvbkRlY2lzaW9uUmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In19')), 5)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('UG9zdFRvb2xVc2U='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('cmVwbGFjZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 5)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('U3RvcA=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('Y29udGludWU=')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 5)
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

# --- the spool: one file per event, its name holds what is said of it, its content is the body --------------------

function Save-Event {
    param([byte[]]$Body, [hashtable]$Facts)
    $name = @($Facts.Epoch, $Facts.Time, $Facts.Name, $Facts.Id, $Facts.Subject, $Facts.CodexVersion, $Facts.Size, $Facts.Sha256) -join ','
    $draft = [IO.Path]::Combine($Script:Folder, $Facts.Id + '.draft')
    [IO.File]::WriteAllBytes($draft, $Body)
    [IO.File]::Move($draft, [IO.Path]::Combine($Script:Folder, $name + '.event'))
}

# One sender at a time: whoever holds this file open. Windows closes it when the sender ends, however that happens.
function Enter-Lock {
    try {
        return [IO.File]::Open([IO.Path]::Combine($Script:Folder, 'lock'), 'OpenOrCreate', 'ReadWrite', 'None')
    } catch {
        return $null
    }
}

function Get-Waiting {
    $names = [string[]][IO.Directory]::GetFiles($Script:Folder, '*.event')
    [Array]::Sort($names, [StringComparer]::Ordinal)
    return , $names
}

function Get-Drops {
    $count = 0
    try {
        $text = [IO.File]::ReadAllText([IO.Path]::Combine($Script:Folder, 'dropped'))
        [void][int]::TryParse($text.Trim(), [ref]$count)
    } catch {
        $count = 0
    }
    return $count
}

function Set-Drops {
    param([int]$Count)
    [IO.File]::WriteAllText([IO.Path]::Combine($Script:Folder, 'dropped'), [string]$Count)
}

# Holds the spool to its bounds, the oldest going first.
function Limit-Spool {
    $names = Get-Waiting
    $now = (New-Facts '' '').Epoch
    $total = 0
    $drops = 0
    for ($i = $names.Length - 1; $i -ge 0; $i--) {
        $total += (New-Object IO.FileInfo $names[$i]).Length
        $epoch = [long]0
        [void][long]::TryParse([IO.Path]::GetFileName($names[$i]).Split(',')[0], [ref]$epoch)
        if ($names.Length - 1 - $i -ge $SpoolEvents -or $total -gt $SpoolBytes -or $now - $epoch -gt $SpoolSeconds) {
            [IO.File]::Delete($names[$i])
            $drops += 1
        }
    }
    if ($drops -gt 0) {
        Set-Drops ((Get-Drops) + $drops)
    }
    foreach ($pattern in @('*.draft', 'warned,*')) {
        foreach ($left in [IO.Directory]::GetFiles($Script:Folder, $pattern)) {
            if ([IO.File]::GetLastWriteTimeUtc($left) -lt [DateTime]::UtcNow.AddDays(-1)) {
                [IO.File]::Delete($left)
            }
        }
    }
    $journal = [IO.Path]::Combine($Script:Folder, 'relay.log')
    if ([IO.File]::Exists($journal) -and (New-Object IO.FileInfo $journal).Length -gt 262144) {
        [IO.File]::Copy($journal, $journal + '.1', $true)
        [IO.File]::Delete($journal)
    }
}

# Sends the oldest events first; $false when the collector is away.
function Send-Waiting {
    foreach ($path in (Get-Waiting)) {
        $parts = [IO.Path]::GetFileNameWithoutExtension($path).Split(',')
        if ($parts.Length -ne 8) {
            [IO.File]::Delete($path)
            continue
        }
        $facts = @{
            Epoch = $parts[0]
            Time = $parts[1]
            Name = $parts[2]
            Id = $parts[3]
            Subject = $parts[4]
            CodexVersion = $parts[5]
            Size = $parts[6]
            Sha256 = $parts[7]
            Mode = 'observe'
            Dropped = Get-Drops
        }
        $outcome = Send-Report ([IO.File]::ReadAllBytes($path)) $facts
        Write-Journal $facts $outcome
        if ($outcome -eq 'keep') {
            return $false
        }
        [IO.File]::Delete($path)
        if ($outcome -eq 'drop') {
            Set-Drops ($facts.Dropped + 1)
        } elseif ($facts.Dropped -gt 0) {
            Set-Drops 0
        }
    }
    return $true
}

# Whoever files an event while another sends leaves it to that one, which therefore looks again after unlocking.
function Send-Spool {
    while ((Get-Waiting).Length -gt 0) {
        $lock = Enter-Lock
        if ($null -eq $lock) {
            return
        }
        try {
            Limit-Spool
            $sent = (Test-Sending) -and (Send-Waiting)
        } finally {
            $lock.Dispose()
        }
        if (-not $sent) {
            return
        }
    }
}

# Starts a sender that shares no handle with us and shows no window, unless one is at work.
function Start-Sender {
    $lock = Enter-Lock
    if ($null -eq $lock) {
        return
    }
    $lock.Dispose()
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $start.Arguments = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $PSCommandPath + '" deliver'
    $start.WorkingDirectory = [Environment]::SystemDirectory
    $start.UseShellExecute = $true
    $start.WindowStyle = 'Hidden'
    [void][Diagnostics.Process]::Start($start)
}

# --- what a report says of the machine -----------------------------------------------------------------------------

# A text as a CloudEvents header value: what is not plain is percent-encoded as UTF-8.
function ConvertTo-HeaderText {
    param([string]$Text)
    $builder = New-Object Text.StringBuilder
    foreach ($byte in [Text.Encoding]::UTF8.GetBytes($Text)) {
        if ([char]$byte -match '[A-Za-z0-9._@-]') {
            [void]$builder.Append([char]$byte)
        } else {
            [void]$builder.Append([char]37).Append($byte.ToString('X2'))
        }
    }
    return $builder.ToString()
}

# The serial costs hundreds of milliseconds: the sender looks it up once and keeps it.
function Get-Serial {
    param([bool]$MayAsk)
    if ($null -eq $Script:Folder) {
        return ''
    }
    $path = [IO.Path]::Combine($Script:Folder, 'serial')
    try {
        if ([IO.File]::Exists($path)) {
            return [IO.File]::ReadAllText($path).Trim()
        }
        if ($MayAsk) {
            $serial = [string](Get-CimInstance -ClassName Win32_BIOS).SerialNumber
            [IO.File]::WriteAllText($path, $serial)
            return $serial.Trim()
        }
    } catch {
        return ''
    }
    return ''
}

# The name of the device as Akto writes it.
function Get-DeviceName {
    return [regex]::Replace([Environment]::MachineName.ToLowerInvariant(), '[^a-z0-9]', '-')
}

# --- HTTP, for every preset that speaks it -------------------------------------------------------------------------

# The token, '' for none, $null where it cannot be had.
function Read-Token {
    if ($TokenFile -eq '') {
        return ''
    }
    try {
        $token = [IO.File]::ReadAllText($TokenFile).Split("`n")[0].TrimEnd("`r")
    } catch {
        return $null
    }
    if ($token -notmatch '^[!-~]+$') {
        return $null
    }
    return $token
}

# Trusts the policy's own authorities and nobody else, and the names and dates of the certificate as ever. The callback
# runs on the thread of the request, because the request is synchronous.
function Set-Authorities {
    param([Net.HttpWebRequest]$Request)
    $text = [IO.File]::ReadAllText($CaFile)
    $Script:Authorities = New-Object Security.Cryptography.X509Certificates.X509Certificate2Collection
    foreach ($match in [regex]::Matches($text, '-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----')) {
        $bytes = [Convert]::FromBase64String(($match.Groups[1].Value -replace '\s', ''))
        [void]$Script:Authorities.Add((New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList @(, $bytes)))
    }
    $Request.ServerCertificateValidationCallback = {
        param($Source, $Certificate, $Chain, $Problems)
        if (([int]$Problems -band 3) -ne 0) {
            return $false
        }
        $own = New-Object Security.Cryptography.X509Certificates.X509Chain
        $own.ChainPolicy.RevocationMode = 'NoCheck'
        $own.ChainPolicy.VerificationFlags = 'AllowUnknownCertificateAuthority'
        $own.ChainPolicy.ExtraStore.AddRange($Script:Authorities)
        foreach ($element in $Chain.ChainElements) {
            [void]$own.ChainPolicy.ExtraStore.Add($element.Certificate)
        }
        if (-not $own.Build((New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $Certificate))) {
            return $false
        }
        foreach ($element in $own.ChainElements) {
            foreach ($authority in $Script:Authorities) {
                if ($element.Certificate.Thumbprint -eq $authority.Thumbprint) {
                    return $true
                }
            }
        }
        return $false
    }
}

# One POST. Status 0 stands for no answer, Silent for one that did not come in time; Text is the start of the body, of
# at most so many bytes.
function Invoke-Exchange {
    param([byte[]]$Body, [hashtable]$Headers, [string]$ContentType, [int]$Seconds, [int]$TextBytes, [string]$Path = '')
    $answer = @{ Status = 0; Type = ''; Text = ''; Silent = $false }
    $token = Read-Token
    if ($null -eq $token -or $Url -eq '') {
        return $answer
    }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $response = $null
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
        $address = $Url
        if ($address.Contains('{token}')) {
            $address = $address.Replace('{token}', [Uri]::EscapeDataString($token))
            $token = ''
        }
        $request = [Net.HttpWebRequest][Net.WebRequest]::Create($address + $Path)
        $request.Method = 'POST'
        $request.AllowAutoRedirect = $false
        $request.KeepAlive = $false
        $request.Timeout = $Seconds * 1000
        $request.ReadWriteTimeout = $Seconds * 1000
        $request.ServicePoint.Expect100Continue = $false
        $request.UserAgent = 'codex-relay/' + $RelayVersion
        if ($ContentType -ne '') {
            $request.ContentType = $ContentType
        }
        if ($Proxy -eq 'none') {
            $request.Proxy = $null
        } elseif ($Proxy -ne 'environment') {
            $request.Proxy = New-Object Net.WebProxy -ArgumentList $Proxy
        } elseif ($null -ne $request.Proxy) {
            $request.Proxy.Credentials = [Net.CredentialCache]::DefaultCredentials
        }
        if ($CaFile -ne '') {
            Set-Authorities $request
        }
        foreach ($name in $Headers.Keys) {
            $request.Headers.Add($name, $Headers[$name])
        }
        if ($token -ne '') {
            $request.Headers.Add($AuthHeader, ($AuthScheme + ' ' + $token).TrimStart())
        }
        $request.ContentLength = $Body.Length
        $stream = $request.GetRequestStream()
        $stream.Write($Body, 0, $Body.Length)
        $stream.Dispose()
        $response = $request.GetResponse()
    } catch {
        # A status of 400 and above comes as an exception that holds the response.
        $problem = $_.Exception
        while ($null -ne $problem -and $problem -isnot [Net.WebException]) {
            $problem = $problem.InnerException
        }
        if ($null -ne $problem) {
            $response = $problem.Response
            $answer.Silent = $problem.Status -eq [Net.WebExceptionStatus]::Timeout
        }
    }
    if ($null -eq $response) {
        return $answer
    }
    $answer.Status = [int]$response.StatusCode
    $answer.Type = [string]$response.ContentType
    if ($TextBytes -gt 0) {
        try {
            $answer.Text = Read-Start ($response.GetResponseStream()) $TextBytes ($Seconds * 1000 - $clock.ElapsedMilliseconds)
        } catch {
            $answer.Text = ''
        }
    }
    try {
        $request.Abort()
    } catch {
        return $answer
    }
    return $answer
}

# The first bytes of a stream, as UTF-8: what comes within so many milliseconds. The status is known by then, so nobody
# waits longer for a text.
function Read-Start {
    param([IO.Stream]$Stream, [int]$Length, [long]$Milliseconds)
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $bytes = New-Object byte[] $Length
    $count = 0
    while ($count -lt $bytes.Length) {
        $left = [int][Math]::Max(1, $Milliseconds - $clock.ElapsedMilliseconds)
        $reading = $Stream.ReadAsync($bytes, $count, $bytes.Length - $count)
        if (-not $reading.Wait($left) -or $reading.Result -eq 0) {
            break
        }
        $count += $reading.Result
    }
    return [Text.Encoding]::UTF8.GetString($bytes, 0, $count)
}

# --- the circuit breaker: a collector that keeps silent costs one time limit, not one for each question ------------
# The file breaker holds until when nobody is asked (epoch), for how many seconds that is, and how many seconds the
# silence lasted. Who would wait longer than that asks all the same. Only silence to the end of the time limit counts:
# an answer of any kind, and a connection that is refused, cost no time.

function Get-BreakerPath {
    return [IO.Path]::Combine($Script:Folder, 'breaker')
}

# The three numbers, $null where there are none.
function Read-Breaker {
    if ($null -eq $Script:Folder) {
        return $null
    }
    try {
        $match = [regex]::Match([IO.File]::ReadAllText((Get-BreakerPath)), '^([1-9][0-9]{0,11}) ([1-9][0-9]{0,3}) ([1-9][0-9]{0,11})\s*$')
    } catch {
        return $null
    }
    if (-not $match.Success) {
        return $null
    }
    return @{ Until = [long]$match.Groups[1].Value; Pause = [long]$match.Groups[2].Value; Silence = [long]$match.Groups[3].Value }
}

# Whether nobody is asked at this time.
function Test-Pause {
    param([hashtable]$Breaker, [long]$Now)
    $left = $Breaker.Until - $Now
    return $left -gt 0 -and $left -le 30 + $Breaker.Silence
}

# Pauses for 5 s, after each vain question in between for twice as long, at most for 30 s.
function Get-NextPause {
    param([long]$Paused)
    if ($Paused -eq 0) {
        return 5
    }
    return [Math]::Min(30, $Paused * 2)
}

function Write-Breaker {
    param([long]$Until, [long]$Pause, [int]$Silence)
    try {
        [IO.File]::WriteAllText((Get-BreakerPath), (@($Until, $Pause, $Silence) -join ' '))
    } catch {
        return
    }
}

# Invoke-Exchange with the breaker in front. Once the pause is over, one question goes through; while it waits the
# others go on as before.
function Invoke-Inquiry {
    param([byte[]]$Body, [hashtable]$Headers, [string]$ContentType, [int]$Seconds, [int]$TextBytes, [string]$Path = '')
    $now = (New-Facts '' '').Epoch
    $paused = 0
    $breaker = Read-Breaker
    if ($null -ne $breaker -and $Seconds -le $breaker.Silence) {
        if (Test-Pause $breaker $now) {
            return @{ Status = 0; Type = ''; Text = ''; Silent = $false }
        }
        $paused = $breaker.Pause
        Write-Breaker ($now + $Seconds + 3) $paused $Seconds
    }
    $pause = Get-NextPause $paused
    if ($null -ne $Script:Folder) {
        $Script:LastWords[0] = @(($now + $Seconds + 2 + $pause), $pause, $Seconds) -join ' '
        $Script:LastWords[1] = Get-BreakerPath
    }
    $answer = Invoke-Exchange $Body $Headers $ContentType $Seconds $TextBytes $Path
    $Script:LastWords[1] = $null
    if ($null -eq $Script:Folder) {
        return $answer
    }
    if ($answer.Silent) {
        Write-Breaker ((New-Facts '' '').Epoch + $pause) $pause $Seconds
    } elseif ($answer.Status -ne 0) {
        try {
            [IO.File]::Delete((Get-BreakerPath))
        } catch {
            return $answer
        }
    }
    return $answer
}

# Whether reports may be sent: what waits, waits on as long as nobody is asked.
function Test-Sending {
    $breaker = Read-Breaker
    return $null -eq $breaker -or -not (Test-Pause $breaker (New-Facts '' '').Epoch)
}

# --- JSON answers ----------------------------------------------------------------------------------------------------

# One object of at most 65536 characters; $null for nothing at all, $false for anything else.
function Read-Json {
    param([string]$Text)
    if ($Text.Trim() -eq '') {
        return $null
    }
    if ($Text.Length -gt 65536 -or -not $Text.Trim().StartsWith('{')) {
        return $false
    }
    try {
        return ConvertFrom-Json -InputObject $Text
    } catch {
        return $false
    }
}

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
