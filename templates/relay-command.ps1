
# --- presets custom and agent-hooks: the administrator's own command judges the event ------------------------------

# Hands the event to the command. Code is $null where it is absent or its time is over. What it writes is kept here and
# never reaches Codex unread.
function Invoke-Judge {
    param([byte[]]$Body, [int]$Seconds)
    $result = @{ Code = $null; Out = ''; Err = '' }
    if (-not [IO.File]::Exists($Command)) {
        return $result
    }
    $process = $null
    try {
        foreach ($name in $Settings.Keys) {
            [Environment]::SetEnvironmentVariable($name, $Settings[$name])
        }
        $start = New-Object Diagnostics.ProcessStartInfo
        $start.FileName = $Command
        $start.Arguments = $CommandArguments
        $start.UseShellExecute = $false
        $start.CreateNoWindow = $true
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $start.RedirectStandardError = $true
        $start.StandardOutputEncoding = [Text.Encoding]::UTF8
        $start.StandardErrorEncoding = [Text.Encoding]::UTF8
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $process = [Diagnostics.Process]::Start($start)
        $out = $process.StandardOutput.ReadToEndAsync()
        $err = $process.StandardError.ReadToEndAsync()
        try {
            # A command that decides without reading the event is free to do so.
            [void]$process.StandardInput.BaseStream.WriteAsync($Body, 0, $Body.Length).Wait($Seconds * 1000)
            $process.StandardInput.Close()
        } catch {
            $result.Code = $null
        }
        $left = [Math]::Max(1, $Seconds * 1000 - [int]$clock.ElapsedMilliseconds)
        if ($process.WaitForExit($left) -and $out.Wait(1000) -and $err.Wait(1000)) {
            $result.Code = $process.ExitCode
            $result.Out = $out.Result
            $result.Err = $err.Result
        } else {
            $process.Kill()
        }
    } catch {
        $result.Code = $null
    }
    return $result
}

# The command speaks Codex's own language: exit 2 with a reason on stderr, or JSON on stdout with exit 0.
function Get-Verdict {
    param([byte[]]$Body, [hashtable]$Facts, [int]$Seconds)
    $result = Invoke-Judge $Body $Seconds
    if ($result.Code -eq 2) {
        return @{ Outcome = 'deny'; Reason = $result.Err }
    }
    if ($result.Code -eq 0) {
        return Read-HookAnswer $result.Out
    }
    return @{ Outcome = 'failure'; Reason = '' }
}

# 0 says that the command has the event; 75 (try again), silence and absence let it wait where a late report is worth
# anything.
function Send-Report {
    param([byte[]]$Body, [hashtable]$Facts)
    $code = (Invoke-Judge $Body $DeliverySeconds).Code
    if ($code -eq 0) {
        return 'delivered'
    }
    if ($code -eq 75) {
        return 'keep'
    }
    if ($null -eq $code) {
        return $Unheard
    }
    return 'drop'
}

# A command is asked each time.
function Test-Sending {
    return $true
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
