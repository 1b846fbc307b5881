
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
