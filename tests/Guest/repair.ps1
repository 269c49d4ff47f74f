# In the guest of `lab/lab vm`: what mends the encrypted overlay of lab/vm-proof is the module itself. It may run more than once.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [Parameter(Mandatory)] [string] $Module
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module
# Of the lab; build/nightly.ps1 lays it beside.
. $PSScriptRoot/nodes.ps1
$nodes = Get-LabNode $StatusPath

# An emulated processor is some ten times slower.
$overlay = $nodes | New-EncryptedOverlay -Name secret -ConnectionTimeoutSeconds 300 -TimeoutSeconds 1200
$overlay | Out-Default
$missing = @($nodes | Get-SwarmOverlay -Name secret -ConnectionTimeoutSeconds 300 | ForEach-Object { $_.NatRepairs } | Where-Object { $_.RuleNeeded -and -not ($_.RuleActive -and $_.RulePersistent) })
if ($missing) {
    throw "The rule is missing on $($missing.Count) nodes."
}
