# The pipeline once, from bare engines; prints its own seconds, the working set in MB, and with -Verbose the round trips. For pipeline.ps1.
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

$status = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText($StatusPath)).RootElement
$nodes = foreach ($labHost in $status.GetProperty('hosts').EnumerateArray()) {
    $description = @{
        Name           = $labHost.GetProperty('name').GetString()
        Region         = $labHost.GetProperty('region').GetString()
        PublicAddress  = $labHost.GetProperty('publicAddress').GetString()
        PrivateAddress = $labHost.GetProperty('privateAddress').GetString()
    }
    if ($LocalSocket) {
        $description.DockerHost = 'unix://' + $labHost.GetProperty('dockerSocket').GetString()
    }
    else {
        $description.User = $labHost.GetProperty('user').GetString()
        $description.KeyFilePath = $labHost.GetProperty('keyFile').GetString()
        $description.HostKeyFingerprint = $labHost.GetProperty('hostKeyFingerprint').GetString()
    }
    New-SwarmNode @description
}

# Commands on a host go the way of its endpoint: for a socket that is this machine, so what needs the host is left out there.
$untested = @{ SkipReachabilityTest = [bool] $LocalSocket }
$unmended = @{ SkipNatRepair = [bool] $LocalSocket }
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$null = $nodes | Initialize-Swarm @untested | Join-SwarmAsWorker @untested | Step-SwarmPromotion | New-EncryptedOverlay -Name internal @unmended -WarningAction SilentlyContinue
$invariant = [cultureinfo]::InvariantCulture
'{0} {1} {2}' -f $clock.Elapsed.TotalSeconds.ToString('0.00', $invariant), $import.ElapsedMilliseconds, [int] ([System.Diagnostics.Process]::GetCurrentProcess().WorkingSet64 / 1MB)
