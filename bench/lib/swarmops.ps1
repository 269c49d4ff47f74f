# The pipeline once, from bare engines; prints its own seconds, the import's milliseconds and the working set in MB. For pipeline.ps1.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $StatusPath,
    [switch] $LocalSocket
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$import = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$import.Stop()

. $PSScriptRoot/../../lab/nodes.ps1
$nodes = Get-LabNode $StatusPath -LocalSocket:$LocalSocket

# Commands on a host go the way of its endpoint: for a socket that is this machine, so what needs the host is left out there.
$untested = @{ SkipReachabilityTest = [bool] $LocalSocket }
$unmended = @{ SkipNatRepair = [bool] $LocalSocket }
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$null = $nodes | Initialize-Swarm @untested | Join-SwarmAsWorker @untested | Step-SwarmPromotion | New-EncryptedOverlay -Name internal @unmended -WarningAction SilentlyContinue
$invariant = [cultureinfo]::InvariantCulture
'{0} {1} {2}' -f $clock.Elapsed.TotalSeconds.ToString('0.00', $invariant), $import.ElapsedMilliseconds, [int] ((Get-Process -Id $PID).WorkingSet64 / 1MB)
