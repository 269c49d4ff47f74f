# The short form for every test run: SwarmOps' pipeline, within its process, over the limit program, on three nodes by their sockets without delay. Fails when the ratio of the
# medians exceeds -Most. A promotion takes 0.5 or 1.5 s by the engine's luck: a ratio above -Most is measured with as many rounds again, and all of them decide.
param(
    [int] $Rounds = 3,
    [double] $Most = 1.4,
    [string] $Name = "b${PID}ratio",

    # The compiled limit program; without it, it is compiled.
    [string] $Limit = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

if (-not $Limit) { $Limit = Build-Limit }
$limitSeconds = [System.Collections.Generic.List[double]]::new()
$pipelineSeconds = [System.Collections.Generic.List[double]]::new()
try {
    $status = Start-BenchLab $Name
    for ($round = 1; $round -le 2 * $Rounds; $round++) {
        foreach ($who in $(if ($round % 2) { 'limit', 'SwarmOps' } else { 'SwarmOps', 'limit' })) {
            Reset-Engine $Name $status.hosts
            if ($who -eq 'limit') {
                $limitSeconds.Add((Measure-Limit $status 3 $Limit).Pipeline)
            }
            else {
                $pipelineSeconds.Add((Measure-SwarmOps $status 3 socket).Pipeline)
            }
            Assert-Formed $status 3
        }
        $ratio = (Get-Median $pipelineSeconds) / (Get-Median $limitSeconds)
        if ($round -eq $Rounds -and $ratio -le $Most) { break }
    }
}
finally {
    Stop-BenchLab $Name
}
$told = 'pipeline {0} s, limit {1} s: the ratio of the medians is {2}, and may be {3}' -f (($pipelineSeconds | ForEach-Object { Format-Number $_ 2 }) -join ' '),
    (($limitSeconds | ForEach-Object { Format-Number $_ 2 }) -join ' '), (Format-Number $ratio 2), (Format-Number $Most 1)
if ($ratio -gt $Most) {
    throw [System.ApplicationException]::new("Too slow: $told.")
}
$told
