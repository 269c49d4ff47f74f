# The pipeline from bare engines, in a process of its own; prints what it took as one line of JSON. For the other scripts.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $StatusPath,
    [int] $ManagerCount = 3,
    [switch] $LocalSocket,

    # How often the same line is run again afterwards, in the same session.
    [int] $Again = 0
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$process = [System.Diagnostics.Process]::GetCurrentProcess()
$import = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$import.Stop()

. $PSScriptRoot/../../lab/nodes.ps1
$nodes = Get-LabNode $StatusPath -LocalSocket:$LocalSocket

# Commands on a host go the way of its endpoint: for a socket that is this machine, so what needs the host is left out there.
$untested = @{ SkipReachabilityTest = [bool] $LocalSocket }
$unmended = @{ SkipNatRepair = [bool] $LocalSocket }

# Stages collect their nodes: when the last one leaves a stage, the stage is over.
filter Set-Mark([string] $Stage) {
    $marks[$Stage] = $clock.Elapsed.TotalSeconds
    $_
}

function Measure-Pipeline {
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $marks = [ordered] @{}
    $process.Refresh()
    $before = $process.TotalProcessorTime
    $null = $nodes |
        Initialize-Swarm @untested | Set-Mark initialize |
        Join-SwarmAsWorker @untested | Set-Mark join |
        Step-SwarmPromotion -ManagerCount $ManagerCount @untested | Set-Mark promote |
        New-EncryptedOverlay -Name internal @unmended -WarningAction SilentlyContinue | Set-Mark overlay
    $seconds = $clock.Elapsed.TotalSeconds
    $process.Refresh()
    $stages = [ordered] @{}
    $begun = 0.0
    foreach ($stage in $marks.Keys) {
        $stages[$stage] = $marks[$stage] - $begun
        $begun = $marks[$stage]
    }
    [ordered] @{ Pipeline = $seconds; Stages = $stages; ProcessorSeconds = ($process.TotalProcessorTime - $before).TotalSeconds }
}

$told = Measure-Pipeline
$told.ImportMilliseconds = $import.Elapsed.TotalMilliseconds
$told.WorkingSetMB = $process.WorkingSet64 / 1MB
$told.PeakMB = $process.PeakWorkingSet64 / 1MB
if ($Again) {
    $told.Again = @(for ($run = 0; $run -lt $Again; $run++) { Measure-Pipeline })
}
$told | ConvertTo-Json -Depth 5 -Compress
