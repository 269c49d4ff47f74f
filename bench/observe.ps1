# What looks at a swarm: Test-SwarmOverlay, Get-Swarm and Get-SwarmNode on 3, 10 and 30 nodes over SSH, in a session that has run them once: seconds, and the engine calls and commands a
# node. A plain overlay, for kernels without ESP. Needs root, as the lab does.
param(
    [int] $Rounds = 3,
    [int] $Delay = 0,
    [string[]] $Nodes = @('3', '10', '30'),

    # A lab that stays up, for what is measured next on it.
    [string] $SharedLab = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
$name = if ($SharedLab) { $SharedLab } else { 'benchobserve' }
$counts = [int[]] $Nodes.Split(',')

# Seconds of a command, its objects, and its calls as -Verbose tells them. The first run is not counted.
function Measure-Query([int] $Rounds, [scriptblock] $Script) {
    for ($round = 0; $round -le $Rounds; $round++) {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $out = & $Script
        $seconds = $clock.Elapsed.TotalSeconds
        $told = Read-EngineCall @($out | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })
        if ($round) { [pscustomobject]@{ Seconds = $seconds; Calls = $told.Calls; Commands = $told.Commands; Output = @($out | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }) } }
    }
}

try {
    $most = ($counts | Measure-Object -Maximum).Maximum
    $status = Start-BenchLab $name $most $Delay
    Import-Module $env:SWARMOPS_MODULE
    $members = @(Get-LabNode $status.StatusPath | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest | Step-SwarmPromotion -SkipReachabilityTest)
    $null = $members | New-EncryptedOverlay -Name bench -Unencrypted -WarningAction SilentlyContinue

    "Round trip between regions and to them $Delay ms, median of $Rounds rounds in a warm session:"
    $sets = foreach ($number in $counts) {
        # The first ones are spread over the regions.
        $set = @($members | Select-Object -First $number)
        $figures = [ordered] @{ Nodes = $number }
        foreach ($command in 'Get-Swarm', 'Get-SwarmNode', 'Test-SwarmOverlay') {
            $runs = @(switch ($command) {
                    'Get-Swarm' { Measure-Query $Rounds { $set | Get-Swarm -Verbose 4>&1 3>$null } }
                    'Get-SwarmNode' { Measure-Query $Rounds { $set | Get-SwarmNode -Verbose 4>&1 3>$null } }
                    'Test-SwarmOverlay' { Measure-Query $Rounds { $set | Test-SwarmOverlay -Name bench -Verbose 4>&1 3>$null } }
                })
            if ($command -eq 'Test-SwarmOverlay') {
                # A path that fails, or is missing, is no measurement.
                foreach ($run in $runs) {
                    $passed = @($run.Output | Where-Object { $_ -is [SwarmOps.SwarmOverlayPath] -and $_.Result -eq 'Pass' }).Count
                    if ($passed -ne $number * ($number - 1)) { throw "Of $($number * ($number - 1)) paths between $number nodes only $passed passed." }
                }
            }
            $figures[$command] = Get-Median $runs.Seconds
            Write-Host ('{0,3} nodes  {1,-18} {2,6} s; a node {3} engine calls and {4} commands' -f $number, $command, (Format-Number $figures[$command] 2),
                (Format-Number ((Get-Median $runs.Calls) / $number)), (Format-Number ((Get-Median $runs.Commands) / $number)))
        }
        $figures
    }
    Save-Result 'observe' $status.hosts[0].engineVersion @{ Rounds = $Rounds; Delay = $Delay; Sets = @($sets) }
}
finally {
    if (-not $SharedLab) { Stop-BenchLab $name }
}
