# From an account without instances to a swarm in three regions, and back to nothing. It uses the lab's EC2 endpoint (its URL is in the
# output of `lab/lab status --json`), whose instances are hosts of the lab. Without -EndpointUrl the same commands run against AWS.
param(
    [Parameter(Mandatory)] [string] $StatusPath,
    [string] $Module = 'SwarmOps',

    # Keeps the cluster at the end.
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

"`n# Preview: what would be created in an account that has no resources of the cluster`n"
New-SwarmRegionNode @wanted @key @aws -WhatIf | Out-Default

"`n# From an empty account to three managers and an encrypted overlay"
$clock = [System.Diagnostics.Stopwatch]::StartNew()
$overlay = New-SwarmRegionNode @wanted @key @aws | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$overlay | Out-Default
"Done in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

# Out-Default ends each table before the next one starts.
"# The nodes, read from the account's tags alone"
$nodes = Get-SwarmRegionNode -Cluster demo @key @aws
$nodes | Out-Default

"# Their security groups allow each other, and nobody else"
Sync-SwarmFirewall -Cluster demo @aws | Out-Default

"# The swarm"
$nodes | Get-Swarm | Out-Default
$nodes | Get-SwarmNode | Out-Default

"# The same command again: nothing is changed"
$clock.Restart()
$again = New-SwarmRegionNode @wanted @key @aws | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name internal
$again | Out-Default
if ($again.Id -ne $overlay.Id) { throw "The second run returned a different overlay: $($again.Id)." }
"Done in {0:0.0} s.`n" -f $clock.Elapsed.TotalSeconds

if ($Keep) {
    return
}

"# Preview: what would be removed with the cluster`n"
Remove-SwarmRegionNode -Cluster demo @key @aws -WhatIf

"`n# Remove the cluster"
$clock.Restart()
Remove-SwarmRegionNode -Cluster demo @key @aws -Confirm:$false
$left = @(Get-SwarmRegionNode -Cluster * @aws)
"Done in {0:0.0} s; {1} nodes are left in the account." -f $clock.Elapsed.TotalSeconds, $left.Count
