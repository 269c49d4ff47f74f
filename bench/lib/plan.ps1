# What a whole run measures, in which order, and how long that should take on the machine of RESULTS.md. The times are for the plan that is printed; they cut nothing off unless a budget is given.

# One contender of a scenario of the pipeline: by which way, how long a run takes, and in which rounds it takes part.
function New-Turn([string] $Who, [string] $Way, [double] $Seconds, [int] $Every = 1) {
    [pscustomobject]@{ Who = $Who; Way = $Way; Seconds = $Seconds; Every = $Every }
}

# Sockets are the engines' own; over SSH the programs go to the hosts. Not in every round where no target depends on the figure. Between: what one run costs besides, to make all engines
# bare, wait until the machine is quiet and look at the swarm. Most: rounds at most, where a run is long.
$pipelines = [ordered] @{
    '3/0'  = @{
        Most = [int]::MaxValue; Between = 2.3; Turns = @(
            New-Turn limit socket 3
            New-Turn SwarmOps socket 5.2
            New-Turn 'docker CLI' socket 5.4
            New-Turn Ansible socket 11
            New-Turn SwarmOps ssh 8.2
            New-Turn 'docker CLI' ssh 6
            New-Turn Ansible ssh 9
        )
    }
    '3/80' = @{
        Most = [int]::MaxValue; Between = 2.3; Turns = @(
            New-Turn SwarmOps ssh 13
            New-Turn 'docker CLI' ssh 16
            New-Turn limit socket 5 -Every 4
            New-Turn SwarmOps socket 9 -Every 4
            New-Turn 'docker CLI' socket 10 -Every 7
            New-Turn Ansible ssh 25 -Every 7
        )
    }
    '10/0' = @{
        Most = 5; Between = 3; Turns = @(
            New-Turn limit socket 4
            New-Turn SwarmOps socket 7
            New-Turn SwarmOps ssh 13 -Every 5
            New-Turn 'docker CLI' socket 9 -Every 5
        )
    }
    '30/0' = @{
        Most = 3; Between = 9; Turns = @(
            New-Turn limit socket 10
            New-Turn SwarmOps socket 18
            New-Turn SwarmOps ssh 38
            New-Turn 'docker CLI' socket 20 -Every 3
        )
    }
}

function Get-Pipeline([string] $Scenario) {
    if (-not $pipelines.Contains($Scenario)) { throw "There is no scenario '$Scenario'. There are: $($pipelines.Keys -join ', ')." }
    $pipelines[$Scenario]
}

function Get-RoundCount([string] $Scenario, [int] $Rounds) {
    [System.Math]::Min($Rounds, (Get-Pipeline $Scenario).Most)
}

# Those who run in a round, in its order: each round begins with another one.
function Get-RoundTurn([object[]] $Turns, [int] $Round) {
    for ($place = 0; $place -lt $Turns.Count; $place++) {
        $next = $Turns[($place + $Round) % $Turns.Count]
        if ($Round % $next.Every -eq 0) { $next }
    }
}

# Of all rounds, without the lab.
function Get-PipelineSecond([string] $Scenario, [int] $Rounds) {
    $pipeline = Get-Pipeline $Scenario
    $seconds = 0.0
    for ($round = 0; $round -lt (Get-RoundCount $Scenario $Rounds); $round++) {
        foreach ($turn in Get-RoundTurn $pipeline.Turns $round) { $seconds += $turn.Seconds + $pipeline.Between }
    }
    $seconds
}

# One call of a benchmark's script. Steps in a row that name the same lab share it.
function New-Step([string] $Script, [double] $Seconds, [hashtable] $With = @{}, [string] $Lab = '', [string] $What = '') {
    [pscustomobject]@{ Script = $Script; Name = "$Script $What".TrimEnd(); With = $With; Lab = $Lab; Seconds = $Seconds }
}

# All steps of a whole run. Labs are named after their hosts and the milliseconds between them. That of thirty hosts serves ten nodes as well: the others do nothing meanwhile.
function Get-BenchStep([int] $Rounds = 7) {
    $pipeline = { param($scenario, $lab, $labSeconds) New-Step pipeline ($labSeconds + (Get-PipelineSecond $scenario $Rounds)) @{ Rounds = $Rounds; Scenario = $scenario } $lab $scenario }
    New-Step start (2.2 * ($Rounds + 1)) @{ Rounds = $Rounds }
    & $pipeline '3/0' bench3x0 60
    New-Step session 40 @{ Delay = '0'; Rounds = 2 } bench3x0 '0 ms'
    New-Step service 130 @{ Delay = '0' } bench3x0 '0 ms'
    New-Step galera 110 @{ Rounds = 1 } bench3x0
    & $pipeline '3/80' bench3x80 30
    New-Step session 40 @{ Delay = '80' } bench3x80 '80 ms'
    New-Step service 110 @{ Delay = '80'; Rounds = 3 } bench3x80 '80 ms'
    & $pipeline '30/0' bench30x0 60
    & $pipeline '10/0' bench30x0 10
    New-Step observe 150 @{} bench30x0
    New-Step ec2 160 @{ Count = 1, 10 }
}

function Format-Minute([double] $Seconds) {
    $whole = [int] [System.Math]::Round($Seconds)
    '{0}:{1:00}' -f [System.Math]::Floor($whole / 60), ($whole % 60)
}

# What will run: each step with the time that it should take, and the time at which it should end.
function Get-PlanText([object[]] $Steps, [double] $Spent = 0) {
    '{0,-16} {1,9} {2,9}' -f 'step', 'expected', 'ends at'
    $end = $Spent
    foreach ($step in $Steps) {
        $end += $step.Seconds
        '{0,-16} {1,9} {2,9}' -f $step.Name, (Format-Minute $step.Seconds), (Format-Minute $end)
    }
    "$($Steps.Count) steps, $(Format-Minute $end) minutes expected."
}

# What has run, beside what was expected.
function Get-OutcomeText([object[]] $Done, [double] $Seconds) {
    '{0,-16} {1,9} {2,9}' -f 'step', 'expected', 'took'
    foreach ($one in $Done) {
        '{0,-16} {1,9} {2,9}{3}' -f $one.Name, (Format-Minute $one.Expected), (Format-Minute $one.Seconds), $(if ($one.Outcome -ne 'done') { "  $($one.Outcome)" })
    }
    "$($Done.Count) steps, $(Format-Minute $Seconds) minutes."
}

# Whether a step may begin: what it should take is left of the budget. Without a budget it always may.
function Test-Budget([object] $Step, [double] $Spent, [double] $Minutes) {
    $Minutes -le 0 -or $Spent + $Step.Seconds -le $Minutes * 60
}
