
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
