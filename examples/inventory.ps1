# At the prompt: turns a spreadsheet of machines into a swarm. Each line can also be typed on its own.
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

# Problems are shown as a table, and nothing is changed. No rows mean that all checks passed.
$findings = $nodes | Test-SwarmNode | Where-Object Result -EQ Fail
if ($findings) {
    $findings | Format-Table Node, Peer, Check, Detail, RecommendedAction -Wrap
    throw 'The machines are not ready for a swarm yet.'
}

$nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
Get-Swarm $nodes
