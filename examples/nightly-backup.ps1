# A scheduled backup of a swarm: a runbook, a systemd timer or cron job runs it on any machine that reaches the nodes. It prompts for nothing, and fails where no backup was made.
#   -Inventory    JSON: the parameters of New-SwarmNode, without any secret
#   -PrivateKey   the SSH private key's text, from a vault
#   -Passphrase   the backups' passphrase, from a vault that survives the loss of the swarm
#   -Destination  a folder, or s3://bucket/prefix
#   -Galera       Galera clusters whose databases are backed up too
param(
    [Parameter(Mandatory)] [string] $Inventory,
    [Parameter(Mandatory)] [securestring] $PrivateKey,
    [Parameter(Mandatory)] [securestring] $Passphrase,
    [Parameter(Mandatory)] [string] $Destination,
    [string[]] $Galera,
    [int] $Keep = 14,
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Module

try {
    $nodes = $Inventory | ConvertFrom-Json | New-SwarmNode -PrivateKey $PrivateKey
    # Frozen, not stopped: no container stops at night.
    $databases = if ($Galera) { @{ Galera = $Galera } } else { @{} }
    $backup = $nodes | Backup-Swarm -Destination $Destination -Passphrase $Passphrase -Method Freeze -Keep $Keep -Confirm:$false @databases
}
catch {
    # The job's error stream shows only messages, so the recommended action is added to the message.
    throw [System.InvalidOperationException]::new("$_ $($_.ErrorDetails.RecommendedAction)", $_.Exception)
}

$backup
