#Requires -Version 5.1
# Removes the files of a Codex policy: the requirements first, then what they name. It removes only files that
# codex-mdm wrote (by a name of its own, or by a known hash) and folders that are empty. Runs as SYSTEM.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$codex = Join-Path -Path ([Environment]::GetFolderPath('CommonApplicationData')) -ChildPath 'OpenAI\Codex'

# codex-mdm: values begin
$label = 'enterprise 2026.11.1'
$folders = @(
    'C:\ProgramData\OpenAI\Codex\hooks'
    $codex
)
$files = @(
    @{ Folder = $codex; Name = 'requirements.toml'; Hash = 'D664DA790A6EC809DCB9AA7B5E8391867681D221DA7996460C68883DB0E36D50'; Rule = 'first' }
    @{ Folder = $codex; Name = 'config.toml'; Hash = '14C94E959DE2196A10DD0460DCB9DBD3C71BB9D7862D1A0EAED31DC583D31B1F'; Rule = 'known' }
    @{ Folder = 'C:\ProgramData\OpenAI\Codex\hooks'; Name = 'codex-relay.ps1'; Hash = '20AA06D7A002045B6909BB21DC821426A5403D8A4943F09D1B9BD38EECC96A5D'; Rule = 'own' }
    @{ Folder = 'C:\ProgramData\OpenAI\Codex\hooks'; Name = 'audit.ps1'; Hash = '715BFFEA2BD2D537BD58ED66A89325150B0D0B3B2A1677B719227598476B02BE'; Rule = 'known' }
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
