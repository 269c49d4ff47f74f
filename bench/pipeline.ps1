# From bare engines to reachable managers and an encrypted overlay: SwarmOps beside the limit program (bench/limit), a script over the docker CLI (by-hand.sh) and Ansible's
# community.docker (bench/ansible), on the same labs, taking turns: each round begins with another one. Every engine is bare again before each run, and after it the
# swarm is checked from outside. Which contenders take part in which rounds, and how many there are with ten and thirty nodes: lib/plan.ps1. Needs root, as the lab does.
param(
    [int] $Rounds = 7,

    # Nodes and milliseconds of round trip, between regions and to them.
    [string[]] $Scenario = @('3/0', '3/80', '10/0', '30/0'),

    # Only contenders whose name is like one of these.
    [string[]] $Contender = @('*'),

    # A lab that stays up, for what is measured next on it.
    [string] $SharedLab = '',

    # The compiled limit program; without it, it is compiled.
    [string] $Limit = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

function Measure-Contender([object] $Status, [int] $ManagerCount, [string] $Who, [string] $Way) {
    switch ($Who) {
        'limit' { Measure-Limit $Status $ManagerCount $limit }
        'SwarmOps' { Measure-SwarmOps $Status $ManagerCount $Way }
        'docker CLI' { Measure-DockerCli $Status $ManagerCount $Way }
        'Ansible' { Measure-Ansible $Status $ManagerCount $Way }
    }
    Assert-Formed $Status $ManagerCount
}

function Measure-Scenario([string] $Name, [int] $Nodes, [int] $Delay) {
    $managers = if ($Nodes -ge 30) { 5 } else { 3 }
    $count = Get-RoundCount $Name $Rounds
    $contenders = @(foreach ($turn in (Get-Pipeline $Name).Turns) {
            if ($Contender.Split(',') | Where-Object { "$($turn.Who) $($turn.Way)" -like $_ -or $turn.Who -like $_ }) {
                [pscustomobject]@{ Who = $turn.Who; Way = $turn.Way; Every = $turn.Every; Runs = [System.Collections.Generic.List[object]]::new(); Failures = [System.Collections.Generic.List[string]]::new() }
            }
        })
    if ('Ansible' -in $contenders.Who) { Install-Ansible }
    $labName = if ($SharedLab) { $SharedLab } else { "bench$Nodes" }
    try {
        $status = Start-BenchLab $labName $Nodes $Delay
        if ($contenders | Where-Object { $_.Who -eq 'Ansible' -and $_.Way -eq 'ssh' }) { Install-AnsibleOnHost $status }
        $between.Reset = $between.Quiet = 0.0
        foreach ($round in 0..($count - 1)) {
            foreach ($next in Get-RoundTurn $contenders $round) {
                Reset-Engine $labName $status.hosts
                try {
                    $run = Measure-Contender $status $managers $next.Who $next.Way
                    $next.Runs.Add($run)
                    Write-Host ('    {0} nodes, {1} ms, round {2}: {3} {4} {5} s' -f $Nodes, $Delay, ($round + 1), $next.Who, $next.Way, (Format-Number $run.Seconds))
                }
                catch {
                    # One run of one contender, not the whole benchmark; it is counted.
                    $next.Failures.Add("$_")
                    Write-Warning "$($next.Who) $($next.Way), round $($round + 1): $_"
                }
            }
            Save-Result "pipeline-$Nodes-$Delay" $status.hosts[0].engineVersion @{ Nodes = $Nodes; Managers = $managers; Delay = $Delay; Rounds = $round + 1; Contenders = $contenders }
        }
    }
    finally {
        if (-not $SharedLab) { Stop-BenchLab $labName }
    }
    "$Nodes nodes, $managers managers, round trip $Delay ms. Medians of $count rounds, in seconds: whole process; within it."
    foreach ($one in $contenders | Where-Object { $_.Runs.Count }) {
        $inside = if ($one.Runs[0].PSObject.Properties['Pipeline']) { Format-Number (Get-Median $one.Runs.Pipeline) 2 } else { '' }
        $failures = if ($one.Failures.Count) { "  $($one.Failures.Count) failed" } else { '' }
        '{0,-12} {1,-7} {2,7} {3,7}{4}' -f $one.Who, $one.Way, (Format-Number (Get-Median $one.Runs.Seconds) 2), $inside, $failures
    }
    Get-BetweenText ($contenders | ForEach-Object { $_.Runs.Count + $_.Failures.Count } | Measure-Object -Sum).Sum
    if ($contenders | Where-Object { $_.Who -in 'SwarmOps', 'limit' -and $_.Failures.Count }) { throw "Not every run of SwarmOps and of the limit program succeeded." }
}

if (-not $Limit) { $Limit = Build-Limit }
foreach ($name in $Scenario.Split(',')) {
    $nodes, $delay = $name.Split('/')
    Measure-Scenario $name $nodes $delay
}
