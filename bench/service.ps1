# From New-SwarmService to a service that has converged, beside `docker service create` with the same words and the same wait (tasks must run for the monitor time), on the same lab, taking turns,
# without delay and with 80 ms; then the seconds and engine calls of each cmdlet of services, and the engines' events during a rotation and a roll-out of an edge. Needs root, as the lab does.
param(
    [int] $Rounds = 5,
    [string[]] $Delay = @('0', '80'),

    # A lab that stays up, for what is measured next on it; with one delay only.
    [string] $SharedLab = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
. $PSScriptRoot/lib/timeline.ps1
Import-Module $env:SWARMOPS_MODULE

# Tasks are gone a second after their service.
$awaitNoContainer = @'
for try in {1..300}; do
    [[ $(curl -s --max-time 20 --unix-socket /run/docker.sock 'http://engine/containers/json?all=true') != '[]' ]] || exit 0
    sleep 0.1
done
echo containers
'@

# Seconds of a script, and its engine calls and commands as -Verbose tells them.
function Measure-Stage([scriptblock] $Script) {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $out = & $Script 4>&1 3>$null
    $seconds = $clock.Elapsed.TotalSeconds
    $told = Read-EngineCall $out
    [pscustomobject]@{ Seconds = $seconds; Calls = $told.Calls; Commands = $told.Commands }
}

function Measure-Delay([int] $Milliseconds) {
    $name = if ($SharedLab) { $SharedLab } else { "benchsvc$Milliseconds" }
    $control = New-ControlFolder
    try {
        $status = Start-BenchLab $name 3 $Milliseconds
        $nodes = @(Get-LabNode $status.StatusPath | Initialize-Swarm -SkipReachabilityTest | Join-SwarmAsWorker -SkipReachabilityTest)

        $manager = "ssh://root@$($nodes[0].PublicAddress)"
        $path = @(New-SshFolder $status; $env:PATH) -join ':'
        $arguments = '-H', $manager, 'service', 'create', '--quiet', '--name', 'bench', '--no-resolve-image', '--mode', 'global', '--stop-grace-period', '1s', 'lab/busybox', 'sleep', '9999'

        $contenders = [ordered]@{
            'New-SwarmService'      = {
                $made = $nodes | New-SwarmService -Name bench -Image lab/busybox -NoResolveImage -Mode Global -StopGraceSeconds 1 -ArgumentList sleep, 9999 -Verbose
                $made
                if (-not ($made | Where-Object { $_ -is [SwarmOps.SwarmService] -and $_.RunningCount -eq $nodes.Count })) { throw 'The service has not converged.' }
            }
            'docker service create' = { $null = Measure-Program $status.dockerCli $arguments @{ PATH = $path; BENCH_SSH_CONTROL = $control } }
        }
        $runs = @{}
        foreach ($round in 0..($Rounds - 1)) {
            $names = @($contenders.Keys)
            for ($turn = 0; $turn -lt $names.Count; $turn++) {
                $contender = $names[($turn + $round) % $names.Count]
                Wait-Quiet
                $runs[$contender] = @($runs[$contender] | Where-Object { $_ }) + (Measure-Stage $contenders[$contender])
                $null = Invoke-OnHost $name $status.hosts[0] 'docker service rm bench'
                $left = Invoke-OnHost $name $status.hosts $awaitNoContainer | Where-Object Text
                if ($left) { throw "Tasks of the last run are still there: $($left | ForEach-Object { $_.Host.name })." }
            }
        }
        Write-Host "Round trip between regions and to them: $Milliseconds ms. Seconds to a converged global service on $($nodes.Count) nodes, median of $Rounds rounds:"
        foreach ($contender in $contenders.Keys) {
            $calls = @($runs[$contender])[0]
            Write-Host ('{0,-34} {1,6} s{2}' -f $contender, (Format-Number (Get-Median $runs[$contender].Seconds) 2), $(if ($calls.Calls) { "  ($($calls.Calls) engine calls, $($calls.Commands) commands on all nodes)" }))
        }

        $stages = [ordered]@{
            'New-SwarmSecret'                    = { $nodes | New-SwarmSecret -Name pw -Value (ConvertTo-SecureString one -AsPlainText) -Verbose }
            'New-SwarmService'                   = { $nodes | New-SwarmService -Name web -Image lab/busybox -NoResolveImage -StopGraceSeconds 1 -Replicas 3 -SpreadOver region -Secret pw -ArgumentList sleep, 9999 -Verbose }
            'New-SwarmService again'             = { $nodes | New-SwarmService -Name web -Image lab/busybox -NoResolveImage -StopGraceSeconds 1 -Replicas 3 -SpreadOver region -Secret pw -ArgumentList sleep, 9999 -Verbose }
            'Update-SwarmService, one task more' = { $nodes | Update-SwarmService -Name web -Replicas 4 -Verbose }
            'Wait-SwarmService'                  = { $nodes | Wait-SwarmService -Name web -StableSeconds 0 -Verbose }
            'Get-SwarmService'                   = { $nodes | Get-SwarmService -Name web -Verbose }
            'Get-SwarmTask'                      = { $nodes | Get-SwarmTask -Service web -Verbose }
            'Update-SwarmSecret'                 = { $nodes | Update-SwarmSecret -Name pw -Value (ConvertTo-SecureString two -AsPlainText) -Verbose }
            'New-SwarmEdgeService'               = { $nodes | New-SwarmEdgeService -Name edge -Image lab/busybox -NoResolveImage -StopGraceSeconds 1 -PublishHost 8080 -ArgumentList sleep, 9999 -Verbose }
            'Remove-SwarmService'                = { $nodes | Remove-SwarmService -Name web -Confirm:$false -Verbose }
        }
        $timelines = [ordered] @{}
        Write-Host 'Stage                                   seconds  engine calls  commands'
        $measured = foreach ($stage in $stages.Keys) {
            $timeline = if ($stage -in 'Update-SwarmSecret', 'New-SwarmEdgeService') { Start-Timeline $status }
            try {
                $run = Measure-Stage $stages[$stage]
            }
            finally {
                if ($timeline) { $timelines[$stage] = @(Stop-Timeline $timeline) }
            }
            Write-Host ('{0,-36} {1,10} {2,13} {3,9}' -f $stage, (Format-Number $run.Seconds 2), $run.Calls, $run.Commands)
            [ordered] @{ Stage = $stage; Seconds = $run.Seconds; Calls = $run.Calls; Commands = $run.Commands }
        }
        $engine = $status.hosts[0].engineVersion
        Save-Result "service-$Milliseconds" $engine @{ Delay = $Milliseconds; Rounds = $Rounds; Stages = @($measured); Timelines = $timelines
            Contenders = @($contenders.Keys | ForEach-Object { [ordered] @{ Who = $_; Seconds = Get-Median $runs[$_].Seconds; Runs = @($runs[$_].Seconds) } }) }
    }
    finally {
        Remove-ControlFolder $control
        if (-not $SharedLab) { Stop-BenchLab $name }
    }
}

foreach ($milliseconds in $Delay.Split(',')) {
    Measure-Delay $milliseconds
}
