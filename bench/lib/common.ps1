# What the benchmarks have in common; dot-sourced by them.

$root = Join-Path $PSScriptRoot .. .. | Convert-Path
$lab = Join-Path $root lab lab
$work = Join-Path $root artifacts bench
$null = New-Item -ItemType Directory -Path $work -Force
. (Join-Path $root lab nodes.ps1)

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $sorted[[int] [System.Math]::Floor(($sorted.Count - 1) / 2)]
}

function Format-Number([double] $Value) {
    $Value.ToString('0.0', [cultureinfo]::InvariantCulture)
}

# Writes what a lab is into a file, and gives its path.
function Save-LabStatus([string] $Name) {
    $path = Join-Path $work "$Name.json"
    & $lab status --name $Name --json | Set-Content $path
    if ($LASTEXITCODE -ne 0) { throw "'lab status' failed with exit code $LASTEXITCODE." }
    $path
}

# The docker CLI finds ssh on PATH: in this folder is one that knows the lab's key and keeps its connections open, as a careful admin's does.
function New-SshFolder([object] $Status) {
    $folder = Join-Path $work ssh
    $ssh = Join-Path $folder ssh
    $null = New-Item -ItemType Directory -Path $folder -Force
    Set-Content $ssh "#!/bin/sh`nexec /usr/bin/ssh -F '$($Status.sshConfigFile)' -o ControlMaster=auto -o ControlPath=/run/swarmops-lab/$($Status.name)/%C -o ControlPersist=60 `"`$@`""
    chmod u+x $ssh
    $folder
}

# Engine calls and commands on all nodes, as -Verbose tells them.
function Read-EngineCall([object[]] $Lines) {
    $calls = 0
    $commands = 0
    foreach ($line in $Lines | ForEach-Object { "$_" }) {
        if ($line -match ': (\d+) engine calls?, (\d+) commands?$') { $calls += [int] $Matches[1]; $commands += [int] $Matches[2] }
    }
    [pscustomobject]@{ Calls = $calls; Commands = $commands }
}
