# Test-SwarmOverlay on 3, 10 and 30 nodes: seconds, and the engine calls and commands a node. A plain overlay, for kernels without ESP. Needs root, as the lab does.
param(
    [int] $Rounds = 3,
    [int] $Delay = 0,
    [int[]] $Count = @(3, 10, 30)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
$name = 'benchovl'

try {
    $most = ($Count | Measure-Object -Maximum).Maximum
    & $lab up --name $name --hosts-per-region ([int] [System.Math]::Ceiling($most / 3)) --delay $Delay --delay-admin $Delay | Out-Default
    if ($LASTEXITCODE -ne 0) { throw "'lab up' failed with exit code $LASTEXITCODE." }
    Import-Module $env:SWARMOPS_MODULE
    $nodes = @(Get-LabNode (Save-LabStatus $name) | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest)
    $null = $nodes | New-EncryptedOverlay -Name bench -Unencrypted -WarningAction SilentlyContinue

    "Test-SwarmOverlay, round trip between regions and to them $Delay ms, median of $Rounds rounds:"
    foreach ($number in $Count) {
        # As evenly from the regions as they come.
        $set = @($nodes | ForEach-Object { $index = 0 } { if ($index++ % ($nodes.Count / $number) -lt 1) { $_ } })
        $runs = for ($round = 1; $round -le $Rounds; $round++) {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $out = $set | Test-SwarmOverlay -Name bench -Verbose 4>&1 3>$null
            $seconds = $clock.Elapsed.TotalSeconds
            $paths = @($out | Where-Object { $_ -is [SwarmOps.SwarmOverlayPath] })
            $told = Read-EngineCall $out
            [pscustomobject]@{ Seconds = $seconds; Sound = @($paths | Where-Object Result -eq Pass).Count; Ways = $paths.Count; Calls = $told.Calls; Commands = $told.Commands; Causes = @(($paths | Where-Object Result -ne Pass).Cause) }
        }
        '{0,3} nodes, {1,3} ways (sound: {2}): {3,5} s; a node {4} engine calls and {5} commands' -f $set.Count, @($runs)[0].Ways, ($runs.Sound -join ' '),
            (Format-Number (Get-Median $runs.Seconds)), (Format-Number ((Get-Median $runs.Calls) / $set.Count)), (Format-Number ((Get-Median $runs.Commands) / $set.Count))
        $runs.Causes | Group-Object | ForEach-Object { '          {0}: {1} ways in {2} rounds' -f $_.Name, $_.Count, $Rounds }
    }
}
finally {
    & $lab down --name $name | Out-Default
}
