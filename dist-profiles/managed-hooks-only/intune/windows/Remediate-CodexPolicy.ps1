#Requires -Version 5.1
# Puts the files of a Codex policy in place, or repairs them. Runs as SYSTEM and is safe to run again.
# Folders are locked before anything is written, and the requirements come last.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$codex = Join-Path -Path ([Environment]::GetFolderPath('CommonApplicationData')) -ChildPath 'OpenAI\Codex'

# codex-mdm: values begin
$label = 'managed-hooks-only 1'
$folders = @(
    'C:\enterprise\hooks'
    $codex
)
$files = @(
    @{ Folder = 'C:\enterprise\hooks'; Name = 'pre_tool_use_policy.py'; Hash = '8ABAE0E547D8A2EE713A32C53BA8F2DB7C5B2599027CBFA906409BF5B0A1EAF7'; Base64 = 'IiIiRXhhbXBsZSBob29rOiByZWZ1c2VzIHNoZWxsIGNvbW1hbmRzIHRoYXQgbmFtZSB0aGUgcHJvZHVjdGlvbiBjbHVzdGVyLCBhbmQgbGV0cyBldmVyeXRoaW5nIGVsc2UgcnVuLiIiIgoKaW1wb3J0IGpzb24KaW1wb3J0IHN5cwoKY29tbWFuZCA9IGpzb24ubG9hZChzeXMuc3RkaW4pLmdldCgidG9vbF9pbnB1dCIsIHt9KS5nZXQoImNvbW1hbmQiLCAiIikKaWYgInByb2QtY2x1c3RlciIgaW4gY29tbWFuZDoKICAgIHByaW50KCJDb21tYW5kcyBvbiBwcm9kLWNsdXN0ZXIgZ28gdGhyb3VnaCBhIGNoYW5nZSByZXF1ZXN0LiIsIGZpbGU9c3lzLnN0ZGVycikKICAgIHN5cy5leGl0KDIpCg==' }
    @{ Folder = $codex; Name = 'requirements.toml'; Hash = 'F87D4385A3C12B06FFE7FBBC456E5A19FB983836A33A7FA2316FF9B31767F504'; Base64 = 'YWxsb3dfbWFuYWdlZF9ob29rc19vbmx5ID0gdHJ1ZQoKW2ZlYXR1cmVzXQpob29rcyA9IHRydWUKCltob29rc10KbWFuYWdlZF9kaXIgPSAiL2VudGVycHJpc2UvaG9va3MiCndpbmRvd3NfbWFuYWdlZF9kaXIgPSAiQzpcXGVudGVycHJpc2VcXGhvb2tzIgoKW1tob29rcy5QcmVUb29sVXNlXV0KbWF0Y2hlciA9ICJeQmFzaCQiCgpbW2hvb2tzLlByZVRvb2xVc2UuaG9va3NdXQpjb21tYW5kID0gInB5dGhvbjMgL2VudGVycHJpc2UvaG9va3MvcHJlX3Rvb2xfdXNlX3BvbGljeS5weSIKY29tbWFuZF93aW5kb3dzID0gInB5IC0zIEM6XFxlbnRlcnByaXNlXFxob29rc1xccHJlX3Rvb2xfdXNlX3BvbGljeS5weSIKc3RhdHVzTWVzc2FnZSA9ICJDaGVja2luZyBtYW5hZ2VkIEJhc2ggY29tbWFuZCIKdGltZW91dCA9IDMwCnR5cGUgPSAiY29tbWFuZCIK' }
)
# codex-mdm: values end

$vendor = [IO.Path]::GetDirectoryName($codex)
$icacls = Join-Path -Path ([Environment]::SystemDirectory) -ChildPath 'icacls.exe'

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

function Invoke-Icacls {
    param([string[]]$Arguments)
    & $icacls @Arguments | Out-Null
    if ($LASTEXITCODE -ne 0) {
        throw "icacls failed with $LASTEXITCODE for $($Arguments[0])"
    }
}

# SYSTEM and Administrators everything, Users read and execute, nobody else. Names are localised, so these are SIDs.
# Rights are only ever taken away here: at no moment may others write. Nothing below is touched: /T follows junctions.
function Protect-Folder {
    param([string]$Path)
    Invoke-Icacls -Arguments @($Path, '/setowner', '*S-1-5-32-544', '/Q')
    Invoke-Icacls -Arguments @($Path, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F', '*S-1-5-32-545:(OI)(CI)RX', '/Q')
    foreach ($intruder in @(Get-Intruder -Path $Path -Rights $write)) {
        Invoke-Icacls -Arguments @($Path, '/remove:g', "*$intruder", '/Q')
    }
}

function Reset-Item {
    param([string]$Path)
    Invoke-Icacls -Arguments @($Path, '/setowner', '*S-1-5-32-544', '/Q')
    Invoke-Icacls -Arguments @($Path, '/reset', '/Q')
}

# Makes the folder where it is missing and returns whether it did.
function Add-Folder {
    param([string]$Path)
    if (Test-Path -LiteralPath $Path) {
        if ((Test-Link -Path $Path) -or -not (Test-Path -LiteralPath $Path -PathType Container)) {
            throw "refusing: $Path is not a plain folder"
        }
        return $false
    }
    New-Item -ItemType Directory -Path $Path | Out-Null
    return $true
}

function Assert-Guarded {
    param([string]$Path, [int]$Rights)
    foreach ($intruder in @(Get-Intruder -Path $Path -Rights $Rights)) {
        throw "refusing: $intruder may change $Path"
    }
}

# A folder above the policy's own. One that existed keeps its rights; only the vendor's is repaired, because every user
# may make that one.
function Confirm-Parent {
    param([string]$Path)
    $isNew = Add-Folder -Path $Path
    if (@(Get-Intruder -Path $Path -Rights $replace).Count -gt 0) {
        if ($isNew) {
            Protect-Folder -Path $Path
        }
        elseif ($Path -eq $vendor) {
            Reset-Item -Path $Path
        }
    }
    Assert-Guarded -Path $Path -Rights $replace
}

function Confirm-Folder {
    param([string]$Path)
    $null = Add-Folder -Path $Path
    if (@(Get-Intruder -Path $Path -Rights $write).Count -gt 0) {
        Protect-Folder -Path $Path
    }
    Assert-Guarded -Path $Path -Rights $write
}

function Test-PolicyFile {
    param([string]$Path, [string]$Hash)
    if (-not (Test-Path -LiteralPath $Path -PathType Leaf)) {
        return $false
    }
    if (@(Get-Intruder -Path $Path -Rights $write).Count -gt 0) {
        return $false
    }
    return (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash -eq $Hash
}

function Write-PolicyFile {
    param([hashtable]$File)
    $path = Join-Path -Path $File.Folder -ChildPath $File.Name
    $exists = Test-Path -LiteralPath $path
    if ($exists -and ((Test-Link -Path $path) -or -not (Test-Path -LiteralPath $path -PathType Leaf))) {
        throw "refusing: $path is not a plain file"
    }
    if (Test-PolicyFile -Path $path -Hash $File.Hash) {
        return
    }
    $temporary = "$path.codex-mdm-new"
    if (Test-Path -LiteralPath $temporary) {
        Remove-Item -LiteralPath $temporary -Force
    }
    [IO.File]::WriteAllBytes($temporary, [Convert]::FromBase64String($File.Base64))
    if ((Get-FileHash -LiteralPath $temporary -Algorithm SHA256).Hash -ne $File.Hash) {
        throw "checksum mismatch: $path"
    }
    if ($exists) {
        # Replace keeps the rights of the file that was there, so these are put right first.
        Reset-Item -Path $path
        [IO.File]::SetAttributes($path, [IO.FileAttributes]::Normal)
        [IO.File]::Replace($temporary, $path, [NullString]::Value)
    }
    else {
        [IO.File]::Move($temporary, $path)
    }
    if (-not (Test-PolicyFile -Path $path -Hash $File.Hash)) {
        throw "$path is not as written"
    }
}

try {
    foreach ($folder in $folders) {
        foreach ($parent in @(Get-Parent -Path $folder)) {
            if ($folders -notcontains $parent) {
                Confirm-Parent -Path $parent
            }
        }
        Confirm-Folder -Path $folder
    }
    foreach ($file in $files) {
        Write-PolicyFile -File $file
    }
    Write-Output "Codex policy $label is in place"
    exit 0
}
catch {
    Write-Output ('Failed: ' + $_.Exception.Message)
    exit 1
}
