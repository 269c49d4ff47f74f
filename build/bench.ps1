# The task bench, and the suite Bench.

function Invoke-BenchTask([hashtable] $Arguments) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    Invoke-BuildTask
    Confirm-Lab
    Add-ModulePath
    if (-not $Arguments.ContainsKey('Script')) {
        $without = @(if (-not (Test-LabEc2)) { 'ec2' })
        & (Get-BenchmarkPath 'all') @Arguments -Spent $watch.Elapsed.TotalSeconds -Without $without | Out-Default
        return
    }
    # One benchmark alone leaves the page as it is: -Script report writes it, from what has been kept of each.
    $name = $Arguments.Script
    $Arguments.Remove('Script')
    if (-not (Test-Path -LiteralPath (Get-BenchmarkPath $name))) {
        Stop-Build "There is no benchmark '$name' in bench."
    }
    $watch.Restart()
    Write-Line "--- $name"
    & (Get-BenchmarkPath $name) @Arguments | Out-Default
    Write-Line "--- ${name}: $(Format-Second $watch.Elapsed '0') s"
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
