# From bare engines on three continents to a swarm with three managers and an encrypted overlay.
# Hosts come from the lab (the file that `lab/lab status --json` writes), or from any JSON of the same form.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

$status = [System.Text.Json.JsonDocument]::Parse([System.IO.File]::ReadAllText($StatusPath)).RootElement
$nodes = foreach ($labHost in $status.GetProperty('hosts').EnumerateArray()) {
    [pscustomobject]@{
        Name               = $labHost.GetProperty('name').GetString()
        Region             = $labHost.GetProperty('region').GetString()
        PublicAddress      = $labHost.GetProperty('publicAddress').GetString()
        PrivateAddress     = $labHost.GetProperty('privateAddress').GetString()
        User               = $labHost.GetProperty('user').GetString()
        KeyFilePath        = $labHost.GetProperty('keyFile').GetString()
        HostKeyFingerprint = $labHost.GetProperty('hostKeyFingerprint').GetString()
    } | New-SwarmNode
}

"`n# The hosts`n"
$nodes

"`n# Before anything is changed: is the set fit for a swarm? (what did not pass)`n"
$nodes | Test-SwarmNode | Where-Object Result -NE Pass

"`n# The plan`n"
$nodes | Initialize-Swarm -WhatIf

"`n# From bare engines to three managers and an encrypted overlay`n"
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$overlay = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$overlay
"`nDone in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

"`n# The swarm`n"
$nodes | Get-Swarm
$nodes | Get-SwarmNode

"`n# The same line again: nothing is changed`n"
$clock.Restart()
$nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
"`nDone in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds
