# From bare engines on three continents to a swarm with three managers and an encrypted overlay.
# Hosts come from the lab (the file that `lab/lab status --json` writes), or from any JSON of the same form.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

. $PSScriptRoot/../lab/nodes.ps1
$nodes = Get-LabNode $StatusPath

# Each table is drawn by itself: Out-Default ends one before the next begins.
"`n# The hosts"
$nodes | Out-Default

"# Before anything is changed: is the set fit for a swarm?"
$findings = $nodes | Test-SwarmNode
"`n{0} checks, {1} passed.`n" -f @($findings).Count, @($findings | Where-Object Result -EQ Pass).Count
$findings | Where-Object Result -NE Pass | Out-Default

"# The plan`n"
$nodes | Initialize-Swarm -WhatIf

"`n# From bare engines to three managers and an encrypted overlay"
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$overlay = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$overlay | Out-Default
"Done in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

"# The swarm"
$nodes | Get-Swarm | Out-Default
$nodes | Get-SwarmNode | Out-Default

"# The same line again: nothing is changed"
$clock.Restart()
$nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal | Out-Default
"Done in {0:0.0} s." -f $clock.Elapsed.TotalSeconds
