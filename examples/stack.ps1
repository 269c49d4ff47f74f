# Publishes a stack from a build: the difference first, then the deployment, which is rolled back if a service does not run.
#   pwsh -NoProfile -NonInteractive -File stack.ps1 -Path fleet.json
# Exit code 0: the swarm has what the file says. 1: failed, and the stack is as it was before. 2: failed, and somebody has to look: a rollback is not complete, or it is not known
# what the swarm has. The error stream says why, and what to do.
param(
    # Nodes from New-SwarmNode: $nodes | ConvertTo-Json | Set-Content fleet.json
    [Parameter(Mandatory)] [string] $Path,
    [string] $ComposeFile = (Join-Path $PSScriptRoot stack compose.yaml),
    [hashtable] $Variable = @{ SHOP_API_KEY = $env:SHOP_API_KEY ?? 'not-a-secret' },
    [string] $Module = 'SwarmOps'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

try {
    Import-Module $Module
    $nodes = Get-Content -Raw $Path | ConvertFrom-Json | New-SwarmNode
    $nodes | Compare-SwarmStack -Path $ComposeFile -Variable $Variable | ForEach-Object { "$_ $($_.Details -join '; ')" }
    $stack = $nodes | Publish-SwarmStack -Path $ComposeFile -Variable $Variable -Prune
}
catch {
    [Console]::Error.WriteLine("$($_.FullyQualifiedErrorId): $_ $($_.ErrorDetails.RecommendedAction)")
    $asBefore = 'StackFileInvalid', 'StackNameMissing', 'StackCheckFailed', 'StackNotDeployed', 'StackRegistriesSeveral', 'RegistryLoginRefused', 'SwarmLockHeld'
    exit ($_.FullyQualifiedErrorId.Split(',')[0] -in $asBefore ? 1 : 2)
}

"$($stack.Name): $($stack.RunningCount) of $($stack.DesiredCount) tasks run."
