# What a session pays for the module: memory and processor time of the pipeline, and the same line again when there is nothing to do. Three nodes over SSH, without delay and with 80 ms. Needs root, as
# the lab does.
param(
    # How many sessions there are without delay.
    [int] $Rounds = 3,
    [string[]] $Delay = @('0', '80'),

    # How often the pipeline is run again within a session; the first time does not count.
    [int] $Again = 6,

    # A lab that stays up, for what is measured next on it; with one delay only.
    [string] $SharedLab = ''
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

# Sessions that run the pipeline from bare engines, and then again with nothing to do.
function Measure-Session([int] $Milliseconds) {
    $name = if ($SharedLab) { $SharedLab } else { 'benchsession' }
    try {
        $status = Start-BenchLab $name 3 $Milliseconds
        $runs = for ($round = 1; $round -le $(if ($Milliseconds) { 1 } else { $Rounds }); $round++) {
            Reset-Engine $name $status.hosts
            Measure-SwarmOps $status 3 ssh @('-Again', "$Again")
        }
        # Each session's first repetition still compiles.
        $repeats = @($runs | ForEach-Object { $_.Again | Select-Object -Skip 1 })
        $stages = [ordered] @{}
        foreach ($stage in $repeats[0].Stages.PSObject.Properties.Name) { $stages[$stage] = Get-Median @($repeats | ForEach-Object { $_.Stages.$stage }) }
        $session = [ordered] @{
            Rounds = @($runs).Count; Delay = $Milliseconds; PipelineSeconds = Get-Median $runs.Pipeline; ProcessorSeconds = Get-Median $runs.ProcessorSeconds
            WorkingSetMB = Get-Median $runs.WorkingSetMB; PeakMB = Get-Median $runs.PeakMB
            AgainSeconds = Get-Median $repeats.Pipeline; AgainStages = $stages
        }
        Save-Result "session-$Milliseconds" $status.hosts[0].engineVersion $session
    }
    finally {
        if (-not $SharedLab) { Stop-BenchLab $name }
    }
    '{0} ms: pipeline {1} s, {2} MB at its end, {3} MB at most; again {4} s ({5})' -f $session.Delay, (Format-Number $session.PipelineSeconds 2), (Format-Number $session.WorkingSetMB 0),
        (Format-Number $session.PeakMB 0), (Format-Number $session.AgainSeconds 2), (($session.AgainStages.Keys | ForEach-Object { "$_ $(Format-Number $session.AgainStages[$_] 2)" }) -join ', ')
}

foreach ($milliseconds in $Delay.Split(',')) { Measure-Session $milliseconds }
