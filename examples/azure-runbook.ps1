# A runbook for Azure Automation (a runtime environment with PowerShell 7.4 or later, with SwarmOps as a package).
# It stores nothing between runs, starts no process and never prompts; the next run completes an interrupted one.
#   -Inventory   JSON, such as the value of an Automation variable: the parameters of New-SwarmNode, without any secret
#   -PrivateKey  the SSH private key's text, as Key Vault returns it: (Get-AzKeyVaultSecret -VaultName ... -Name ...).SecretValue
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
    # The key travels with the node objects through the pipeline; no output contains it.
    $nodes = $Inventory | ConvertFrom-Json | New-SwarmNode -PrivateKey $PrivateKey
    $network = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name $Overlay
    $swarm = Get-Swarm $nodes
}
catch {
    # The job's error stream shows only messages, so the recommended action is added to the message.
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
