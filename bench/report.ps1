# Writes bench/RESULTS.md and its pictures from what the benchmarks have kept in artifacts/bench/results. `./build.sh bench` runs it at the end.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1
. $PSScriptRoot/lib/picture.ps1

$ways = @{ socket = 'sockets'; ssh = 'SSH' }
$start = Read-Result 'start'
$sessions = @(foreach ($delay in 0, 80) { Read-Result "session-$delay" })
$whole = Read-Result 'run'
$observe = Read-Result 'observe'
$galera = Read-Result 'galera'
$ec2 = Read-Result 'ec2'
$services = @(foreach ($delay in 0, 80) { Read-Result "service-$delay" })
$scenarios = @(foreach ($name in '3-0', '3-80', '10-0', '30-0') { Read-Result "pipeline-$name" })
$parts = @($scenarios) + @($start) + @($sessions) + @($observe) + @($services) + @($galera, $ec2) | Where-Object { $_ }
if (-not $parts) { throw [System.ApplicationException]::new("There are no results in ${resultFolder}: run ./build.sh bench first.") }

function Find-Contender([int] $Nodes, [int] $Delay, [string] $Who, [string] $Way) {
    $scenarios | Where-Object { $_.Nodes -eq $Nodes -and $_.Delay -eq $Delay } | ForEach-Object Contenders | Where-Object { $_.Who -eq $Who -and $_.Way -eq $Way -and $_.Runs.Count }
}

# The median of a figure of a contender; null when it was not measured.
function Get-Figure([int] $Nodes, [int] $Delay, [string] $Who, [string] $Way, [string] $Figure) {
    $found = Find-Contender $Nodes $Delay $Who $Way
    if ($found -and $found.Runs[0].PSObject.Properties[$Figure]) { Get-Median $found.Runs.$Figure }
}

function Get-Ratio($One, $Other) {
    if ($null -ne $One -and $null -ne $Other -and $Other -gt 0) { $One / $Other }
}

# A line of the table of targets. -Least is a lower bound, -Most an upper one.
function New-Target([string] $What, $Measured, [double] $Most = [double]::NaN, [double] $Least = [double]::NaN, [string] $Unit = '', [int] $Digits = 2) {
    $bound = if ([double]::IsNaN($Least)) { "at most $(Format-Number $Most $(if ($Most -eq [System.Math]::Floor($Most)) { 0 } else { 2 }))$Unit" } else { "at least $(Format-Number $Least 1)$Unit" }
    $verdict, $figure = if ($null -eq $Measured) { 'not measured', '' }
    else {
        $reached = if ([double]::IsNaN($Least)) { $Measured -le $Most } else { $Measured -ge $Least }
        $(if ($reached) { 'reached' } else { '**not reached**' }), "$(Format-Number $Measured $Digits)$Unit"
    }
    "| $What | $bound | $figure | $verdict |"
}

function Get-Set([object] $Result, [int] $Nodes, [string] $Figure) {
    if ($Result) { $Result.Sets | Where-Object Nodes -eq $Nodes | ForEach-Object { $_.$Figure } }
}

function Get-Session([int] $Delay) {
    $sessions | Where-Object Delay -eq $Delay
}

function Get-ServiceRatio([int] $Delay) {
    $service = $services | Where-Object Delay -eq $Delay
    if ($service) {
        Get-Ratio ($service.Contenders | Where-Object Who -eq 'New-SwarmService').Seconds ($service.Contenders | Where-Object Who -eq 'docker service create').Seconds
    }
}

# How many round trips of 80 ms a stage of a re-run waits for: what the delay adds to it.
function Get-RoundTrip([string] $Stage) {
    $near = Get-Session 0
    $far = Get-Session 80
    if ($near -and $far) { ($far.AgainStages.$Stage - $near.AgainStages.$Stage) / 0.08 }
}

# Over an empty pwsh.
function Get-Memory([int] $Nodes) {
    $peak = if ($Nodes -eq 3) { (Get-Session 0)?.PeakMB } else { Get-Figure $Nodes 0 SwarmOps ssh PeakMB }
    if ($start -and $peak) { $peak - $start.EmptyPeakMB }
}

$most = @('join', 'promote', 'overlay' | ForEach-Object { Get-RoundTrip $_ } | Measure-Object -Maximum).Maximum
$targets = @(
    New-Target 'SwarmOps / limit, 3 nodes, sockets, within the process' (Get-Ratio (Get-Figure 3 0 SwarmOps socket Pipeline) (Get-Figure 3 0 limit socket Pipeline)) -Most 1.15
    New-Target 'SwarmOps / limit, 10 nodes, sockets' (Get-Ratio (Get-Figure 10 0 SwarmOps socket Pipeline) (Get-Figure 10 0 limit socket Pipeline)) -Most 1.25
    New-Target 'SwarmOps / limit, 30 nodes, sockets' (Get-Ratio (Get-Figure 30 0 SwarmOps socket Pipeline) (Get-Figure 30 0 limit socket Pipeline)) -Most 1.25
    New-Target 'SwarmOps / docker CLI, whole process, sockets' (Get-Ratio (Get-Figure 3 0 SwarmOps socket Seconds) (Get-Figure 3 0 'docker CLI' socket Seconds)) -Most 0.8
    New-Target 'SwarmOps / docker CLI, SSH, 0 ms' (Get-Ratio (Get-Figure 3 0 SwarmOps ssh Seconds) (Get-Figure 3 0 'docker CLI' ssh Seconds)) -Most 1
    New-Target 'SwarmOps / docker CLI, SSH, 80 ms' (Get-Ratio (Get-Figure 3 80 SwarmOps ssh Seconds) (Get-Figure 3 80 'docker CLI' ssh Seconds)) -Most 0.85
    New-Target 'Ansible / SwarmOps, sockets' (Get-Ratio (Get-Figure 3 0 Ansible socket Seconds) (Get-Figure 3 0 SwarmOps socket Seconds)) -Least 1.5
    New-Target 'Ansible / SwarmOps, SSH' (Get-Ratio (Get-Figure 3 0 Ansible ssh Seconds) (Get-Figure 3 0 SwarmOps ssh Seconds)) -Least 3
    New-Target '30 nodes over SSH / limit over sockets' (Get-Ratio (Get-Figure 30 0 SwarmOps ssh Pipeline) (Get-Figure 30 0 limit socket Pipeline)) -Most 2
    New-Target '30 nodes over SSH, processor time of our process' (Get-Figure 30 0 SwarmOps ssh ProcessorSeconds) -Most 5 -Unit ' s'
    New-Target 'Test-SwarmOverlay, 3 nodes' (Get-Set $observe 3 'Test-SwarmOverlay') -Most 2 -Unit ' s'
    New-Target 'Test-SwarmOverlay, 30 nodes' (Get-Set $observe 30 'Test-SwarmOverlay') -Most 10 -Unit ' s'
    New-Target 'Get-Swarm, 30 nodes, warm' (Get-Set $observe 30 'Get-Swarm') -Most 1 -Unit ' s'
    New-Target 'Get-SwarmNode, 30 nodes, warm' (Get-Set $observe 30 'Get-SwarmNode') -Most 1 -Unit ' s'
    New-Target 'Again with nothing to do, 3 nodes, SSH, warm' ((Get-Session 0)?.AgainSeconds) -Most 0.4 -Unit ' s'
    New-Target 'Round trips one after the other in a stage of that, at most (without the first stage, which connects)' $most -Most 4 -Digits 1
    New-Target 'New-SwarmService / docker service create, 0 ms' (Get-ServiceRatio 0) -Most 1
    New-Target 'New-SwarmService / docker service create, 80 ms' (Get-ServiceRatio 80) -Most 1
    New-Target 'New-GaleraService, 3 nodes' (${galera}?.Seconds) -Most 30 -Unit ' s' -Digits 1
    New-Target 'Import-Module, over an empty pwsh' $(if ($start) { ($start.LoadedSeconds - $start.EmptySeconds) * 1000 }) -Most 100 -Unit ' ms' -Digits 0
    New-Target 'Memory of the pipeline at its peak, 3 nodes, SSH, over an empty pwsh' (Get-Memory 3) -Most 60 -Unit ' MB' -Digits 0
    New-Target 'Memory of the pipeline at its peak, 30 nodes, SSH, over an empty pwsh' (Get-Memory 30) -Most 120 -Unit ' MB' -Digits 0
    New-Target 'The package' (${start}?.PackageMB) -Most 20 -Unit ' MB' -Digits 1
    New-Target 'EC2 calls a node and region, 10 regions' $(if ($ec2) { $ec2.Sets | Where-Object Regions -eq 10 | ForEach-Object CallsEach }) -Most 18 -Digits 1
)

function Format-Range([double[]] $Values) {
    $range = $Values | Measure-Object -Minimum -Maximum
    "$(Format-Number $range.Minimum) - $(Format-Number $range.Maximum)"
}

# The table of one scenario.
function Get-ScenarioText([object] $Scenario) {
    $limitSeconds = Get-Figure $Scenario.Nodes $Scenario.Delay limit socket Pipeline
    "### $($Scenario.Nodes) nodes, $($Scenario.Managers) managers, round trip $($Scenario.Delay) ms"
    ''
    '| | way | whole process | lowest - highest | within it | of the limit | rounds | failed |'
    '|---|---|---|---|---|---|---|---|'
    foreach ($one in $Scenario.Contenders | Where-Object { $_.Runs.Count }) {
        $within = Get-Figure $Scenario.Nodes $Scenario.Delay $one.Who $one.Way Pipeline
        $ratio = Get-Ratio $within $limitSeconds
        "| $($one.Who) | $($ways[$one.Way]) | $(Format-Number (Get-Median $one.Runs.Seconds) 2) s | $(Format-Range $one.Runs.Seconds) s | $(if ($null -ne $within) { "$(Format-Number $within 2) s" }) | " +
        "$(if ($null -ne $ratio) { Format-Number $ratio 2 }) | $($one.Runs.Count) | $($one.Failures.Count) |"
    }
    ''
}

$stageNames = 'start and end', 'initialize', 'join', 'promote', 'overlay'

# Stages of a contender as medians, in order. What is no stage is the start of the process and its end; the limit's is not its point.
function Get-StageMedian([object] $Contender) {
    $stages = [ordered] @{}
    if ($Contender.Who -ne 'limit') {
        $stages['start and end'] = Get-Median @($Contender.Runs | ForEach-Object { $_.Seconds - ($_.Stages.PSObject.Properties.Value | Measure-Object -Sum).Sum })
    }
    foreach ($stage in $stageNames | Select-Object -Skip 1) { $stages[$stage] = Get-Median @($Contender.Runs | ForEach-Object { $_.Stages.$stage }) }
    $stages
}

$panels = @(foreach ($scenario in $scenarios | Where-Object Nodes -eq 3) {
        foreach ($way in 'socket', 'ssh') {
            $bars = @(foreach ($one in $scenario.Contenders | Where-Object { $_.Way -eq $way -and $_.Runs.Count }) { [pscustomobject]@{ Name = $one.Who; Parts = Get-StageMedian $one } })
            if ($bars) { [pscustomobject]@{ Title = "3 nodes, $($ways[$way]), round trip $($scenario.Delay) ms"; Bars = $bars } }
        }
    })
if ($panels) {
    New-StageChart 'From bare engines to three managers and an encrypted overlay' $panels $stageNames | Set-Content (Join-Path $PSScriptRoot stages.svg)
}

$lines = @(foreach ($series in @('limit', 'socket', 'Pipeline'), @('SwarmOps', 'socket', 'Pipeline'), @('SwarmOps', 'ssh', 'Pipeline'), @('docker CLI', 'socket', 'Seconds')) {
        $points = [System.Collections.Generic.SortedDictionary[int, double]]::new()
        foreach ($nodes in 3, 10, 30) {
            $seconds = Get-Figure $nodes 0 $series[0] $series[1] $series[2]
            if ($null -ne $seconds) { $points[$nodes] = $seconds }
        }
        if ($points.Count) { [pscustomobject]@{ Name = "$($series[0]), $($ways[$series[1]])"; Points = $points } }
    })
if ($lines) {
    New-NodeChart 'Seconds over the number of nodes, without delay' $lines | Set-Content (Join-Path $PSScriptRoot nodes.svg)
}

function Get-TimelineText([object[]] $Events) {
    '```'
    foreach ($event in $Events) { '{0,7} s  {1,-14} {2}' -f (Format-Number $event.At 2), $event.Node, $event.What }
    '```'
    ''
}

# How a part of the results is called.
function Get-PartName([object] $Part) {
    if ($Part -in $scenarios) { "pipeline, $($Part.Nodes) nodes, $($Part.Delay) ms" }
    elseif ($Part -in $services) { "service, $($Part.Delay) ms" }
    elseif ($Part -eq $start) { 'import' } elseif ($Part -in $sessions) { "session, $($Part.Delay) ms" } elseif ($Part -eq $observe) { 'observe' } elseif ($Part -eq $galera) { 'galera' } else { 'ec2' }
}

$text = @(
    '# Results of the benchmarks'
    ''
    '`./build.sh bench` measures all of this and writes this page. Every figure is a median; contenders of one table took turns on one lab, and each round began with another one. Engines were bare before each run, the'
    'processors idle, and afterwards the swarm was checked from outside. Each run is a process of its own that opens its own connections.'
    ''
    if ($few = $parts | Where-Object { $_.Rounds -lt 7 }) {
        "Fewer than seven rounds, where a run is long: $(($few | ForEach-Object { "$(Get-PartName $_) ($($_.Rounds))" }) -join '; ')."
        ''
    }
    if ($disturbed = $parts | Where-Object { $_.PSObject.Properties['RestlessStarts'] -and $_.RestlessStarts }) {
        "**Measured beside other work, and so no measure:** $(($disturbed | ForEach-Object { "$(Get-PartName $_) ($($_.RestlessStarts) runs)" }) -join '; '). Measure again on a machine that does nothing else."
        ''
    }
    if ($whole) {
        "The last whole run ended at $($whole.Date) and took $(Format-Number ($whole.Seconds / 60) 1) minutes.$(if ($whole.LeftOut) { " Left out, because of its budget of $($whole.BudgetMinutes) minutes: $($whole.LeftOut -join ', ')." })"
        ''
    }
    '| measured | rounds | when (UTC) | commit | engine |'
    '|---|---|---|---|---|'
    foreach ($part in $parts) { "| $(Get-PartName $part) | $($part.Rounds) | $($part.Date) | $($part.Commit) | $($part.Engine) |" }
    ''
    "Machine: $(($parts.Machine | Select-Object -Unique) -join '; and ')."
    ''
    '## Targets'
    ''
    '| what | target | measured | |'
    '|---|---|---|---|'
    $targets
    ''
    '## From bare engines to managers and an encrypted overlay'
    ''
    '- **limit** (bench/limit): raw HTTP over the sockets, with every wait of the pipeline and nothing else: what the engine allows. Its time is that within the process, its connections open.'
    '- **docker CLI** (bench/by-hand.sh): an admin''s script. It neither tests addresses before it changes something, nor places the NAT rule, which SwarmOps does over SSH.'
    '- **Ansible** (bench/ansible): community.docker of Debian 12. Over SSH its modules run on the hosts, with ControlPersist and pipelining.'
    '- After a promotion a new manager''s own API serves about 0.5 or 1.5 s later, by the engine''s luck (its first connection to itself may come too early, and its next try a second later).'
    ''
    foreach ($scenario in $scenarios) { Get-ScenarioText $scenario }
    if ($panels) {
        '![Seconds of each stage, side by side; the numbers are in the table below](stages.svg)'
        ''
        "| 3 nodes | $($stageNames -join ' | ') |"
        "|---|$('---|' * $stageNames.Count)"
        foreach ($panel in $panels) {
            foreach ($bar in $panel.Bars) {
                "| $($bar.Name), $($panel.Title -replace '^3 nodes, ') | $(($stageNames | ForEach-Object { if ($bar.Parts.Contains($_)) { "$(Format-Number $bar.Parts[$_] 2) s" } else { '' } }) -join ' | ') |"
            }
        }
        ''
    }
    if ($lines) {
        '![Seconds over the number of nodes; the numbers are in the tables above](nodes.svg)'
        ''
    }
    if ($start -or $sessions) {
        '## A session'
        ''
    }
    if ($start) {
        "An empty pwsh takes $(Format-Number $start.EmptySeconds 2) s and $(Format-Number $start.EmptyMB 0) MB ($(Format-Number $start.EmptyPeakMB 0) MB at its peak), with the module $(Format-Number $start.LoadedSeconds 2) s and $(Format-Number $start.LoadedMB 0) MB."
        ''
    }
    if ($sessions) {
        'Three nodes over SSH:'
        ''
        '| round trip | pipeline | processor time | memory at the end | at its peak | again, warm | its stages: initialize, join, promote, overlay |'
        '|---|---|---|---|---|---|---|'
        foreach ($one in $sessions) {
            "| $($one.Delay) ms | $(Format-Number $one.PipelineSeconds 2) s | $(Format-Number $one.ProcessorSeconds 2) s | $(Format-Number $one.WorkingSetMB 0) MB | $(Format-Number $one.PeakMB 0) MB | $(Format-Number $one.AgainSeconds 2) s | " +
            "$(($one.AgainStages.PSObject.Properties | ForEach-Object { Format-Number $_.Value 2 }) -join ', ') s |"
        }
        ''
        if ($sessions.Count -gt 1) {
            "What 80 ms add to each stage of that re-run, in round trips: $(('initialize', 'join', 'promote', 'overlay' | ForEach-Object { "$_ $(Format-Number (Get-RoundTrip $_))" }) -join ', '). The first stage opens the SSH connections."
            ''
        }
    }
    if ($observe) {
        '## Looking at a swarm'
        ''
        '| nodes | Get-Swarm | Get-SwarmNode | Test-SwarmOverlay |'
        '|---|---|---|---|'
        foreach ($one in $observe.Sets) { "| $($one.Nodes) | $(Format-Number $one.'Get-Swarm' 2) s | $(Format-Number $one.'Get-SwarmNode' 2) s | $(Format-Number $one.'Test-SwarmOverlay' 2) s |" }
        ''
    }
    if ($services) {
        '## Services'
        ''
        'A global service of three tasks, until it has converged, and each cmdlet once:'
        ''
        "| | $(($services | ForEach-Object { "$($_.Delay) ms" }) -join ' | ') | engine calls, commands |"
        "|---|$('---|' * ($services.Count + 1))"
        foreach ($who in $services[0].Contenders.Who) {
            "| $who (median of $($services[0].Rounds)) | $(($services | ForEach-Object { "$(Format-Number ($_.Contenders | Where-Object Who -eq $who).Seconds 2) s" }) -join ' | ') | |"
        }
        foreach ($stage in $services[0].Stages.Stage) {
            $first = $services[0].Stages | Where-Object Stage -eq $stage
            "| $stage | $(($services | ForEach-Object { "$(Format-Number ($_.Stages | Where-Object Stage -eq $stage).Seconds 2) s" }) -join ' | ') | $($first.Calls), $($first.Commands) |"
        }
        ''
        foreach ($timeline in $services[0].Timelines.PSObject.Properties) {
            "$($timeline.Name), by the engines' events:"
            ''
            Get-TimelineText $timeline.Value
        }
    }
    if ($galera) {
        '## Galera'
        ''
        "``New-GaleraService`` on three nodes: $(Format-Number $galera.Seconds) s (rounds: $(($galera.Runs | ForEach-Object { Format-Number $_ }) -join ', ') s). One of them, by the engines' events and the servers' logs:"
        ''
        Get-TimelineText $galera.Timeline
    }
    if ($ec2) {
        '## EC2'
        ''
        '| regions | first node | last node | again | removed | EC2 calls a node and region |'
        '|---|---|---|---|---|---|'
        foreach ($one in $ec2.Sets) { "| $($one.Regions) | $(Format-Number $one.First) s | $(Format-Number $one.Last) s | $(Format-Number $one.Again) s | $(Format-Number $one.Removed) s | $(Format-Number $one.CallsEach) |" }
        ''
    }
)
Set-Content (Join-Path $PSScriptRoot RESULTS.md) (($text -join "`n").TrimEnd() + "`n") -NoNewline
"bench/RESULTS.md: $(@($targets -match '\| reached \|').Count) targets reached, $(@($targets -match 'not reached').Count) not, $(@($targets -match 'not measured').Count) not measured."
