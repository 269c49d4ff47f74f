# Nothing else runs when a measurement begins.

# How many runs began although other work kept the processors busy: what they measured is no measure, and the results say so.
$restless = @{ Starts = 0 }

# Seconds between the runs, by what they went to.
$between = @{ Reset = 0.0; Quiet = 0.0 }

# Waits until the processors have been idle for the most part of the last 200 ms. The same wait for every run, and a short one: an engine that has left its swarm uses 1 ms of a processor in that
# time, so what keeps a machine busy for longer than a second is other work, which is counted and not waited for.
function Wait-Quiet {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    do {
        $before = Read-IdleTime
        Start-Sleep -Milliseconds 200
        $busy = Get-BusyShare $before (Read-IdleTime)
    } while ($busy -gt 0.25 -and $clock.Elapsed.TotalSeconds -lt 1)
    if ($busy -gt 0.25) { $restless.Starts++ }
    $between.Quiet += $clock.Elapsed.TotalSeconds
}

# What lay between the runs of a scenario.
function Get-BetweenText([int] $Runs) {
    $each = [System.Math]::Max(1, $Runs)
    "Before each of the $Runs runs: $(Format-Number ($between.Reset / $each)) s to make the engines bare, $(Format-Number ($between.Quiet / $each)) s until the machine was quiet; $($restless.Starts) began on a busy machine."
}

function Read-IdleTime {
    $ticks = [long[]] ([System.IO.File]::ReadAllText('/proc/stat').Split("`n")[0] -split ' +')[1..8]
    [pscustomobject]@{ Idle = $ticks[3] + $ticks[4]; All = ($ticks | Measure-Object -Sum).Sum }
}

# Between two looks at the processors' ticks; 0 when no tick has passed.
function Get-BusyShare([object] $Before, [object] $After) {
    $all = $After.All - $Before.All
    if ($all -le 0) { return 0.0 }
    1 - ($After.Idle - $Before.Idle) / $all
}
