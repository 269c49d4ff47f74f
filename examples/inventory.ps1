# At the prompt: a spreadsheet of machines becomes a swarm. Each line can be typed by itself.
# The columns are named after the parameters of New-SwarmNode:
#   Name,Region,PublicAddress,PrivateAddress,User,KeyFilePath,HostKeyFingerprint
param(
    [Parameter(Mandatory)] [string] $Path,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

$nodes = Import-Csv $Path | New-SwarmNode

# What is wrong comes out as a table, and nothing is changed. No row: all is well.
$findings = $nodes | Test-SwarmNode | Where-Object Result -EQ Fail
if ($findings) {
    $findings | Format-Table Node, Peer, Check, Detail, RecommendedAction -Wrap
    throw 'The machines are not fit for a swarm yet.'
}

$nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
Get-Swarm $nodes
