# The task bench, and the suite Bench.

$benchmarks = 'pipeline', 'session', 'observe', 'service', 'galera', 'ec2'

function Invoke-BenchTask([hashtable] $Arguments) {
    Invoke-BuildTask
    Confirm-Lab
    Add-ModulePath
    $names = $benchmarks
    if ($Arguments.ContainsKey('Script')) {
        $names = @($Arguments.Script)
        $Arguments.Remove('Script')
        if (-not (Test-Path -LiteralPath (Get-BenchmarkPath $names[0]))) {
            Stop-Build "There is no benchmark '$($names[0])' in bench."
        }
    }
    else {
        # A whole run: nothing of an earlier one may get among its results.
        Remove-Folder (Join-Path $artifacts bench results)
    }
    $failed = foreach ($name in $names) {
        if ($name -eq 'ec2' -and $names.Count -gt 1 -and -not (Test-LabEc2)) {
            continue
        }
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        Write-Line "--- $name"
        try {
            & (Get-BenchmarkPath $name) @Arguments | Out-Default
        }
        catch {
            # One benchmark; the others go on.
            $Host.UI.WriteErrorLine("${name}: $($_.Exception.Message)")
            if ($_.Exception -isnot [System.ApplicationException]) {
                $Host.UI.WriteErrorLine($_.ScriptStackTrace)
            }
            $name
        }
        Write-Line "--- ${name}: $(Format-Second $watch.Elapsed '0') s"
    }
    # One benchmark alone leaves the page as it is: -Script report writes it, from what has been kept of each.
    if ($names.Count -gt 1) {
        & (Get-BenchmarkPath 'report') | Out-Default
    }
    if ($failed) {
        Stop-Build "Not every benchmark succeeded: $($failed -join ', ')."
    }
}

function Get-BenchmarkPath([string] $Name) {
    Get-RepositoryPath "bench/$Name.ps1"
}

# On a lab of its own, which is up before all others: a measurement needs the machine for itself, and everything after it is measured by nobody.
function Invoke-BenchSuite {
    $obstacle = Get-LabObstacle
    if ($obstacle) {
        Add-Failure 'Bench' $obstacle
        return
    }
    Remove-LeftLab
    Write-Line '--- Bench'
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $passed = 0
    try {
        & (Get-BenchmarkPath 'ratio') -Name "b${PID}ratio" -Limit (Join-Path $artifacts bin Limit $flavor Limit.dll) | Out-Default
        $passed = 1
    }
    catch {
        Write-Line $_.Exception.Message
    }
    Add-Result 'Bench' $passed (1 - $passed) 0 $watch
}
