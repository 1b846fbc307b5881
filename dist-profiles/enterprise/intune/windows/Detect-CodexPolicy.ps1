#Requires -Version 5.1
# Says whether this PC has the files of a Codex policy as they were built. Reads only.
# Exit code 1 means that the remediation must run.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$codex = Join-Path -Path ([Environment]::GetFolderPath('CommonApplicationData')) -ChildPath 'OpenAI\Codex'

# codex-mdm: values begin
$label = 'enterprise 2026.11.1'
$folders = @(
    $codex
    'C:\ProgramData\OpenAI\Codex\hooks'
)
$files = @(
    @{ Folder = 'C:\ProgramData\OpenAI\Codex\hooks'; Name = 'audit.ps1'; Hash = '715BFFEA2BD2D537BD58ED66A89325150B0D0B3B2A1677B719227598476B02BE' }
    @{ Folder = 'C:\ProgramData\OpenAI\Codex\hooks'; Name = 'codex-relay.ps1'; Hash = '20AA06D7A002045B6909BB21DC821426A5403D8A4943F09D1B9BD38EECC96A5D' }
    @{ Folder = $codex; Name = 'config.toml'; Hash = '14C94E959DE2196A10DD0460DCB9DBD3C71BB9D7862D1A0EAED31DC583D31B1F' }
    @{ Folder = $codex; Name = 'requirements.toml'; Hash = 'D664DA790A6EC809DCB9AA7B5E8391867681D221DA7996460C68883DB0E36D50' }
)
# codex-mdm: values end

# Whoever may do this to a folder can put another one in its place; whoever may do that can also write in it.
$replace = [int][Security.AccessControl.FileSystemRights]'Delete, DeleteSubdirectoriesAndFiles, ChangePermissions, TakeOwnership' -bor 0x10000000
$write = $replace -bor [int][Security.AccessControl.FileSystemRights]'Write' -bor 0x40000000

function Test-Link {
    param([string]$Path)
    return [bool]((Get-Item -LiteralPath $Path -Force).Attributes -band [IO.FileAttributes]::ReparsePoint)
}

# The owner and those who hold one of the rights, except SYSTEM, Administrators and TrustedInstaller.
function Get-Intruder {
    param([string]$Path, [int]$Rights)
    $trusted = @('S-1-5-18', 'S-1-5-32-544', 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464')
    $sid = [Security.Principal.SecurityIdentifier]
    $acl = Get-Acl -LiteralPath $Path
    $found = @($acl.GetOwner($sid).Value)
    foreach ($rule in $acl.GetAccessRules($true, $true, $sid)) {
        $isHere = -not ($rule.PropagationFlags -band [Security.AccessControl.PropagationFlags]::InheritOnly)
        if ($isHere -and $rule.AccessControlType -eq 'Allow' -and ([int]$rule.FileSystemRights -band $Rights)) {
            $found += $rule.IdentityReference.Value
        }
    }
    return @($found | Where-Object { $trusted -notcontains $_ } | Sort-Object -Unique)
}

# The folders above, from the one below the drive's root down.
function Get-Parent {
    param([string]$Path)
    $parents = @()
    $above = [IO.Path]::GetDirectoryName($Path)
    while ([IO.Path]::GetDirectoryName($above)) {
        $parents = @($above) + $parents
        $above = [IO.Path]::GetDirectoryName($above)
    }
    return $parents
}

function Get-FolderDrift {
    param([string]$Path, [int]$Rights)
    if (-not (Test-Path -LiteralPath $Path -PathType Container)) {
        return "missing folder $Path"
    }
    if (Test-Link -Path $Path) {
        return "reparse point $Path"
    }
    foreach ($intruder in @(Get-Intruder -Path $Path -Rights $Rights)) {
        return "$Path can be changed by $intruder"
    }
}

function Get-FileDrift {
    param([hashtable]$File)
    $path = Join-Path -Path $File.Folder -ChildPath $File.Name
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) {
        return "missing $path"
    }
    if (Test-Link -Path $path) {
        return "reparse point $path"
    }
    if ((Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash -ne $File.Hash) {
        return "changed $path"
    }
    foreach ($intruder in @(Get-Intruder -Path $path -Rights $write)) {
        return "$path can be changed by $intruder"
    }
}

try {
    $drift = @()
    foreach ($folder in $folders) {
        foreach ($parent in @(Get-Parent -Path $folder)) {
            if ($folders -notcontains $parent) {
                $drift += @(Get-FolderDrift -Path $parent -Rights $replace)
            }
        }
        $drift += @(Get-FolderDrift -Path $folder -Rights $write)
    }
    foreach ($file in $files) {
        $drift += @(Get-FileDrift -File $file)
    }
    if ($drift.Count -gt 0) {
        $text = 'Drift: ' + (@($drift | Sort-Object -Unique) -join '; ')
        Write-Output $text.Substring(0, [Math]::Min($text.Length, 2000))
        exit 1
    }
    Write-Output "Compliant: Codex policy $label"
    exit 0
}
catch {
    Write-Output ('Drift: ' + $_.Exception.Message)
    exit 1
}
