#Requires -Version 5.1
# Removes the files of a Codex policy: the requirements first, then what they name. It removes only files that
# codex-mdm wrote (by a name of its own, or by a known hash) and folders that are empty. Runs as SYSTEM.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$codex = Join-Path -Path ([Environment]::GetFolderPath('CommonApplicationData')) -ChildPath 'OpenAI\Codex'

# codex-mdm: values begin
$label = 'managed-hooks-only 1'
$folders = @(
    $codex
    'C:\enterprise\hooks'
)
$files = @(
    @{ Folder = $codex; Name = 'requirements.toml'; Hash = 'F87D4385A3C12B06FFE7FBBC456E5A19FB983836A33A7FA2316FF9B31767F504'; Rule = 'first' }
    @{ Folder = 'C:\enterprise\hooks'; Name = 'pre_tool_use_policy.py'; Hash = '8ABAE0E547D8A2EE713A32C53BA8F2DB7C5B2599027CBFA906409BF5B0A1EAF7'; Rule = 'known' }
)
# codex-mdm: values end

function Test-Link {
    param([string]$Path)
    return [bool]((Get-Item -LiteralPath $Path -Force).Attributes -band [IO.FileAttributes]::ReparsePoint)
}

# Rules: 'own' goes whatever it holds, 'known' only with the known hash, 'first' like that, and nothing goes without it.
function Remove-PolicyFile {
    param([hashtable]$File)
    $path = Join-Path -Path $File.Folder -ChildPath $File.Name
    $temporary = "$path.codex-mdm-new"
    if (Test-Path -LiteralPath $temporary -PathType Leaf) {
        Remove-Item -LiteralPath $temporary -Force
    }
    if (-not (Test-Path -LiteralPath $path)) {
        return
    }
    $isPlain = (Test-Path -LiteralPath $path -PathType Leaf) -and -not (Test-Link -Path $path)
    $isKnown = $isPlain -and (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash -eq $File.Hash
    if ($isKnown -or ($isPlain -and $File.Rule -eq 'own')) {
        Remove-Item -LiteralPath $path -Force
        return
    }
    if ($File.Rule -eq 'first') {
        throw "$path is not the one of this policy version: use the script of the version that wrote it; nothing was removed"
    }
    Write-Output "Kept $path, which is not the one of this policy version"
}

try {
    foreach ($folder in $folders) {
        if ((Test-Path -LiteralPath $folder) -and (Test-Link -Path $folder)) {
            throw "refusing: $folder is a reparse point"
        }
    }
    foreach ($file in $files) {
        Remove-PolicyFile -File $file
    }
    foreach ($folder in $folders) {
        if (Test-Path -LiteralPath $folder -PathType Container) {
            if (@(Get-ChildItem -LiteralPath $folder -Force).Count -eq 0) {
                Remove-Item -LiteralPath $folder
            }
            else {
                Write-Output "Kept $folder, which holds other files"
            }
        }
    }
    Write-Output "Codex policy $label is removed"
    exit 0
}
catch {
    Write-Output ('Failed: ' + $_.Exception.Message)
    exit 1
}
