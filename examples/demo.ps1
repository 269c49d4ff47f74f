# From an account without instances to a swarm on three continents, and back to nothing. EC2 is that of the lab (the file that
# `lab/lab status --json` writes says where): its instances are hosts of the lab. Without -EndpointUrl the same lines do it on AWS.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps',

    # Leaves the cluster as it is.
    [switch] $Keep
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $Module

$status = Get-Content $StatusPath -Raw | ConvertFrom-Json
$aws = @{ EndpointUrl = $status.ec2EndpointUrl; AccessKey = 'demo'; SecretKey = 'demo' }
$key = @{ KeyFilePath = Join-Path (Split-Path (Resolve-Path $StatusPath)) key }
$wanted = @{
    Cluster      = 'demo'
    Region       = 'eu-central-1', 'us-east-1', 'us-west-1'
    AllowSshFrom = $status.adminAddress
}

"`n# The plan: what would be made in an account that has nothing of the cluster`n"
New-SwarmRegionNode @wanted @key @aws -WhatIf | Out-Default

"`n# From there to three managers and an encrypted overlay"
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$overlay = New-SwarmRegionNode @wanted @key @aws | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$overlay | Out-Default
"Done in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

# Each table is drawn by itself: Out-Default ends one before the next begins.
"# The nodes, rebuilt from the account's tags alone"
$nodes = Get-SwarmRegionNode -Cluster demo @key @aws
$nodes | Out-Default

"# Their security groups are open to each other, and to nobody else"
Sync-SwarmFirewall -Cluster demo @aws | Out-Default

"# The swarm"
$nodes | Get-Swarm | Out-Default
$nodes | Get-SwarmNode | Out-Default

"# The same line again: nothing is changed"
$clock.Restart()
$again = New-SwarmRegionNode @wanted @key @aws | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$again | Out-Default
if ($again.Id -ne $overlay.Id) { throw "It is another overlay: $($again.Id)." }
"Done in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

if ($Keep) {
    return
}

"# What goes when the cluster goes`n"
Remove-SwarmRegionNode -Cluster demo @key @aws -WhatIf

"`n# Back to nothing"
$clock.Restart()
Remove-SwarmRegionNode -Cluster demo @key @aws -Confirm:$false
$left = @(Get-SwarmRegionNode -Cluster * @aws)
"Done in {0:0.0} s; {1} nodes are left in the account." -f $clock.Elapsed.TotalSeconds, $left.Count
