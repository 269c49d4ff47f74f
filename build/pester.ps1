# The suite Pester: where pwsh and Pester are.

# True when the Pester suite can run; else says why not.
function Find-Pester {
    if (-not [System.IO.Directory]::Exists((Get-RepositoryPath 'tests/Pester'))) {
        Write-NotRun 'Pester' 'there is no tests/Pester.'
        return $false
    }
    if (-not (Test-Program 'pwsh')) {
        Write-NotRun 'Pester' 'pwsh is not on PATH. Its tests are what a user types; the suite Lab covers the same ground in the embedded engine.'
        return $false
    }
    $found = & pwsh -NoProfile -NonInteractive -Command "(Get-Module -ListAvailable Pester | Sort-Object Version | Select-Object -Last 1).Version.ToString()" 2>$null
    if ($LASTEXITCODE -ne 0 -or -not $found) {
        Write-NotRun 'Pester' 'pwsh finds no Pester (Install-Module Pester).'
        return $false
    }
    Write-Line "Pester $found."
    return $true
}

function Invoke-PesterSuite {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Write-Line '--- Pester'
    $env:SWARMOPS_MODULE = [System.IO.Path]::Combine($moduleFolder, 'SwarmOps.psd1')
    $env:SWARMOPS_LAB_JSON = [System.IO.Path]::Combine($results, 'lab.json')
    $status = & $lab status --name $env:SWARMOPS_LAB --json
    if ($LASTEXITCODE -ne 0) {
        Add-Failure 'Pester' "'lab/lab status' failed with exit code $LASTEXITCODE."
        return
    }
    [System.IO.File]::WriteAllText($env:SWARMOPS_LAB_JSON, [string]::Join("`n", $status))
    $env:SWARMOPS_PESTER_PATH = Get-RepositoryPath 'tests/Pester'
    $env:SWARMOPS_PESTER_COUNTS = [System.IO.Path]::Combine($results, 'Pester.counts')
    $env:SWARMOPS_PESTER_FILTER = $Filter
    $command = @'
$configuration = New-PesterConfiguration
$configuration.Run.Path = $env:SWARMOPS_PESTER_PATH
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
if ($env:SWARMOPS_PESTER_FILTER) { $configuration.Filter.FullName = "*$env:SWARMOPS_PESTER_FILTER*" }
$run = Invoke-Pester -Configuration $configuration
$failed = $run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount
[System.IO.File]::WriteAllText($env:SWARMOPS_PESTER_COUNTS, "$($run.PassedCount) $failed $($run.SkippedCount)")
'@
    & pwsh -NoProfile -NonInteractive -Command $command | Out-Default
    if (-not [System.IO.File]::Exists($env:SWARMOPS_PESTER_COUNTS)) {
        Add-Failure 'Pester' "pwsh ended with exit code $LASTEXITCODE and wrote no results."
        return
    }
    $counts = [System.IO.File]::ReadAllText($env:SWARMOPS_PESTER_COUNTS).Split(' ')
    Add-Result 'Pester' $counts[0] $counts[1] $counts[2] $watch
}
