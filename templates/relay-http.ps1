
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
