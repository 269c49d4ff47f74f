# From New-SwarmService to a service that has converged, beside `docker service create` with the same words and the same wait (tasks must run for the monitor time), on
# the same lab, taking turns, with no delay and with 80 ms; then the engine calls of each stage. Needs root, as the lab does.
param(
    [int] $Rounds = 3,
    [int[]] $Delay = @(0, 80)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
Import-Module $env:SWARMOPS_MODULE

# Seconds of a script, and its engine calls and commands as -Verbose tells them.
function Measure-Stage([scriptblock] $Script) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $out = & $Script 4>&1 3>$null
    $seconds = $clock.Elapsed.TotalSeconds
    $told = Read-EngineCall $out
    [pscustomobject]@{ Seconds = $seconds; Calls = $told.Calls; Commands = $told.Commands }
}

foreach ($milliseconds in $Delay) {
    $name = "benchsvc$milliseconds"
    try {
        & $lab up --name $name --delay $milliseconds --delay-admin $milliseconds | Out-Default
        if ($LASTEXITCODE -ne 0) { throw "'lab up' failed with exit code $LASTEXITCODE." }
        $statusPath = Save-LabStatus $name
        $status = Get-Content $statusPath -Raw | ConvertFrom-Json
        $nodes = @(Get-LabNode $statusPath | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest)

        $sshFolder = New-SshFolder $status
        $manager = "ssh://root@$($nodes[0].PublicAddress)"
        $docker = $status.dockerCli
        $path = $env:PATH

        $contenders = [ordered]@{
            'New-SwarmService'                   = {
                $made = $nodes | New-SwarmService -Name bench -Image lab/busybox -NoResolveImage -Mode Global -StopGraceSeconds 1 -ArgumentList sleep, 9999 -Verbose
                $made
                if (-not ($made | Where-Object { $_ -is [SwarmOps.SwarmService] -and $_.RunningCount -eq $nodes.Count })) { throw 'The service has not converged.' }
            }
            'New-SwarmService, manager alone'    = { $nodes[0] | New-SwarmService -Name bench -Image lab/busybox -NoResolveImage -Mode Global -StopGraceSeconds 1 -ArgumentList sleep, 9999 -Verbose }
            'docker service create'              = {
                $env:PATH = "${sshFolder}:$path"
                try {
                    & $docker -H $manager service create --quiet --name bench --no-resolve-image --mode global --stop-grace-period 1s lab/busybox sleep 9999
                    if ($LASTEXITCODE -ne 0) { throw "'docker service create' failed with exit code $LASTEXITCODE." }
                }
                finally { $env:PATH = $path }
            }
        }
        $runs = @{}
        foreach ($round in 1..$Rounds) {
            foreach ($contender in $contenders.Keys) {
                $runs[$contender] = @($runs[$contender] | Where-Object { $_ }) + (Measure-Stage $contenders[$contender])
                $null = & $lab exec --name $name $nodes[0].Name -- sh -c 'docker service rm bench; while [ -n "$(docker ps -q)" ]; do sleep 0.2; done'
            }
        }
        "Round trip between regions and to them: $milliseconds ms. Seconds to a converged global service on $($nodes.Count) nodes, median of $Rounds rounds:"
        foreach ($contender in $contenders.Keys) {
            $calls = @($runs[$contender])[0]
            '{0,-34} {1,6} s{2}' -f $contender, (Format-Number (Get-Median $runs[$contender].Seconds)), $(if ($calls.Calls) { "  ($($calls.Calls) engine calls, $($calls.Commands) commands on all nodes)" })
        }

        $stages = [ordered]@{
            'New-SwarmSecret'                 = { $nodes | New-SwarmSecret -Name pw -Value (ConvertTo-SecureString one -AsPlainText) -Verbose }
            'New-SwarmService'                = { $nodes | New-SwarmService -Name web -Image lab/busybox -NoResolveImage -StopGraceSeconds 1 -Replicas 3 -SpreadOver region -Secret pw -ArgumentList sleep, 9999 -Verbose }
            'New-SwarmService again'          = { $nodes | New-SwarmService -Name web -Image lab/busybox -NoResolveImage -StopGraceSeconds 1 -Replicas 3 -SpreadOver region -Secret pw -ArgumentList sleep, 9999 -Verbose }
            'Update-SwarmService, one task more' = { $nodes | Update-SwarmService -Name web -Replicas 4 -Verbose }
            'Wait-SwarmService'               = { $nodes | Wait-SwarmService -Name web -StableSeconds 0 -Verbose }
            'Get-SwarmService'                = { $nodes | Get-SwarmService -Name web -Verbose }
            'Get-SwarmTask'                   = { $nodes | Get-SwarmTask -Service web -Verbose }
            'Update-SwarmSecret'              = { $nodes | Update-SwarmSecret -Name pw -Value (ConvertTo-SecureString two -AsPlainText) -Verbose }
            'New-SwarmEdgeService'            = { $nodes | New-SwarmEdgeService -Name edge -Image lab/busybox -NoResolveImage -StopGraceSeconds 1 -PublishHost 8080 -ArgumentList sleep, 9999 -Verbose }
            'Remove-SwarmService'             = { $nodes | Remove-SwarmService -Name web -Confirm:$false -Verbose }
        }
        'Stage                                   seconds  engine calls  commands'
        foreach ($stage in $stages.Keys) {
            $run = Measure-Stage $stages[$stage]
            '{0,-36} {1,10} {2,13} {3,9}' -f $stage, (Format-Number $run.Seconds), $run.Calls, $run.Commands
        }
        ''
    }
    finally {
        $null = & $lab down --name $name 2>&1
    }
}
