# The suite Pester: each file of tests/Pester in a PowerShell of its own, on whichever lab is free.

# The files by name. With a filter one process looks for the tests in all of them: most have none.
function Get-PesterFile {
    if ($Filter) {
        return '*'
    }
    (Get-ChildItem (Join-Path $root tests Pester '*.Tests.ps1')).Name -replace '\.Tests\.ps1$'
}

function Get-PesterArgument([string] $File, [switch] $WithoutLab) {
    '-NoProfile', '-NonInteractive', '-File', (Get-RepositoryPath build/run-pester.ps1)
    '-Path', (Join-Path $root tests Pester "$File.Tests.ps1")
    '-Pester', (Get-ChildItem (Join-Path $artifacts pester Pester * Pester.psd1)).FullName
    '-Report', (Get-PesterReportPath $File)
    if ($Filter) { '-Filter', $Filter }
    if ($WithoutLab) { '-WithoutLab' }
}

function Get-PesterReportPath([string] $File) {
    Get-ReportPath "Pester.$($File.Replace('*', 'all'))"
}

# Passed, Failed and Skipped of a file. Nothing when it wrote no results.
function Read-PesterReport([string] $File, [int] $ExitCode) {
    $path = (Get-PesterReportPath $File) -replace '\.xml$', '.json'
    if (-not (Test-Path -LiteralPath $path)) {
        Add-Failure "Pester.$File" "PowerShell ended with exit code $ExitCode and wrote no results."
        return
    }
    $counts = Get-Content -LiteralPath $path -Raw | ConvertFrom-Json
    Write-Skip $counts.SkipReasons
    if ($ExitCode -ne 0 -and $counts.Failed -eq 0) {
        $counts.Failed = 1
        Write-Line "PowerShell ended with exit code $ExitCode."
    }
    $counts
}

# Where there can be no lab: the files that want none. On Linux the others are missed, and that is a failure.
function Invoke-PesterWithoutLab([string] $Obstacle) {
    if ($IsLinux) {
        Add-Failure 'Pester' $Obstacle
    }
    Write-Line "--- Pester, without what needs a lab: $Obstacle"
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $arguments = Get-PesterArgument '*' -WithoutLab
    & $pwsh @arguments | Out-Default
    $counts = Read-PesterReport '*' $LASTEXITCODE
    if ($counts) {
        Add-Result 'Pester' $counts.Passed $counts.Failed $counts.Skipped $watch
    }
}
