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
$UserMessage = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QmxvY2tlZCBieSBFeGFtcGxlIE9yZy4gQXNrICNzZWN1cml0eS4='))
$Log = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2Zm'))
$PolicyName = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZW50ZXJwcmlzZQ=='))
$PolicyVersion = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('MjAyNi4xMS4x'))
$PolicyHash = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZDY2NGRhNzkwYTZlYzgwOWRjYjlhYTdiNWU4MzkxODY3NjgxZDIyMWRhNzk5NjQ2MGM2ODg4M2RiMGUzNmQ1MA=='))
$RelayVersion = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('MC4xLjA='))
$Url = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aHR0cHM6Ly9jb2xsZWN0b3IuZXhhbXBsZS5jb20vY29kZXg='))
$TokenFile = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QzpcUHJvZ3JhbURhdGFcT3BlbkFJXENvZGV4XHJlbGF5LnRva2Vu'))
$AuthHeader = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QXV0aG9yaXphdGlvbg=='))
$AuthScheme = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('QmVhcmVy'))
$CaFile = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(''))
$Proxy = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZW52aXJvbm1lbnQ='))
$Identity = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('dXNlciBob3N0IHNlcmlhbA=='))
$SpoolEvents = 1000
$SpoolBytes = 52428800
$SpoolSeconds = 604800
$PayloadBytes = 1048576
$DeliverySeconds = 5
$Events = @{}
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('UG9zdFRvb2xVc2U='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2JzZXJ2ZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 3)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('UHJlVG9vbFVzZQ=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('ZW5mb3JjZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('Y2xvc2Vk')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJob29rU3BlY2lmaWNPdXRwdXQiOnsiaG9va0V2ZW50TmFtZSI6IlByZVRvb2xVc2UiLCJwZXJtaXNzaW9uRGVjaXNpb24iOiJkZW55IiwicGVybWlzc2lvbkRlY2lzaW9uUmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In19')), 3)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('U2Vzc2lvbkVuZA=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2JzZXJ2ZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 1)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('U2Vzc2lvblN0YXJ0'))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2JzZXJ2ZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJjb250aW51ZSI6ZmFsc2UsInN0b3BSZWFzb24iOiI=')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 3)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('U3RvcA=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2JzZXJ2ZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 3)
$Events[[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('VXNlclByb21wdFN1Ym1pdA=='))] = @([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b2JzZXJ2ZQ==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('b3Blbg==')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('eyJkZWNpc2lvbiI6ImJsb2NrIiwicmVhc29uIjoi')), [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('In0=')), 3)
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

# --- preset generic: CloudEvents 1.0 over HTTP, binary mode (docs/relay-protocol.md) ------------------------------

# The event's attributes as headers.
function Get-Attributes {
    param([hashtable]$Facts)
    $time = [DateTime]::ParseExact($Facts.Time, 'yyyyMMddTHHmmssZ', [Globalization.CultureInfo]::InvariantCulture)
    $headers = @{
        'ce-specversion' = '1.0'
        'ce-type' = 'com.openai.codex.hook.' + $Facts.Name
        'ce-source' = '/codex-mdm/' + $PolicyName
        'ce-id' = $Facts.Id
        'ce-time' = $time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
        'ce-mode' = $Facts.Mode
        'ce-policy' = $PolicyName
        'ce-policyversion' = $PolicyVersion
        'ce-policyhash' = $PolicyHash
        'ce-relayversion' = $RelayVersion
        'ce-os' = ConvertTo-HeaderText ([Environment]::OSVersion.VersionString)
    }
    if ($Facts.Subject -ne '-') {
        $headers['ce-subject'] = $Facts.Subject
    }
    if ($Facts.CodexVersion -ne '-') {
        $headers['ce-codexversion'] = $Facts.CodexVersion
    }
    if ($Facts.Size -ne '-') {
        $headers['ce-size'] = $Facts.Size
        $headers['ce-sha256'] = $Facts.Sha256
        if ($Payload -eq 'full') {
            $headers['ce-truncated'] = 'true'
        }
    }
    if ($Facts.Dropped -gt 0) {
        $headers['ce-dropped'] = [string]$Facts.Dropped
    }
    $wanted = $Identity.Split(' ')
    if ($wanted -contains 'user') {
        $headers['ce-user'] = ConvertTo-HeaderText ([Environment]::UserName)
    }
    if ($wanted -contains 'host') {
        $headers['ce-host'] = ConvertTo-HeaderText ([Environment]::MachineName)
    }
    if ($wanted -contains 'serial') {
        $serial = Get-Serial ($Facts.Mode -eq 'observe')
        if ($serial -ne '') {
            $headers['ce-serial'] = ConvertTo-HeaderText $serial
        }
    }
    return $headers
}

function Get-ContentType {
    if ($Payload -eq 'metadata') {
        return ''
    }
    return 'application/json'
}

# 204 lets through, 403 in plain text denies, all else is a failure.
function Get-Verdict {
    param([byte[]]$Body, [hashtable]$Facts, [int]$Seconds)
    $answer = Invoke-Inquiry $Body (Get-Attributes $Facts) (Get-ContentType) $Seconds 4000
    if ($answer.Status -eq 204) {
        return @{ Outcome = 'pass'; Reason = '' }
    }
    if ($answer.Status -eq 403 -and $answer.Type -match '^text/plain(\s*;|\s*$)') {
        return @{ Outcome = 'deny'; Reason = $answer.Text }
    }
    return @{ Outcome = 'failure'; Reason = '' }
}

# What becomes of an event that is only reported.
function Send-Report {
    param([byte[]]$Body, [hashtable]$Facts)
    $status = (Invoke-Exchange $Body (Get-Attributes $Facts) (Get-ContentType) $DeliverySeconds 0).Status
    if ($status -ge 200 -and $status -lt 300) {
        return 'delivered'
    }
    if ($status -eq 0 -or $status -eq 408 -or $status -eq 429 -or $status -ge 500) {
        return 'keep'
    }
    return 'drop'
}

function Complete-Decision {
    return
}

# An observed event never disturbs the session, whatever happens here. Nothing but Write-Answer writes to stdout.
try {
    [void](Invoke-Relay)
} catch {
    exit 0
}
exit 0
