# A whole run: every step of lib/plan.ps1, then the report. Prints first what will run and how long that should take, and at the end how long it took.
param(
    # Of the pipeline with three nodes, and of the import. With ten and thirty nodes there are fewer.
    [ValidateRange(1, 1000)] [int] $Rounds = 7,

    # Minutes for the whole, 0 for as long as it takes: a step that would end later is left out, and the results say so.
    [ValidateRange(0, 1440)] [double] $Budget = 0,

    # Seconds that are gone already, for the build.
    [double] $Spent = 0,

    # Scripts that cannot run here.
    [string[]] $Without = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

# Runs one step; false when it failed: the others go on.
function Invoke-Step([object] $Step) {
    $with = $Step.With.Clone()
    if ($Step.Lab) { $with.SharedLab = $Step.Lab }
    if ($Step.Script -eq 'pipeline') { $with.Limit = $limit }
    try {
        & (Join-Path $PSScriptRoot "$($Step.Script).ps1") @with | Out-Default
        $true
    }
    catch {
        $Host.UI.WriteErrorLine("$($Step.Name): $($_.Exception.Message)")
        if ($_.Exception -isnot [System.ApplicationException]) { $Host.UI.WriteErrorLine($_.ScriptStackTrace) }
        $false
    }
}

$clock = [System.Diagnostics.Stopwatch]::StartNew()
$steps = @(Get-BenchStep $Rounds | Where-Object Script -NotIn $Without)
# Nothing of an earlier run may get among the results, or hold a lab.
Remove-Item (Join-Path $resultFolder *.json)
foreach ($left in $steps.Lab | Where-Object { $_ } | Select-Object -Unique) { Stop-BenchLab $left }

Get-PlanText $steps $Spent
$limit = if ('pipeline' -in $steps.Script) { Build-Limit }
$done = [System.Collections.Generic.List[object]]::new()
$up = ''
try {
    for ($place = 0; $place -lt $steps.Count; $place++) {
        $step = $steps[$place]
        $begun = $clock.Elapsed.TotalSeconds
        if (Test-Budget $step ($Spent + $begun) $Budget) {
            "--- $($step.Name)"
            $up = $step.Lab
            $outcome = if (Invoke-Step $step) { 'done' } else { 'failed' }
        }
        else {
            $outcome = 'left out'
        }
        $nextLab = if ($place + 1 -lt $steps.Count) { $steps[$place + 1].Lab } else { '' }
        if ($up -and $nextLab -ne $up) {
            Stop-BenchLab $up
            $up = ''
        }
        $done.Add([pscustomobject]@{ Name = $step.Name; Expected = $step.Seconds; Seconds = $clock.Elapsed.TotalSeconds - $begun; Outcome = $outcome })
    }
}
finally {
    if ($up) { Stop-BenchLab $up }
}

$seconds = $Spent + $clock.Elapsed.TotalSeconds
$leftOut = @($done | Where-Object Outcome -eq 'left out' | ForEach-Object Name)
Save-Result 'run' '' @{ Seconds = $seconds; BudgetMinutes = $Budget; LeftOut = $leftOut; Steps = @($done) }
Get-OutcomeText $done $seconds
& (Join-Path $PSScriptRoot report.ps1) | Out-Default
if ($failed = @($done | Where-Object Outcome -eq 'failed' | ForEach-Object Name)) {
    throw [System.ApplicationException]::new("Not every benchmark succeeded: $($failed -join ', ').")
}
