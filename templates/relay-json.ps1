
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
