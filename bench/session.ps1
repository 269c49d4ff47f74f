# What a session pays for the module: the import over an empty pwsh, memory and processor time of the pipeline, and the same line again when there is nothing to do. Three nodes over SSH,
# without delay and with 80 ms. Needs root, as the lab does.
param(
    [int] $Rounds = 7,

    # How often the pipeline is run again within a session; the first time does not count.
    [int] $Again = 6
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. $PSScriptRoot/lib/common.ps1

# Taking turns: what slows the machine down for a while slows both.
$empty = [System.Collections.Generic.List[object]]::new()
$loaded = [System.Collections.Generic.List[object]]::new()
for ($round = 0; $round -le $Rounds; $round++) {
    foreach ($kind in 'empty', 'loaded') {
        $arguments = @('-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot lib empty.ps1); if ($kind -eq 'loaded') { '-Module', $env:SWARMOPS_MODULE })
        $run = Measure-Program $env:SWARMOPS_PWSH $arguments
        # The first of each reads its files from disk.
        if ($round -gt 0) {
            (Get-Variable $kind -ValueOnly).Add(($run.LastLine | ConvertFrom-Json | Add-Member Seconds $run.Seconds -PassThru))
        }
    }
}

$name = 'benchsession'
$sessions = foreach ($delay in 0, 80) {
    try {
        $status = Start-BenchLab $name 3 $delay
        $runs = for ($round = 1; $round -le $(if ($delay) { 1 } else { 3 }); $round++) {
            Reset-Engine $name $status.hosts
            Measure-SwarmOps $status 3 ssh @('-Again', "$Again")
        }
        # Each session's first repetition still compiles.
        $repeats = @($runs | ForEach-Object { $_.Again | Select-Object -Skip 1 })
        $stages = [ordered] @{}
        foreach ($stage in $repeats[0].Stages.PSObject.Properties.Name) { $stages[$stage] = Get-Median @($repeats | ForEach-Object { $_.Stages.$stage }) }
        [ordered] @{
            Delay = $delay; PipelineSeconds = Get-Median $runs.Pipeline; ProcessorSeconds = Get-Median $runs.ProcessorSeconds
            WorkingSetMB = Get-Median $runs.WorkingSetMB; PeakMB = Get-Median $runs.PeakMB
            AgainSeconds = Get-Median $repeats.Pipeline; AgainStages = $stages
        }
        $engine = $status.hosts[0].engineVersion
    }
    finally {
        Stop-BenchLab $name
    }
}

# As the gallery gets it.
$zip = Join-Path $work package.zip
Remove-Item $zip -ErrorAction Ignore
[System.IO.Compression.ZipFile]::CreateFromDirectory((Split-Path $env:SWARMOPS_MODULE), $zip)
$figures = [ordered] @{
    PackageMB = (Get-Item $zip).Length / 1MB
    Rounds = $Rounds
    EmptySeconds = Get-Median $empty.Seconds; LoadedSeconds = Get-Median $loaded.Seconds
    EmptyMB = Get-Median $empty.WorkingSetMB; EmptyPeakMB = Get-Median $empty.PeakMB; LoadedMB = Get-Median $loaded.WorkingSetMB
    Sessions = @($sessions)
}
Remove-Item $zip
Save-Result 'session' $engine $figures

'pwsh alone {0} s and {1} MB, with the module {2} s and {3} MB: medians of {4}' -f (Format-Number $figures.EmptySeconds 2), (Format-Number $figures.EmptyMB 0), (Format-Number $figures.LoadedSeconds 2), (Format-Number $figures.LoadedMB 0), $Rounds
foreach ($session in $sessions) {
    '{0} ms: pipeline {1} s, {2} MB at its end, {3} MB at most; again {4} s ({5})' -f $session.Delay, (Format-Number $session.PipelineSeconds 2), (Format-Number $session.WorkingSetMB 0),
        (Format-Number $session.PeakMB 0), (Format-Number $session.AgainSeconds 2), (($session.AgainStages.Keys | ForEach-Object { "$_ $(Format-Number $session.AgainStages[$_] 2)" }) -join ', ')
}
