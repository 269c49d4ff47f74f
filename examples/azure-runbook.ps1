# A runbook for Azure Automation (a runtime environment with PowerShell 7.4 or later, with SwarmOps as a package).
# It stores nothing between runs, starts no process and never prompts; the next run completes an interrupted one. It outputs what the swarm is, then every finding, the worst first, and
# the job fails when one is as severe as -FailOn, or when the swarm could not be completed: then the findings often say why.
#   -Inventory      JSON, such as the value of an Automation variable: the parameters of New-SwarmNode, without any secret
#   -PrivateKey     the SSH private key's text, as Key Vault returns it: (Get-AzKeyVaultSecret -VaultName ... -Name ...).SecretValue
#   -FailOn         Critical (the default), Warning, which also fails on Critical, Unknown, which fails on all three, or Never
#   -SkipPacketTest sends no packets between the nodes, which saves some seconds
param(
    [Parameter(Mandatory)] [string] $Inventory,
    [Parameter(Mandatory)] [securestring] $PrivateKey,
    [string] $Overlay = 'internal',
    [ValidateSet('Critical', 'Warning', 'Unknown', 'Never')] [string] $FailOn = 'Critical',
    [switch] $SkipPacketTest,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Module

$nodes = $failure = $null
$findings = @()
try {
    # The key travels with the node objects through the pipeline; no output contains it.
    $nodes = $Inventory | ConvertFrom-Json | New-SwarmNode -PrivateKey $PrivateKey
    $network = $nodes | Initialize-Swarm | Join-SwarmAsWorker | Step-SwarmPromotion | New-EncryptedOverlay -Name $Overlay
    $swarm = Get-Swarm $nodes
    [pscustomobject]@{
        Swarm    = $swarm.Id
        Leader   = $swarm.Leader
        Managers = $swarm.ReachableManagerCount
        Nodes    = $swarm.ReadyCount
        Overlay  = $network.Id
    }
}
catch {
    $failure = $_
}

# What came before has failed or not: an outage is a result here, not an error.
if ($nodes) {
    try {
        $findings = @($nodes | Get-SwarmFinding -SkipPacketTest:$SkipPacketTest)
        $findings
    }
    catch {
        $failure ??= $_
    }
}

if ($failure) {
    # The job's error stream shows only messages, so the recommended action is added to the message.
    throw [System.InvalidOperationException]::new("$failure $($failure.ErrorDetails?.RecommendedAction)", $failure.Exception)
}

foreach ($finding in $findings | Where-Object Severity -gt Information) {
    Write-Warning "$finding $($finding.RecommendedAction)"
}
$failing = $FailOn -eq 'Never' ? @() : @($findings | Where-Object Severity -ge $FailOn)
if ($failing) {
    throw "$($findings | Measure-SwarmFinding): $($failing[0].Message) $($failing[0].RecommendedAction)"
}
