# Runs files of tests/Pester in a process of its own, for the suite Pester. Exit code 0: no test failed.
param(
    # One file or several, with what separates them in PATH.
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Pester,

    # Where the results go as JUnit's XML; beside it the counts and the reasons of skips as JSON.
    [Parameter(Mandatory)] [string] $Report,
    [string] $Filter = '',

    # Leaves out the files that want a lab: those that share TestLab.ps1 or TestAccount.ps1, and those that call lab/lab themselves.
    [switch] $WithoutLab
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Pester

$files = @(Get-ChildItem -Path $Path.Split([System.IO.Path]::PathSeparator))
if ($WithoutLab) {
    $files = @($files | Where-Object { -not (Select-String -LiteralPath $_.FullName -Pattern 'TestLab\.ps1', 'TestAccount\.ps1', 'lab lab' -Quiet) })
}
elseif ($env:SWARMOPS_LAB) {
    $status = & (Join-Path $PSScriptRoot .. lab lab) status --name $env:SWARMOPS_LAB --json
    if ($LASTEXITCODE -ne 0) {
        throw "'lab/lab status' failed with exit code $LASTEXITCODE."
    }
    Set-Content -LiteralPath $env:SWARMOPS_LAB_JSON -Value $status
}

$configuration = New-PesterConfiguration
$configuration.Run.Path = $files.FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'JUnitXml'
$configuration.TestResult.OutputPath = $Report
if ($Filter) {
    $configuration.Filter.FullName = "*$Filter*"
}
# The tests have preferences of their own: a user's session is not strict.
$ErrorActionPreference = 'Continue'
Set-StrictMode -Off
$run = Invoke-Pester -Configuration $configuration

$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
[ordered]@{
    Passed      = $run.PassedCount
    Failed      = $failed
    Skipped     = $run.SkippedCount
    # What a whole block is skipped for is not in the result: its file knows.
    SkipReasons = @($run.Skipped | ForEach-Object { $_.ErrorRecord ? "$($_.ErrorRecord)" : $_.Block.Tag -contains 'Nightly' ? 'long: SWARMOPS_LONG=all' : "'$($_.Path[0])' is skipped here" })
} | ConvertTo-Json | Set-Content -LiteralPath ($Report -replace '\.xml$', '.json')
exit [int] ($failed -gt 0)
