
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
