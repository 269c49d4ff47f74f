# A runbook for Azure Automation (a runtime environment with PowerShell 7.4 or later, with SwarmOps as a package).
# It keeps nothing between runs, starts no process and asks nothing; a run that was ended half way is finished by the next.
#   -Inventory   JSON, such as the text of an Automation variable: the columns of New-SwarmNode, without any secret
#   -PrivateKey  the SSH key's text, as Key Vault gives it: (Get-AzKeyVaultSecret -VaultName ... -Name ...).SecretValue
param(
    [Parameter(Mandatory)] [string] $Inventory,
    [Parameter(Mandatory)] [securestring] $PrivateKey,
    [string] $Overlay = 'internal',
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Module

try {
    # The key goes with the node objects through the pipeline; no output holds it.
    $nodes = $Inventory | ConvertFrom-Json | New-SwarmNode -PrivateKey $PrivateKey
    $network = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name $Overlay
    $swarm = Get-Swarm $nodes
}
catch {
    # The job's error stream shows messages only: the next step goes into it.
    throw [System.InvalidOperationException]::new("$_ $($_.ErrorDetails.RecommendedAction)", $_.Exception)
}

foreach ($warning in $swarm.Warnings) {
    Write-Warning $warning
}

[pscustomobject]@{
    Swarm    = $swarm.Id
    Leader   = $swarm.Leader
    Managers = $swarm.ReachableManagerCount
    Nodes    = $swarm.ReadyCount
    Overlay  = $network.Id
    Warnings = $swarm.Warnings.Count
}
