# The suite Pester: files of tests/Pester, a few in each PowerShell, on whichever lab is free.

# The files by name. With a filter one process looks for the tests in all of them: most have none.
function Get-PesterFile {
    if ($Filter) {
        return '*'
    }
    (Get-ChildItem (Join-Path $root tests Pester '*.Tests.ps1')).Name -replace '\.Tests\.ps1$'
}

function Get-PesterArgument([string[]] $Files, [switch] $WithoutLab) {
    '-NoProfile', '-NonInteractive', '-File', (Get-RepositoryPath build/run-pester.ps1)
    '-Path', (($Files | ForEach-Object { Join-Path $root tests Pester "$_.Tests.ps1" }) -join [System.IO.Path]::PathSeparator)
    '-Pester', (Get-ChildItem (Join-Path $artifacts pester Pester * Pester.psd1)).FullName
    '-Report', (Get-PesterReportPath $Files)
    if ($Filter) { '-Filter', $Filter }
    if ($WithoutLab) { '-WithoutLab' }
}

# Named after the first of the files that share a process.
function Get-PesterReportPath([string[]] $Files) {
    Get-ReportPath "Pester.$($Files[0].Replace('*', 'all'))"
}

# Passed, Failed and Skipped of files that shared a process. Nothing when it wrote no results.
function Read-PesterReport([string[]] $Files, [int] $ExitCode) {
    $path = (Get-PesterReportPath $Files) -replace '\.xml$', '.json'
    if (-not (Test-Path -LiteralPath $path)) {
        Add-Failure "Pester.$($Files -join ', ')" "PowerShell ended with exit code $ExitCode and wrote no results."
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
