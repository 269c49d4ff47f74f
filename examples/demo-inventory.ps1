# From engines in no swarm, in three regions, to a swarm with three managers and an encrypted overlay.
# The hosts come from the lab (the output of `lab/lab status --json`), or from any JSON in the same format.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

. $PSScriptRoot/../lab/nodes.ps1
$nodes = Get-LabNode $StatusPath

# Out-Default ends each table before the next one starts.
"`n# The hosts"
$nodes | Out-Default

"# Before anything is changed: are the nodes ready for a swarm?"
$findings = $nodes | Test-SwarmNode
"`n{0} checks, {1} passed.`n" -f @($findings).Count, @($findings | Where-Object Result -EQ Pass).Count
$findings | Where-Object { $_.Result -ne 'Pass' -and $_.Check -ne 'EngineDefect' } | Out-Default
"Known defects of these engines: {0} (Test-SwarmNode lists them, docs/engines.md has the table).`n" -f @($findings | Where-Object { $_.Result -ne 'Pass' -and $_.Check -eq 'EngineDefect' }).Count

"# Preview`n"
$nodes | Initialize-Swarm -WhatIf

"`n# From engines in no swarm to three managers and an encrypted overlay"
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$overlay = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$overlay | Out-Default
"Done in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

"# The swarm"
$nodes | Get-Swarm | Out-Default
$nodes | Get-SwarmNode | Out-Default

"# The same command again: nothing is changed"
$clock.Restart()
$nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal | Out-Default
"Done in {0:0.0} s." -f $clock.Elapsed.TotalSeconds
