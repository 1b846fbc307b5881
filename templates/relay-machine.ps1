
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
